"""What a panel rests on: how recent each source is, and of how many companies it tells something. Counts only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.manifest import read_manifest
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake
from signaux_faibles.panel.states import FAMILIES, SOURCES, Latest
from signaux_faibles.panel.store import made_columns, states_sql
from signaux_faibles.sources import SOURCES as DECLARED

TELLS = {
    "sirene": "departement IS NOT NULL",
    "sirene_ul": "categorie_juridique IS NOT NULL",
    "sirene_histo": "etablissements_actifs_count > 0",
    "procol": "etat_procol_code > 0",
    "bodacc": "etat_procol_code > 0",
}
"""Condition that a source tells something of a company, when it is neither a latest value nor a sum. The two sources
of proceedings answer together: the panel keeps the earlier of what they tell."""


@dataclass(frozen=True)
class SourceVintage:
    """Freshness of a source at a month, among the companies in perimeter.

    Parameters
    ----------
    source, label : str
    last_batch, last_month : str or None
        Last batch delivered, last month that it informs, `YYYY-MM`.
    late_months : int or None
        Months between that month and the one of the panel.
    told_share : float or None
        Share of the companies of which it tells something: a value, a debt, a plan. None when it was never delivered,
        or when the panel was made for features that do not read it.
    median_months, p90_months : int or None
        Age of the latest value known, at its median and at its ninetieth percentile; None without dated values.
    limit_months : int or None
        Age beyond which a value counts as unknown.
    over_limit_share : float or None
        Share of the companies whose latest value is older, but not forgotten (see `grid.HISTORY_MONTHS`).
    """

    source: str
    label: str
    last_batch: str | None
    last_month: str | None
    late_months: int | None
    told_share: float | None
    median_months: int | None = None
    p90_months: int | None = None
    limit_months: int | None = None
    over_limit_share: float | None = None


@dataclass(frozen=True)
class MonthVintage:
    """Companies in perimeter at a month, and the share of them of which each source told something then.

    A source that the features of the panel do not read is not there.
    """

    month: str
    companies_count: int
    told_shares: dict[str, float]


def source_vintages(lake: Lake, as_of: int) -> list[SourceVintage]:
    """Vintage of every source of a panel, at its month.

    Raises
    ------
    StageError
        If the panel was not built, or nobody is in perimeter.
    """
    tells = _conditions(lake, as_of)
    rows = f"(SELECT * FROM {states_sql(lake, as_of, first=as_of)} AS states WHERE month = {as_of})"
    with Engine(lake.scratch / "vintage") as engine:
        found = _told(engine, rows, tells.values())
        ages = {latest.pointer: _ages(engine, rows, latest) for latest in _latest().values()}
    if not found:
        where, todo = "", "Check the batches imported."
        if lake.territory:
            where, todo = f" of {lake.territory.libelle}", "Ask for a larger territory, or for the nation."
        raise StageError(f"No company{where} is in perimeter in {format_month(as_of)}.", todo=todo)
    ((_, count, *told),) = found
    shares = {source: number / count for source, number in zip(tells, told, strict=True)}
    return [_vintage(lake, as_of, source, shares.get(source), ages, count) for source in SOURCES]


def month_vintages(lake: Lake, as_of: int) -> list[MonthVintage]:
    """What each source delivered told at every month whose states a panel keeps, the oldest first.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    tells = {s: sql for s, sql in _conditions(lake, as_of).items() if _deliveries(lake, s, as_of)}
    with Engine(lake.scratch / "vintage") as engine:
        found = _told(engine, states_sql(lake, as_of), tells.values())
    return [
        MonthVintage(format_month(month), count, {s: number / count for s, number in zip(tells, told, strict=True)})
        for month, count, *told in found
    ]


def _conditions(lake: Lake, as_of: int) -> dict[str, str]:
    """Source: condition that it tells something, for those whose columns the features of the panel read."""
    made = frozenset(made_columns(lake, as_of))
    found = {source: tells_sql(source, made) for source in SOURCES}
    return {source: sql for source, sql in found.items() if sql is not None}


def _told(engine: Engine, rows: str, tells: Iterable[str]) -> list[tuple[int, ...]]:
    """Month, companies in perimeter, and how many of them each source tells of."""
    counts = [f"CAST(COALESCE(SUM(CASE WHEN {sql} THEN 1 ELSE 0 END), 0) AS BIGINT)" for sql in tells]
    columns = ", ".join(["month", "COUNT(*)", *counts])
    return engine.rows(f"SELECT {columns} FROM {rows} AS panel WHERE exclusion IS NULL GROUP BY month ORDER BY month")


def tells_sql(source: str, made: frozenset[str]) -> str | None:
    """Condition, on a row of the panel with some columns, that a source tells something of the company.

    None when the panel does not have the columns to say it.
    """
    if source in TELLS:
        return TELLS[source] if TELLS[source].split()[0] in made else None
    if source in (latest := _latest()):
        pointer = latest[source].pointer
        return f"month - {pointer} <= {latest[source].max_age_months}" if pointer in made else None
    sums = [name for family in FAMILIES for sums in family.sums if sums.source == source for name in sums.columns]
    return " OR ".join(f"{name} <> 0" for name in sums if name in made) or None


def _latest() -> dict[str, Latest]:
    """Latest values by the only source of their family."""
    return {source: family.latest[0] for family in FAMILIES if family.latest for source in family.reads}


def _ages(engine: Engine, rows: str, latest: Latest) -> list[tuple[int, int]]:
    """Ages of the latest values, and how many companies have each."""
    return engine.rows(
        f"SELECT month - {latest.pointer} AS age, COUNT(*) FROM {rows} AS panel"
        f" WHERE exclusion IS NULL AND {latest.pointer} IS NOT NULL GROUP BY month - {latest.pointer} ORDER BY age"
    )


def _vintage(
    lake: Lake,
    as_of: int,
    source: str,
    told_share: float | None,
    ages: dict[str, list[tuple[int, int]]],
    companies: int,
) -> SourceVintage:
    deliveries = _deliveries(lake, source, as_of)
    label = DECLARED[source].label
    if not deliveries:
        return SourceVintage(source, label, None, None, None, None)
    reports = [read_manifest(lake.staged(source, batch)) for batch in deliveries]
    last = max((report.freshness_month for report in reports if report.freshness_month), default=None)
    late = None if last is None else as_of - parse_month(last)
    dated = SourceVintage(source, label, reports[-1].batch, last, late, told_share)
    if source not in (latest := _latest()):
        return dated
    found, limit = ages[latest[source].pointer], latest[source].max_age_months
    known = [(age, count) for age, count in found if age <= limit]
    return replace(
        dated,
        median_months=percentile(known, 0.5),
        p90_months=percentile(known, 0.9),
        limit_months=limit,
        over_limit_share=sum(count for age, count in found if age > limit) / companies,
    )


def percentile(counted: Sequence[tuple[int, int]], share: float) -> int | None:
    """Smallest value that at least a share of the observations do not exceed; None of none.

    Parameters
    ----------
    counted : sequence of (value, count)
        Sorted by value.
    """
    total, seen = sum(count for _, count in counted), 0
    for value, count in counted:
        seen += count
        if seen >= share * total:
            return value
    return None


def _deliveries(lake: Lake, source: str, as_of: int) -> list[Delivery]:
    return [batch for batch in staged_deliveries(lake, source) if batch.month <= as_of]
