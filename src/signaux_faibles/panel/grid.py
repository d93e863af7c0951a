"""The grid: the months of every company, the states known at each, and the verdict of the perimeter.

Running sums of dense tables are added along one window, pointers take their running maximum along it, sparse states are
joined: one pass over the grid. Every quantity of a row is what was known at the end of its month; its presence too.
"""

from __future__ import annotations

from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.panel.as_of import NEVER, Step, levels, month_of_sql
from signaux_faibles.panel.states import FAMILIES, Latest, Sums
from signaux_faibles.panel.table import PANEL
from signaux_faibles.perimeter import PerimeterRules, reason_sql

HISTORY_MONTHS = 36
"""Months before a row that its features may look at, and age beyond which a latest month of data is forgotten."""

KEPT_MONTHS = 12
"""A company stays in the panel so long after its last month in perimeter, with the reason why it left."""

ALIVE = "{0}.siren = s.siren AND {0}.known_month <= s.t AND {0}.until_month > s.t"


def spans(first_month: int, last_month: int, *, is_every_month: bool = False, is_bounded: bool = True) -> list[Step]:
    """Months of each company that the grid holds.

    They begin when it first has an active establishment, but no earlier than the history that its first month in
    perimeter may need (table `reached`), and end some time after its last one. Nothing of that depends on the future
    of a row: a row left out would be out of perimeter, and out of the sight of every row that is in.

    Parameters
    ----------
    first_month, last_month : int
        Of the grid.
    is_every_month : bool
        Every month for every company, ever active or not: the verdict on one month is wanted.
    is_bounded : bool
        False when the rows before `first_month` are at hand.
    """
    running = (
        "SUM(etablissements_actifs_count) OVER"
        " (PARTITION BY siren ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    activity = Step(
        "activity",
        f"""
        SELECT siren, MIN(CASE WHEN actifs > 0 THEN t END) AS first_active_month,
            MAX(CASE WHEN actifs > 0 THEN next_t - 1 END) AS last_active_month
        FROM (
            SELECT siren, t, {running} AS actifs,
                COALESCE(LEAD(t, 1) OVER (PARTITION BY siren ORDER BY t), {NEVER}) AS next_t
            FROM d_etablissements
        ) AS counted GROUP BY siren""",
    )
    if is_every_month:
        every = f"""
        SELECT c.siren AS siren, {first_month} AS first_t, {last_month} AS last_t,
            a.first_active_month AS first_active_month
        FROM companies AS c LEFT JOIN activity AS a ON a.siren = c.siren"""
        return [activity, Step("spans", every)]
    needed = f"r.month - {HISTORY_MONTHS - 1}" if is_bounded else f"{first_month}"
    bounded = f"""
        SELECT * FROM (
            SELECT c.siren AS siren, GREATEST({first_month}, a.first_active_month, {needed}) AS first_t,
                LEAST({last_month}, a.last_active_month + {KEPT_MONTHS}) AS last_t,
                a.first_active_month AS first_active_month
            FROM companies AS c JOIN activity AS a ON a.siren = c.siren JOIN reached AS r ON r.siren = c.siren
            WHERE a.first_active_month IS NOT NULL
        ) AS bounded WHERE first_t <= last_t"""
    return [activity, Step("spans", bounded)]


def spine() -> Step:
    """Every month of the span of every company."""
    return Step(
        "spine",
        "SELECT p.siren AS siren, m.t AS t FROM spans AS p JOIN months AS m ON m.t >= p.first_t AND m.t <= p.last_t",
    )


def states(absent: frozenset[str] = frozenset(), *, is_open: bool = False) -> list[Step]:
    """States that are numbers, along the grid.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that were never imported: what they would tell is missing.
    is_open : bool
        Open data alone: the headcount is a band of the legal unit, not a monthly value.
    """
    made, joins, columns = [], [], []
    window = "(PARTITION BY s.siren ORDER BY s.t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    for sums in (sums for family in FAMILIES for sums in family.sums):
        if sums.source in absent:
            columns += [f"CAST(NULL AS BIGINT) AS {name}" for name in sums.columns]
        elif sums.is_sparse:
            made.append(levels(f"x_{sums.table}", sums.table, sums.columns))
            joins.append(f"LEFT JOIN x_{sums.table} ON x_{sums.table}.siren = s.siren AND x_{sums.table}.t = s.t")
            columns += [f"COALESCE(x_{sums.table}.{name}, 0) AS {name}" for name in sums.columns]
        else:
            joins.append(_dense_join(sums))
            columns += [
                f"CAST(SUM(COALESCE({sums.table}.{name}, 0)) OVER {window} AS BIGINT) AS {name}"
                for name in sums.columns
            ]
    for latest in _latest(is_open=is_open):
        d = latest.deltas
        joins.append(f"LEFT JOIN {d} ON {d}.siren = s.siren AND {d}.t = s.t")
        joins.append(f"LEFT JOIN {d}_lost AS lost_{d} ON lost_{d}.siren = s.siren")
        joins.append(f"LEFT JOIN {d}_judged AS judged_{d} ON judged_{d}.siren = s.siren AND judged_{d}.t = s.t")
        running = f"MAX({d}.month) OVER {window}"
        columns.append(f"CASE WHEN lost_{d}.siren IS NULL THEN {running} ELSE judged_{d}.month END AS {latest.pointer}")
    sql = f"SELECT s.siren AS siren, s.t AS t, {', '.join(columns)} FROM spine AS s {' '.join(joins)}"
    return [*made, Step("states", sql)]


