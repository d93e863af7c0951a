"""The grid: the months of every company, the states known at each, and the verdict of the perimeter.

Running sums of dense tables are added along one window, pointers take their running maximum along it, sparse states are
joined: one pass over the grid. Every quantity of a row is what was known at the end of its month; its presence too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
from signaux_faibles.panel.as_of import NEVER, SIREN_KEY, Step, levels, month_of_sql, pointer_value, siren_text
from signaux_faibles.panel.states import FAMILIES, Latest, Lookup, Sums
from signaux_faibles.panel.states.sirene import SIRENE
from signaux_faibles.panel.table import PANEL
from signaux_faibles.perimeter import HEADCOUNT_REASON, PerimeterRules, headcount_condition, reason_sql

HISTORY_MONTHS = 36
"""Rows that the features of the last of them may look at, and age beyond which a latest month of data is forgotten."""

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


FACTS = (
    "effectif_count",
    "effectif_mensuel_count",
    "first_active_month",
    "categorie_juridique",
    "code_naf",
    "creation_month",
    "departement",
)
"""Columns of the panel that the step `facts` makes."""

ALWAYS = frozenset({"siren", "month", "exclusion", "effectif_count", "effectif_month", "etat_procol_code"})
"""Columns of the panel that are made whoever reads them."""


@dataclass(frozen=True)
class Scope:
    """What a run can and wants to tell.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that were never imported: what they would tell is missing.
    is_open : bool
        Open data alone: the headcount is a band of the legal unit, not a monthly value.
    is_filtered : bool
        A filter was deposited: it replaces the rule of headcount.
    wanted : frozenset of str, optional
        Columns of the panel that someone reads: the others are not made. Without it, all are.
    """

    absent: frozenset[str] = frozenset()
    is_open: bool = False
    is_filtered: bool = False
    wanted: frozenset[str] | None = None

    def sums(self, *, is_sparse: bool) -> list[Sums]:
        """Running sums that can be told and are wanted; those of the register always are."""
        return [
            sums
            for family in FAMILIES
            for sums in family.sums
            if sums.is_sparse is is_sparse
            and sums.source not in self.absent
            and (family is SIRENE or self._wants(sums.columns))
        ]

    def latest(self) -> list[Latest]:
        """Pointers that can be told and are wanted."""
        return [
            latest
            for family in FAMILIES
            for latest in family.latest
            if (latest.is_narrow and not self.is_open)
            or (not latest.is_narrow and self._wants((latest.pointer, *latest.columns, *latest.earlier_columns)))
        ]

    def lookups(self) -> list[Lookup]:
        """Lookups that are wanted."""
        return [lookup for family in FAMILIES for lookup in family.lookups if self._wants(tuple(lookup.columns))]

    @property
    def made(self) -> frozenset[str]:
        """Columns of the panel that are made."""
        every = frozenset(PANEL.names)
        return every if self.wanted is None else every & (self.wanted | ALWAYS)

    @property
    def made_names(self) -> list[str]:
        """Those columns, in the order of the panel: its siren first."""
        return [name for name in PANEL.names if name in self.made]

    def _wants(self, columns: Sequence[str]) -> bool:
        return self.wanted is None or not self.wanted.isdisjoint(columns)


def running(scope: Scope) -> Step:
    """Running sums of the dense deltas and latest months of data, along the grid."""
    joins, columns = [], []
    window = "(PARTITION BY s.siren ORDER BY s.t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    for sums in scope.sums(is_sparse=False):
        joins.append(_dense_join(sums))
        columns += [
            f"CAST(SUM(COALESCE({sums.table}.{name}, 0)) OVER {window} AS BIGINT) AS {name}" for name in sums.columns
        ]
    for latest in scope.latest():
        joins.append(f"LEFT JOIN {latest.deltas} AS {latest.deltas} ON {_at(latest.deltas)}")
        columns.append(f"{pointer_value(f'MAX({latest.deltas}.mark) OVER {window}')} AS {latest.pointer}")
    return Step("running", f"SELECT s.siren AS siren, s.t AS t, {', '.join(columns)} FROM spine AS s {' '.join(joins)}")


def _at(alias: str) -> str:
    return f"{alias}.siren = s.siren AND {alias}.t = s.t"


def _dense_join(sums: Sums) -> str:
    """Deltas of a table that was made before the grid, brought to it."""
    names = ", ".join(f"CAST(SUM(d.{name}) AS BIGINT) AS {name}" for name in sums.columns)
    clipped = f"""(
        SELECT d.siren AS siren, GREATEST(d.t, p.first_t) AS t, {names}
        FROM {sums.table} AS d JOIN spans AS p ON p.siren = d.siren AND d.t <= p.last_t
        GROUP BY d.siren, GREATEST(d.t, p.first_t))"""
    return f"LEFT JOIN {clipped} AS {sums.table} ON {_at(sums.table)}"


def sparse(scope: Scope) -> Step:
    """States that are zero for most companies, at the months at which one of them is not."""
    present = scope.sums(is_sparse=True)
    names = [name for sums in present for name in sums.columns]
    if not present:
        return Step("sparse", "SELECT siren, t FROM spine WHERE 1 = 0")
    every = " UNION ALL ".join(
        f"SELECT siren, t, {', '.join(n if n in sums.columns else f'CAST(0 AS BIGINT) AS {n}' for n in names)}"
        f" FROM {sums.table}"
        for sums in present
    )
    total = ", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in names)
    return levels("sparse", f"(SELECT siren, t, {total} FROM ({every}) AS e GROUP BY siren, t)", names)


def facts(rules: PerimeterRules, scope: Scope, *, is_every_month: bool = False) -> Step:
    """What the perimeter looks at, beside the running states: headcount, identity, and why a row is out of it.

    `other_exclusion` is the first reason to be out that is not the headcount reached over a window.

    Parameters
    ----------
    is_every_month : bool
        The grid has months before the first activity (see `spans`): a headcount of that time does not count.
    """
    headcount = _headcount(is_open=scope.is_open)
    if is_every_month:
        before = "s.t < p.first_active_month"
        headcount["effectif_count"] = f"CASE WHEN {before} THEN NULL ELSE {headcount['effectif_count']} END"
    joins = [
        f"LEFT JOIN s_unite AS u ON {ALIVE.format('u')}",
        f"LEFT JOIN s_siege AS h ON {ALIVE.format('h')}",
        "LEFT JOIN requested AS q ON q.siren = s.siren",
        "JOIN spans AS p ON p.siren = s.siren",
    ]
    joins += [_value_join("e", latest, 0) for latest in scope.latest() if latest.is_narrow]
    known = f"""
        SELECT s.*, {", ".join(f"{sql} AS {name}" for name, sql in headcount.items())},
            p.first_active_month AS first_active_month, u.categorie_juridique AS categorie_juridique,
            u.code_naf AS code_naf, {month_of_sql("u.date_creation")} AS creation_month,
            h.departement AS departement, u.siren IS NOT NULL AND h.siren IS NOT NULL AS is_known_sirene,
            q.siren IS NOT NULL AS is_requested
        FROM running AS s {" ".join(joins)}"""
    other = reason_sql(rules, is_filtered=scope.is_filtered, is_headcount_judged=False)
    return Step("facts", f"SELECT *, {other} AS other_exclusion FROM ({known}) AS known")


def _value_join(alias: str, latest: Latest, months_before: int) -> str:
    """Join to the values of the latest month of data of a row `s`, or of a month before it."""
    back = f" - {months_before}" if months_before else ""
    return (
        f"LEFT JOIN {latest.table} AS {alias} ON {ALIVE.format(alias)}"
        f" AND {alias}.{latest.month} = s.{latest.pointer}{back}"
        f" AND s.t - s.{latest.pointer} <= {latest.max_age_months}"
    )


def _headcount(*, is_open: bool) -> dict[str, str]:
    """Columns of the headcount. A band gives its smallest headcount, as of the end of its year.

    A month before that end does not say how old the band is.
    """
    if not is_open:
        value = "CAST(e.effectif_count AS INTEGER)"
        return {"effectif_count": value, "effectif_mensuel_count": value}
    bands = " ".join(f"WHEN '{code}' THEN {low}" for code, low in LOWER_BOUNDS.items())
    year_end = "u.annee_effectif * 12 + 11"
    return {
        "effectif_count": f"CAST(CASE u.tranche_effectif {bands} END AS INTEGER)",
        "effectif_mensuel_count": "CAST(NULL AS INTEGER)",
        "effectif_month": f"CAST(CASE WHEN {year_end} <= s.t THEN {year_end} END AS INTEGER)",
    }


def verdict(rules: PerimeterRules, scope: Scope, *, is_after_stored: bool = False) -> Step:
    """Verdict of the perimeter on every row, and whether the row belongs to the panel.

    Parameters
    ----------
    is_after_stored : bool
        Rows of an earlier build (table `stored`) come before: the verdict that they were given stands.
    """
    reach = f"(PARTITION BY siren ORDER BY t ROWS BETWEEN {rules.window_months - 1} PRECEDING AND CURRENT ROW)"
    kept = f"(PARTITION BY siren ORDER BY t ROWS BETWEEN {KEPT_MONTHS - 1} PRECEDING AND CURRENT ROW)"
    judged = "SELECT siren, t, effectif_count, other_exclusion, TRUE AS is_new FROM facts"
    if is_after_stored:
        told = f"{SIREN_KEY} AS siren, month AS t, effectif_count, exclusion AS other_exclusion, FALSE AS is_new"
        judged += f" UNION ALL SELECT {told} FROM stored"
    late = "" if scope.is_filtered else f"WHEN is_new AND {headcount_condition(rules)} THEN '{HEADCOUNT_REASON}'"
    exclusion = f"CASE WHEN other_exclusion IS NOT NULL THEN other_exclusion {late} END"
    return Step(
        "verdict",
        f"""
        SELECT siren, t, effectif_max_count, exclusion,
            MAX(CASE WHEN exclusion IS NULL THEN 1 ELSE 0 END) OVER {kept} > 0 AS is_kept
        FROM (
            SELECT siren, t, effectif_max_count, {exclusion} AS exclusion
            FROM (SELECT *, MAX(effectif_count) OVER {reach} AS effectif_max_count FROM ({judged}) AS judged) AS reached
        ) AS told""",
    )


def panel_rows(scope: Scope, *, is_after_stored: bool = False) -> Step:
    """Every row of the grid as the panel has it, and `is_kept`: the panel keeps some, features look at all.

    The company is still named by its key inside a run.
    """
    taken = {"month": "s.t", "exclusion": "v.exclusion"}
    taken |= {name: f"s.{name}" for name in FACTS}
    joins = [f"JOIN verdict AS v ON {_at('v')}", f"LEFT JOIN sparse AS x ON {_at('x')}"]
    taken |= {name: f"s.{name}" for sums in scope.sums(is_sparse=False) for name in sums.columns}
    taken |= {name: f"COALESCE(x.{name}, 0)" for sums in scope.sums(is_sparse=True) for name in sums.columns}
    if scope.is_open:
        taken["effectif_month"] = "s.effectif_month"
    for rank, latest in enumerate(scope.latest()):
        pointer = f"s.{latest.pointer}"
        taken[latest.pointer] = f"CASE WHEN s.t - {pointer} <= {HISTORY_MONTHS} THEN {pointer} END"
        parts = {} if latest.is_narrow else {"": (0, latest.columns)}
        for part, (prefix, (months, columns)) in enumerate({**parts, **latest.earlier}.items()):
            joins.append(_value_join(f"l{rank}_{part}", latest, months))
            taken |= {f"{prefix}{name}": f"l{rank}_{part}.{name}" for name in columns}
    joins.append(f"LEFT JOIN procol_known AS k ON {_at('k')}")
    taken["etat_procol_code"] = "COALESCE(k.etat_procol_code, 0)"
    for rank, lookup in enumerate(scope.lookups()):
        joins.append(f"LEFT JOIN {lookup.table} AS c{rank} ON c{rank}.code = {lookup.code} AND c{rank}.t = s.t")
        taken |= {name: f"c{rank}.{column}" for name, column in lookup.columns.items()}
    made = [column for column in PANEL.columns if column.name in scope.made - {"siren"}]
    selected = ", ".join(f"CAST({taken.get(c.name, 'NULL')} AS {c.kind.value}) AS {c.name}" for c in made)
    sql = f"SELECT s.siren AS siren, {selected}, v.is_kept AS is_kept FROM facts AS s {' '.join(joins)}"
    if is_after_stored:
        stored = f"{SIREN_KEY} AS siren, {', '.join(c.name for c in made)}"
        sql = f"SELECT {stored}, FALSE AS is_kept FROM stored UNION ALL {sql}"
    return Step("panel_rows", sql)


def panel_sql(scope: Scope, condition: str) -> str:
    """Query of the rows of the grid that satisfy a condition, as the panel writes them: columns made only."""
    return f"SELECT {siren_text('siren')} AS {', '.join(scope.made_names)} FROM panel_rows WHERE {condition}"


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
    first = f"SELECT siren, CAST(MIN(known_month) AS INTEGER) AS month FROM {known} WHERE {reached} GROUP BY siren"
    return f"SELECT {SIREN_KEY} AS siren, month FROM ({first}) AS first"


def bucket_steps(
    rules: PerimeterRules,
    scope: Scope,
    *,
    first_month: int,
    last_month: int,
    since: int | None = None,
    is_every_month: bool = False,
) -> list[Step]:
    """Queries of a bucket up to `panel_rows`, in order, without those that nothing wanted reads.

    Parameters
    ----------
    first_month, last_month : int
        Of the grid.
    since : int, optional
        The rows before it are in the table `stored`: only those from it on are made.
    is_every_month : bool
        Of the months asked for, leave none out (see `spans`).
    """
    by_name = {family.name: list(family.steps(scope.absent)) for family in FAMILIES}
    is_after_stored = since is not None
    start = first_month if since is None else since
    every = [
        *by_name.pop(SIRENE.name),
        *spans(start, last_month, is_every_month=is_every_month, is_bounded=not is_after_stored),
        spine(),
        *(step for steps in by_name.values() for step in steps),
        running(scope),
        facts(rules, scope),
        verdict(rules, scope, is_after_stored=is_after_stored),
        sparse(scope),
        panel_rows(scope, is_after_stored=is_after_stored),
    ]
    return needed_steps(every, last="panel_rows")


def needed_steps(steps: Sequence[Step], *, last: str) -> list[Step]:
    """Steps that the last one reads, directly or not, in order."""
    kept: list[Step] = []
    read = {last}
    for step in reversed(steps):
        if step.name in read:
            kept.append(step)
            read |= set(WORD.findall(step.sql))
    return kept[::-1]


WORD = re.compile(r"[a-z_][a-z0-9_]*")


def read_tables(steps: Sequence[Step]) -> set[str]:
    """Words of the queries: the tables that they read are among them."""
    return {word for step in steps for word in WORD.findall(step.sql)}
