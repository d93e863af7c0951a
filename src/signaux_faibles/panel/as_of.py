"""The point-in-time primitives: every state of the panel is built from these, and from nothing else.

A staged row is a version, alive from `known_month` to before `until_month` (`NEVER` when no later batch withdrew it).
Three shapes cover every source:

- *interval sums*: a row counts from a month to before another; sums are kept as integer deltas, added along the grid;
- *latest state*: of one object (a debt, an establishment), the last operation among those alive; its changes are
  deltas too;
- *best alive*: for one key, the best of its rows alive, whatever was added or withdrawn; a *pointer* then names the
  latest month of data that is alive.

Deltas are brought to the grid by `spans`: the months of each company that the grid holds. What happened before the
first of them counts from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEVER = 99999
"""Month that never comes (year 8333)."""


SIREN_KEY = "CAST(siren AS INTEGER)"
"""Key of a company inside a run: an integer, that joins, sorts and groups faster than its nine digits as text."""


def siren_text(key: str) -> str:
    """SQL of the nine digits of a company from its key inside a run."""
    return f"LPAD(CAST({key} AS VARCHAR), 9, '0')"


@dataclass(frozen=True)
class Step:
    """A table of a bucket: its name and the query that makes it, from tables made before."""

    name: str
    sql: str


def month_of_sql(column: str) -> str:
    """SQL of the month, as an integer, of a date column."""
    return f"(CAST(EXTRACT(YEAR FROM {column}) AS INTEGER) * 12 + CAST(EXTRACT(MONTH FROM {column}) AS INTEGER) - 1)"


def moves(name: str, selects: Sequence[str], columns: Sequence[str], *, is_clipped: bool = True) -> Step:
    """Deltas gathered by company and month.

    Parameters
    ----------
    selects : sequence of str
        Queries that give (siren, t, columns).
    is_clipped : bool
        Brought to the months of the grid; False for what the grid itself is made from.

    Returns
    -------
    Step
        (siren, t, columns), sums of integers.
    """
    sums = ", ".join(f"CAST(SUM({column}) AS BIGINT) AS {column}" for column in columns)
    every = " UNION ALL ".join(selects)
    if not is_clipped:
        return Step(name, f"SELECT siren, t, {sums} FROM ({every}) AS moves GROUP BY siren, t")
    return Step(
        name,
        f"""
        SELECT siren, t, {sums} FROM (
            SELECT m.siren AS siren, GREATEST(m.t, p.first_t) AS t, {", ".join(f"m.{c} AS {c}" for c in columns)}
            FROM ({every}) AS m JOIN spans AS p ON p.siren = m.siren AND m.t <= p.last_t
        ) AS moves GROUP BY siren, t""",
    )


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
    return moves(
        name,
        [
            f"SELECT siren, {begin} AS t, {plus} FROM {source} WHERE ({where}) AND {begin} < {end}",
            f"SELECT siren, {end} AS t, {minus} FROM {source} WHERE ({where}) AND {begin} < {end} AND {end} < {NEVER}",
        ],
        tuple(amounts),
    )


def window_deltas(name: str, source: str, *, amount: str, columns: Mapping[str, int]) -> list[Step]:
    """Deltas of the sums over the last n months of data, t-n to t-1, of the rows alive at t.

    Exact even when a row is late or corrected: the window is one of months of data, not of months of knowledge.

    Parameters
    ----------
    source : str
        Table with siren, month, known_month, until_month.
    amount : str
        Integer SQL expression of a row.
    columns : mapping of str to int
        Column made: n, months.
    """
    summed = Step(
        f"{name}_monthly",
        f"""
        SELECT siren, month, known_month, until_month, CAST(SUM({amount}) AS BIGINT) AS amount
        FROM {source} GROUP BY siren, month, known_month, until_month""",
    )
    begin = "GREATEST(known_month, month + 1)"
    ends = {column: f"LEAST(until_month, month + {months + 1})" for column, months in columns.items()}
    first = ", ".join(f"CASE WHEN {begin} < {end} THEN amount ELSE 0 END AS {column}" for column, end in ends.items())
    selects = [f"SELECT siren, {begin} AS t, {first} FROM {name}_monthly"]
    for column, end in ends.items():
        lost = ", ".join(f"{'-amount' if other == column else 'CAST(0 AS BIGINT)'} AS {other}" for other in columns)
        selects.append(f"SELECT siren, {end} AS t, {lost} FROM {name}_monthly WHERE {begin} < {end}")
    return [summed, moves(name, selects, tuple(columns))]


def latest_state_deltas(
    name: str,
    source: str,
    *,
    entity: Sequence[str],
    latest_first: str,
    values: Mapping[str, str],
    is_clipped: bool = True,
) -> list[Step]:
    """Deltas of the sum, over the objects of a company, of the last operation alive of each object.

    An object none of whose operations is ever withdrawn goes by the short way: an operation counts when it comes
    before every one known so far, and replaces the one that counted. The others are judged again at each change.

    Parameters
    ----------
    entity : sequence of str
        Columns that, with the siren, name the object.
    latest_first : str
        ORDER BY terms over the operations `o`, total, that put the last operation first.
    values : mapping of str to str
        Column made: integer SQL expression of the operation `o`; an object with no operation alive counts for 0.

    Returns
    -------
    list of Step
        The last makes (siren, t, one column per value).
    """
    keys = ["siren", *entity]
    of_object = ", ".join(f"o.{column}" for column in keys)
    plain = ", ".join(keys)
    selected = ", ".join(f"CAST({sql} AS BIGINT) AS {c}" for c, sql in values.items())
    change = ", ".join(
        f"{c} - COALESCE(LAG({c}, 1) OVER (PARTITION BY {plain} ORDER BY t, rank DESC), 0) AS {c}" for c in values
    )
    unsettled = f"SELECT DISTINCT {plain} FROM {source} WHERE until_month < {NEVER}"
    same = _same(keys, "o", "w")
    ranked = f"""
        SELECT {", ".join(f"o.{c} AS {c}" for c in keys)}, o.known_month AS t, {selected},
            ROW_NUMBER() OVER (PARTITION BY {of_object} ORDER BY {latest_first}) AS rank
        FROM {source} AS o WHERE NOT EXISTS (SELECT 1 FROM {name}_withdrawn AS w WHERE {same})"""
    before = (
        f"MIN(rank) OVER (PARTITION BY {plain} ORDER BY t, rank DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    settled = f"""
        SELECT siren, t, {change} FROM (
            SELECT {plain}, t, rank, {", ".join(values)}, {before} AS best FROM {name}_ranked
        ) AS sorted WHERE best IS NULL OR rank < best"""
    moments = f"""
        SELECT DISTINCT {plain}, t FROM (
            SELECT {", ".join(f"o.{c} AS {c}" for c in keys)}, o.known_month AS t, o.until_month AS until_month
            FROM {source} AS o JOIN {name}_withdrawn AS w ON {same}
        ) AS known UNION SELECT {plain}, until_month AS t FROM {source} WHERE until_month < {NEVER}"""
    states = ", ".join(
        f"CASE WHEN o.siren IS NULL THEN 0 ELSE CAST({sql} AS BIGINT) END AS {c}" for c, sql in values.items()
    )
    judged = f"""
        SELECT {", ".join(f"m.{c} AS {c}" for c in keys)}, m.t AS t, {states}, CAST(1 AS BIGINT) AS rank,
            ROW_NUMBER() OVER (PARTITION BY {", ".join(f"m.{c}" for c in keys)}, m.t ORDER BY {latest_first}) AS place
        FROM {name}_moments AS m
        LEFT JOIN {source} AS o ON {_same(keys, "o", "m")} AND o.known_month <= m.t AND o.until_month > m.t"""
    again = f"SELECT siren, t, {change} FROM {name}_judged WHERE place = 1"
    return [
        Step(f"{name}_withdrawn", unsettled),
        Step(f"{name}_ranked", ranked),
        Step(f"{name}_moments", moments),
        Step(f"{name}_judged", judged),
        moves(name, [settled, again], tuple(values), is_clipped=is_clipped),
    ]


def best_alive(
    name: str, source: str, *, columns: Sequence[str], best_first: str, key: Sequence[str] = ("siren",)
) -> list[Step]:
    """For each key and month, the best of its rows alive: exact whatever is added or withdrawn.

    A key that has one row needs no judgment: that row is its answer while it is alive.

    Parameters
    ----------
    columns : sequence of str
        Columns kept.
    best_first : str
        ORDER BY terms over the rows `o`, total, that put the row to keep first.
    key : sequence of str

    Returns
    -------
    list of Step
        The last makes (key, columns, known_month, until_month): for one key, disjoint intervals of months.
    """
    keys, every = ", ".join(key), ", ".join([*key, *columns])
    several = f"SELECT {keys} FROM {source} GROUP BY {keys} HAVING COUNT(*) > 1"
    contested = f"SELECT o.* FROM {source} AS o JOIN {name}_several AS several ON {_same(key, 'o', 'several')}"
    moments = f"""
        SELECT DISTINCT {keys}, t FROM (
            SELECT {keys}, known_month AS t FROM {name}_contested
            UNION ALL
            SELECT {keys}, until_month AS t FROM {name}_contested WHERE until_month < {NEVER}
        ) AS changes"""
    ranked = f"""
        SELECT {", ".join(f"m.{c} AS {c}" for c in key)}, m.t AS t, o.siren AS found,
            {", ".join(f"o.{c} AS {c}" for c in columns)},
            ROW_NUMBER() OVER (PARTITION BY {", ".join(f"m.{c}" for c in key)}, m.t ORDER BY {best_first}) AS rank
        FROM {name}_moments AS m
        LEFT JOIN {name}_contested AS o ON {_same(key, "o", "m")} AND o.known_month <= m.t AND o.until_month > m.t"""
    intervals = f"""
        SELECT {every}, known_month, until_month FROM {source} AS o
        WHERE NOT EXISTS (SELECT 1 FROM {name}_several AS several WHERE {_same(key, "o", "several")})
        UNION ALL
        SELECT {every}, known_month, until_month FROM (
            SELECT {every}, found, t AS known_month,
                COALESCE(LEAD(t, 1) OVER (PARTITION BY {keys} ORDER BY t), {NEVER}) AS until_month
            FROM {name}_ranked WHERE rank = 1
        ) AS cut WHERE found IS NOT NULL"""
    return [
        Step(f"{name}_several", several),
        Step(f"{name}_contested", contested),
        Step(f"{name}_moments", moments),
        Step(f"{name}_ranked", ranked),
        Step(name, intervals),
    ]


JUDGED_MARK = 10**9
"""Added, with the month of knowledge, to a month of data that was judged: the latest judgment is then the highest."""


def pointer(name: str, source: str, *, month: str) -> list[Step]:
    """Latest month of data alive, company by company.

    The running maximum of the months first known is the latest month, as long as none is withdrawn. The companies whose
    latest month once was are judged at each change: their marks grow with the month of knowledge, whatever the month of
    data, so that one running maximum serves all.

    Parameters
    ----------
    source : str
        Table with siren, the column `month`, known_month, until_month, disjoint for one month of data.

    Returns
    -------
    list of Step
        The last makes (siren, t, mark): see `pointer_value` for the running maximum of `mark` along t.
    """
    lost = f"""
        SELECT DISTINCT o.siren AS siren FROM {source} AS o
        WHERE o.until_month < {NEVER} AND NOT EXISTS (
            SELECT 1 FROM {source} AS b WHERE b.siren = o.siren AND b.{month} >= o.{month}
                AND b.known_month <= o.until_month AND b.until_month > o.until_month)"""
    moments = f"""
        SELECT DISTINCT o.siren AS siren, p.first_t AS t FROM {name}_lost AS o JOIN spans AS p ON p.siren = o.siren
        UNION
        SELECT o.siren AS siren, o.t AS t FROM (
            SELECT siren, known_month AS t FROM {source} WHERE siren IN (SELECT siren FROM {name}_lost)
            UNION
            SELECT siren, until_month AS t FROM {source} WHERE siren IN (SELECT siren FROM {name}_lost)
        ) AS o JOIN spans AS p ON p.siren = o.siren
        WHERE o.t > p.first_t AND o.t <= p.last_t"""
    return [
        Step(f"{name}_lost", lost),
        Step(f"{name}_moments", moments),
        Step(
            name,
            f"""
            SELECT o.siren AS siren, GREATEST(o.known_month, p.first_t) AS t, CAST(MAX(o.{month}) AS BIGINT) AS mark
            FROM {source} AS o JOIN spans AS p ON p.siren = o.siren AND o.known_month <= p.last_t
            WHERE NOT EXISTS (SELECT 1 FROM {name}_lost AS l WHERE l.siren = o.siren)
            GROUP BY o.siren, GREATEST(o.known_month, p.first_t)
            UNION ALL
            SELECT m.siren AS siren, m.t AS t,
                {JUDGED_MARK} + CAST(m.t AS BIGINT) * {NEVER + 1} + COALESCE(MAX(o.{month}), 0) AS mark
            FROM {name}_moments AS m
            LEFT JOIN {source} AS o ON o.siren = m.siren AND o.known_month <= m.t AND o.until_month > m.t
            GROUP BY m.siren, m.t""",
        ),
    ]


def pointer_value(mark: str) -> str:
    """SQL of the month of data that the running maximum of the marks of `pointer` names."""
    judged = f"NULLIF(({mark}) % {NEVER + 1}, 0)"
    return f"CAST(CASE WHEN ({mark}) >= {JUDGED_MARK} THEN {judged} ELSE ({mark}) END AS INTEGER)"


def levels(name: str, deltas: str, columns: Sequence[str]) -> Step:
    """Running sums of sparse deltas, written only for the months of the grid at which one of them is not zero.

    Returns
    -------
    Step
        (siren, t, columns).
    """
    running = ", ".join(
        f"CAST(SUM({c}) OVER (PARTITION BY siren ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
        f" AS BIGINT) AS {c}"
        for c in columns
    )
    return Step(
        name,
        f"""
        SELECT l.siren AS siren, m.t AS t, {", ".join(f"l.{c} AS {c}" for c in columns)}
        FROM (
            SELECT d.siren AS siren, d.t AS t, LEAST(COALESCE(d.next_t, {NEVER}), p.last_t + 1) AS stop_t,
                {", ".join(f"d.{c} AS {c}" for c in columns)}
            FROM (
                SELECT siren, t, LEAD(t, 1) OVER (PARTITION BY siren ORDER BY t) AS next_t, {running} FROM {deltas} AS d
            ) AS d JOIN spans AS p ON p.siren = d.siren
            WHERE {" OR ".join(f"d.{c} <> 0" for c in columns)}
        ) AS l JOIN months AS m ON m.t >= l.t AND m.t < l.stop_t""",
    )


def _same(columns: Sequence[str], left: str, right: str) -> str:
    """Condition that two rows have the same key; the siren is never null, other columns may be."""
    return " AND ".join(
        f"{left}.siren = {right}.siren" if c == "siren" else f"{left}.{c} IS NOT DISTINCT FROM {right}.{c}"
        for c in columns
    )