def _dense_join(sums: Sums) -> str:
    """Deltas of a table that was made before the grid, brought to it."""
    names = ", ".join(f"CAST(SUM(d.{name}) AS BIGINT) AS {name}" for name in sums.columns)
    clipped = f"""(
        SELECT d.siren AS siren, GREATEST(d.t, p.first_t) AS t, {names}
        FROM {sums.table} AS d JOIN spans AS p ON p.siren = d.siren AND d.t <= p.last_t
        GROUP BY d.siren, GREATEST(d.t, p.first_t))"""
    return f"LEFT JOIN {clipped} AS {sums.table} ON {sums.table}.siren = s.siren AND {sums.table}.t = s.t"


def _latest(*, is_open: bool) -> list[Latest]:
    """Pointers of the grid; a lake of open data has no monthly headcount."""
    every = [latest for family in FAMILIES for latest in family.latest]
    return [latest for latest in every if not (is_open and latest.pointer == "effectif_month")]


def dense(*, is_open: bool = False, is_after_stored: bool = False) -> list[Step]:
    """States joined to the values that their pointers name and to the identity of the time: the columns of the panel.

    The last step makes `dense` (siren, t, every column of the panel but the verdict, and what the verdict reads); rows
    of an earlier build (table `stored`) come before the new ones, with the verdict that they were given.
    """
    taken, joins = ["s.siren AS siren", "s.t AS t"], []
    for sums in (sums for family in FAMILIES for sums in family.sums):
        taken += [f"s.{name} AS {name}" for name in sums.columns]
    for rank, latest in enumerate(_latest(is_open=is_open)):
        fresh = f"s.t - s.{latest.pointer} <= {latest.max_age_months}"
        taken.append(
            f"CASE WHEN s.t - s.{latest.pointer} <= {HISTORY_MONTHS} THEN s.{latest.pointer} END AS {latest.pointer}"
        )
        parts = {"": (0, latest.columns), **latest.earlier}
        for part, (prefix, (months, columns)) in enumerate(parts.items()):
            alias = f"l{rank}_{part}"
            joins.append(
                f"LEFT JOIN {latest.table} AS {alias} ON {ALIVE.format(alias)}"
                f" AND {alias}.{latest.month} = s.{latest.pointer} - {months} AND {fresh}"
            )
            taken += [f"{alias}.{name} AS {prefix}{name}" for name in columns]
    headcount = ["effectif_count AS effectif_mensuel_count"]
    if is_open:
        headcount = _band_of_headcount()
    joins += [
        f"LEFT JOIN s_unite AS u ON {ALIVE.format('u')}",
        f"LEFT JOIN s_siege AS h ON {ALIVE.format('h')}",
        "LEFT JOIN requested AS q ON q.siren = s.siren",
        "LEFT JOIN procol_known AS k ON k.siren = s.siren AND k.t = s.t",
        "JOIN spans AS p ON p.siren = s.siren",
    ]
    taken += [
        "p.first_active_month AS first_active_month",
        "u.categorie_juridique AS categorie_juridique",
        "u.code_naf AS code_naf",
        f"{month_of_sql('u.date_creation')} AS creation_month",
        "u.tranche_effectif AS tranche_effectif",
        "u.annee_effectif AS annee_effectif",
        "h.departement AS departement",
        "u.siren IS NOT NULL AND h.siren IS NOT NULL AS is_known_sirene",
        "q.siren IS NOT NULL AS is_requested",
        "COALESCE(k.etat_procol_code, 0) AS etat_procol_code",
    ]
    sql = f"SELECT {', '.join(taken)} FROM states AS s {' '.join(joins)}"
    names = ", ".join(_cast(name) for name in DENSE_COLUMNS)
    made = f"SELECT {names} FROM (SELECT *, {', '.join(headcount)} FROM ({sql}) AS known) AS typed"
    if not is_after_stored:
        return [Step("dense", made)]
    fresh = f"SELECT {', '.join(DENSE_COLUMNS)}, CAST(NULL AS VARCHAR) AS stored_exclusion FROM ({made}) AS made"
    old = ", ".join(
        {"t": "month AS t"}.get(name, f"FALSE AS {name}" if name in JUDGED_ON else name) for name in DENSE_COLUMNS
    )
    return [Step("dense", f"SELECT {old}, exclusion AS stored_exclusion FROM stored UNION ALL {fresh}")]


JUDGED_COLUMNS = ("etablissements_actifs_count", "categorie_juridique", "code_naf", "departement")
JUDGED_ON = ("is_known_sirene", "is_requested")
"""What the verdict reads: columns of the panel, and others."""

DENSE_COLUMNS = ("siren", "t", *(c for c in PANEL.names if c not in ("siren", "month", "exclusion")), *JUDGED_ON)

