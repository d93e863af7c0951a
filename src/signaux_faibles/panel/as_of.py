"""The point-in-time primitives: every state of the panel is built from these, and from nothing else.

A staged row is a version, alive from `known_month` to before `until_month` (`NEVER` when no later batch withdrew it).
Three shapes cover every source:

- *interval sums*: a row counts from a month to before another; sums are kept as integer deltas, added along the grid;
- *latest state*: of one object (a debt, an establishment), the last operation among those alive; its changes are
  deltas too;
- *supersession*: for one key, each version holds until the next is known; at most one row answers for a month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEVER = 99999
"""Month that never comes (year 8333)."""


@dataclass(frozen=True)
class Step:
    """A table of a bucket: its name and the query that makes it, from tables made before."""

    name: str
    sql: str


def month_of_sql(column: str) -> str:
    """SQL of the month, as an integer, of a date column."""
    return f"(CAST(EXTRACT(YEAR FROM {column}) AS INTEGER) * 12 + CAST(EXTRACT(MONTH FROM {column}) AS INTEGER) - 1)"


def interval_deltas(
    name: str, source: str, *, start: str, stop: str, amounts: Mapping[str, str], where: str = "TRUE"
) -> Step:
    """Deltas of sums in which a row counts for `start <= t < stop`, and only while it is alive.

    Parameters
    ----------
    name, source : str
        Table made, table read (with siren, known_month, until_month).
    start, stop : str
        SQL expressions of months: when the row begins and ceases to count.
    amounts : mapping of str to str
        Column made: integer SQL expression.
    where : str
        Rows that count.

    Returns
    -------
    Step
        (siren, t, one column per amount); their running sums along t are the sums as known at t.
    """
    begin, end = f"GREATEST(known_month, {start})", f"LEAST(until_month, {stop})"
    plus = ", ".join(f"CAST({sql} AS BIGINT) AS {column}" for column, sql in amounts.items())
    minus = ", ".join(f"-CAST({sql} AS BIGINT) AS {column}" for column, sql in amounts.items())
    sums = ", ".join(f"CAST(SUM({column}) AS BIGINT) AS {column}" for column in amounts)
    return Step(
        name,
        f"""
        SELECT siren, t, {sums} FROM (
            SELECT siren, {begin} AS t, {plus} FROM {source} WHERE ({where}) AND {begin} < {end}
            UNION ALL
            SELECT siren, {end} AS t, {minus} FROM {source} WHERE ({where}) AND {begin} < {end} AND {end} < {NEVER}
        ) AS moves GROUP BY siren, t""",
    )


def latest_state_deltas(
    name: str, source: str, *, entity: Sequence[str], latest_first: str, values: Mapping[str, str]
) -> list[Step]:
    """Deltas of the sum, over the objects of a company, of the last operation alive of each object.

    Parameters
    ----------
    entity : sequence of str
        Columns that, with the siren, name the object.
    latest_first : str
        ORDER BY terms, total, that put the last operation first.
    values : mapping of str to str
        Column made: integer SQL expression of the operation; an object with no operation alive counts for 0.

    Returns
    -------
    list of Step
        The last makes (siren, t, one column per value).
    """
    keys = ", ".join(["siren", *entity])
    on = " AND ".join(f"o.{column} IS NOT DISTINCT FROM m.{column}" for column in entity)
    selected = ", ".join(
        f"CAST(CASE WHEN o.siren IS NULL THEN 0 ELSE {sql} END AS BIGINT) AS {c}" for c, sql in values.items()
    )
    previous = ", ".join(f"{c} - COALESCE(LAG({c}, 1) OVER (PARTITION BY {keys} ORDER BY t), 0) AS {c}" for c in values)
    sums = ", ".join(f"CAST(SUM({column}) AS BIGINT) AS {column}" for column in values)
    moments = f"""
        SELECT DISTINCT {keys}, t FROM (
            SELECT {keys}, known_month AS t FROM {source}
            UNION ALL
            SELECT {keys}, until_month AS t FROM {source} WHERE until_month < {NEVER}
        ) AS changes"""
    ranked = f"""
        SELECT {", ".join(f"m.{column} AS {column}" for column in ["siren", *entity])}, m.t AS t, {selected},
            ROW_NUMBER() OVER (
                PARTITION BY {", ".join(f"m.{column}" for column in ["siren", *entity])}, m.t ORDER BY {latest_first}
            ) AS rank
        FROM {name}_moments AS m
        LEFT JOIN {source} AS o
            ON o.siren = m.siren AND {on} AND o.known_month <= m.t AND o.until_month > m.t"""
    deltas = f"""
        SELECT siren, t, {sums} FROM (
            SELECT siren, t, {previous} FROM {name}_ranked WHERE rank = 1
        ) AS moves GROUP BY siren, t"""
    return [Step(f"{name}_moments", moments), Step(f"{name}_ranked", ranked), Step(name, deltas)]


def superseded(name: str, source: str, *, key: Sequence[str], columns: Sequence[str], first: str) -> Step:
    """Versions of a key made disjoint: each holds until the next is known, or until it is withdrawn.

    Parameters
    ----------
    key : sequence of str
    columns : sequence of str
        Columns kept beside the key.
    first : str
        ORDER BY terms, total, that choose one row among those known the same month. The choice may not look at
        `until_month`, which is of the future; a row not chosen never comes back.

    Returns
    -------
    Step
        (key, columns, known_month, until_month), at most one row per key for any month.
    """
    keys, kept = ", ".join(key), ", ".join([*key, *columns])
    return Step(
        name,
        f"""
        SELECT {kept}, known_month,
            LEAST(until_month, COALESCE(LEAD(known_month, 1) OVER (PARTITION BY {keys} ORDER BY known_month), {NEVER}))
                AS until_month
        FROM (
            SELECT {kept}, known_month, until_month,
                ROW_NUMBER() OVER (PARTITION BY {keys}, known_month ORDER BY {first}) AS rank
            FROM {source}
        ) AS versions WHERE rank = 1""",
    )


def best_alive(name: str, source: str, *, columns: Sequence[str], best_first: str) -> list[Step]:
    """For each company and month, the best of its rows alive: exact whatever is added or withdrawn, for small sources.

    Parameters
    ----------
    columns : sequence of str
        Columns kept.
    best_first : str
        ORDER BY terms over the rows `o`, total, that put the row to keep first.

    Returns
    -------
    list of Step
        The last makes (siren, columns, known_month, until_month): disjoint intervals of months.
    """
    moments = f"""
        SELECT DISTINCT siren, t FROM (
            SELECT siren, known_month AS t FROM {source}
            UNION ALL
            SELECT siren, until_month AS t FROM {source} WHERE until_month < {NEVER}
        ) AS changes"""
    kept = ", ".join(f"o.{column} AS {column}" for column in columns)
    ranked = f"""
        SELECT m.siren AS siren, m.t AS t, o.siren AS found, {kept},
            ROW_NUMBER() OVER (PARTITION BY m.siren, m.t ORDER BY {best_first}) AS rank
        FROM {name}_moments AS m
        LEFT JOIN {source} AS o ON o.siren = m.siren AND o.known_month <= m.t AND o.until_month > m.t"""
    intervals = f"""
        SELECT siren, {", ".join(columns)}, known_month, until_month FROM (
            SELECT siren, found, {", ".join(columns)}, t AS known_month,
                COALESCE(LEAD(t, 1) OVER (PARTITION BY siren ORDER BY t), {NEVER}) AS until_month
            FROM {name}_ranked WHERE rank = 1
        ) AS cut WHERE found IS NOT NULL"""
    return [Step(f"{name}_moments", moments), Step(f"{name}_ranked", ranked), Step(name, intervals)]


def first_known(name: str, source: str, *, pointer: str, month: str) -> Step:
    """For each siren and month of knowledge, the latest month of data first known then.

    The running maximum of `pointer` along the grid is the latest month of data known at t.
    """
    return Step(
        name, f"SELECT siren, known_month AS t, MAX({month}) AS {pointer} FROM {source} GROUP BY siren, known_month"
    )