_KINDS = {column.name: column.kind.value for column in PANEL.columns} | {"t": "INTEGER"}


def _cast(name: str) -> str:
    return name if name in JUDGED_ON else f"CAST({name} AS {_KINDS[name]}) AS {name}"


def _band_of_headcount() -> list[str]:
    """A band gives its smallest headcount, as of the end of its year; a month before that end does not say its age."""
    bands = " ".join(f"WHEN '{code}' THEN {low}" for code, low in LOWER_BOUNDS.items())
    year_end = "annee_effectif * 12 + 11"
    return [
        f"CASE tranche_effectif {bands} END AS effectif_count",
        "CAST(NULL AS INTEGER) AS effectif_mensuel_count",
        f"CASE WHEN {year_end} <= t THEN {year_end} END AS effectif_month",
    ]


def judged_sql(rules: PerimeterRules, *, is_filtered: bool = False, stored_until: int | None = None) -> str:
    """Query of `dense` with `effectif_max_count` and `exclusion`; see `verdict`."""
    reach = f"(PARTITION BY siren ORDER BY t ROWS BETWEEN {rules.window_months - 1} PRECEDING AND CURRENT ROW)"
    reason = reason_sql(rules, is_filtered=is_filtered)
    read = [*JUDGED_COLUMNS, *JUDGED_ON]
    if stored_until is not None:
        reason = f"CASE WHEN t <= {stored_until} THEN stored_exclusion ELSE {reason} END"
        read.append("stored_exclusion")
    names = ", ".join(["siren", "t", *read])
    return f"""
        SELECT *, {reason} AS exclusion
        FROM (SELECT {names}, MAX(effectif_count) OVER {reach} AS effectif_max_count FROM dense) AS reached"""


def verdict(rules: PerimeterRules, *, is_filtered: bool = False, stored_until: int | None = None) -> Step:
    """Verdict of the perimeter on every row of `dense`, and whether the row belongs to the panel.

    Parameters
    ----------
    stored_until : int, optional
        Last month whose verdict was given by an earlier build (column `stored_exclusion`): it stands.
    """
    kept = f"(PARTITION BY siren ORDER BY t ROWS BETWEEN {KEPT_MONTHS - 1} PRECEDING AND CURRENT ROW)"
    judged = judged_sql(rules, is_filtered=is_filtered, stored_until=stored_until)
    return Step(
        "verdict",
        f"""
        SELECT siren, t, exclusion, MAX(CASE WHEN exclusion IS NULL THEN 1 ELSE 0 END) OVER {kept} > 0 AS is_kept
        FROM ({judged}) AS judged""",
    )


def panel_rows() -> Step:
    """Every row of the grid as the panel writes it (`month`, `exclusion`), and `is_kept`: a view, made by its readers."""
    names = ", ".join(f"d.{name} AS {name}" for name in DENSE_COLUMNS if name not in ("t", *JUDGED_ON))
    return Step(
        "panel_rows",
        f"SELECT {names}, d.t AS month, v.exclusion AS exclusion, v.is_kept AS is_kept"
        " FROM dense AS d JOIN verdict AS v ON v.siren = d.siren AND v.t = d.t",
    )


def panel_sql(condition: str) -> str:
    """Query of the rows of the grid that satisfy a condition, as the panel writes them, sorted."""
    return f"SELECT {', '.join(PANEL.names)} FROM panel_rows WHERE {condition} ORDER BY siren, month"


def reached_sql(known: str, *, effectif_min_count: int, is_open: bool) -> str:
    """Query (siren, month): first month at which the size of each company was known to be that of the perimeter.

    Parameters
    ----------
    known : str
        SQL of the versions of the source that tells the size: monthly headcounts, or legal units and their bands.
    """
    reached = f"effectif_count >= {effectif_min_count}"
    if is_open:
        codes = ", ".join(f"'{code}'" for code, low in LOWER_BOUNDS.items() if low >= effectif_min_count)
        reached = f"tranche_effectif IN ({codes})"
    return f"SELECT siren, CAST(MIN(known_month) AS INTEGER) AS month FROM {known} WHERE {reached} GROUP BY siren"


def bucket_steps(
    absent: frozenset[str],
    *,
    is_open: bool,
    first_month: int,
    last_month: int,
    since: int | None = None,
    is_every_month: bool = False,
) -> list[Step]:
    """Queries of a bucket up to `dense`, in order.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that no batch brought.
    is_open : bool
        Open data alone.
    first_month, last_month : int
        Of the grid.
    since : int, optional
        The rows before it are in the table `stored`: only those from it on are made.
    is_every_month : bool
        Of the months asked for, leave none out (see `spans`).
    """
    by_name = {family.name: list(family.steps(absent)) for family in FAMILIES}
    start = first_month if since is None else since
    return [
        *by_name.pop("sirene"),
        *spans(start, last_month, is_every_month=is_every_month, is_bounded=since is None),
        spine(),
        *(step for steps in by_name.values() for step in steps),
        *states(absent, is_open=is_open),
        *dense(is_open=is_open, is_after_stored=since is not None),
    ]
