"""What a run reads of the lake: the version logs of a bucket of companies, the tables that every bucket shares."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pyarrow as pa

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.domain.territoire import Territoire
from signaux_faibles.engine import SqlEngine
from signaux_faibles.ingest.versions import staged_batches, staged_deliveries, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN, PARTNERS
from signaux_faibles.panel.as_of import NEVER, SIREN_KEY, Step, siren_text
from signaux_faibles.panel.grid import HISTORY_MONTHS, Scope, reached_sql, read_tables
from signaux_faibles.panel.states import NEEDS_MONTHS, SOURCES
from signaux_faibles.panel.states.contexte import contexte_steps
from signaux_faibles.panel.states.macro import macro_table
from signaux_faibles.panel.states.procol import discarded_notices
from signaux_faibles.perimeter import PerimeterRules

REQUIRED: dict[str, tuple[str, ...]] = {
    PARTNERS: ("sirene", "sirene_ul", "sirene_histo", "effectif_ent", "cotisation", "debit", "procol"),
    OPEN: ("sirene", "sirene_ul", "bodacc"),
}
"""Sources without which a panel would say false things, by profile: nobody active, in debt, in a proceeding."""

FILTER = "filter"
"""Source that lists the companies of an explicit perimeter."""


def absent_sources(lake: Lake, as_of: int) -> frozenset[str]:
    """Optional sources that no batch brought; a required one missing is an error."""
    batches = {source: staged_batches(lake, source) for source in SOURCES}
    last = max((month for months in batches.values() for month in months), default=None)
    if last is None or as_of > last:
        found = f"the last batch is {batch_key(last)}" if last is not None else "nothing was imported"
        raise StageError(
            f"Nothing is known as of {format_month(as_of)} in {lake.root}: {found}.",
            todo="Import that month's batch with `signaux import`, or use an earlier --as-of.",
        )
    absent = {source for source, months in batches.items() if not any(month <= as_of for month in months)}
    if missing := [source for source in REQUIRED[lake.profile] if source in absent]:
        raise _missing_error(lake, as_of, missing, [batches[source] for source in REQUIRED[lake.profile]])
    return frozenset(absent)


def _missing_error(lake: Lake, as_of: int, missing: Sequence[str], batches: Sequence[Sequence[int]]) -> StageError:
    """Error of required sources that are missing: the month asked for may only be too early."""
    told = f"No batch at or before {batch_key(as_of)} of {', '.join(missing)} in {lake.root}"
    if all(batches):
        first = max(months[0] for months in batches)
        return StageError(
            f"{told}: the first is {batch_key(first)}, so that the earliest panel is that of {format_month(first)}.",
            todo=f"Use --as-of {format_month(first)} or later.",
        )
    todo = "Import them with `signaux import`: without them the panel would say false things."
    return StageError(f"{told}.", todo=todo)


def has_filter(lake: Lake, as_of: int) -> bool:
    """Whether a filter was deposited by a month."""
    return any(month <= as_of for month in staged_batches(lake, FILTER))


def inputs(lake: Lake, as_of: int) -> dict[str, str]:
    """Everything staged that a panel reads: `source/batch`, sha256 of its manifest."""
    return {
        f"{source}/{batch.key}": hashlib.sha256((lake.staged(source, batch) / "manifest.json").read_bytes()).hexdigest()
        for source in (*SOURCES, FILTER)
        for batch in staged_deliveries(lake, source)
        if batch.month <= as_of
    }


def load_bucket(
    engine: SqlEngine,
    lake: Lake,
    as_of: int,
    companies: Sequence[str] | None,
    *,
    first_month: int,
    since: int | None = None,
    sources: Sequence[str] = tuple(SOURCES),
    known_at: int | None = None,
) -> None:
    """Make the tables that the queries of a bucket read: its companies, the months, one log of versions per source.

    Parameters
    ----------
    companies : sequence of str or None
        Sorted; None for all of those that may be in perimeter (table `reached`).
    first_month : int
        First month of the grid.
    since : int, optional
        First month of the rows wanted: rows that can no longer matter are left out.
    sources : sequence of str
        Sources to load, by default all.
    known_at : int, optional
        Month whose knowledge is wanted, when it is before `as_of`: what was known later is left out, what was
        withdrawn later stands.
    """
    bucket = "siren IN (SELECT siren_text FROM companies)"
    if companies is None:
        create(engine, Step("companies", f"SELECT siren, {siren_text('siren')} AS siren_text FROM reached"))
    else:
        keys = pa.array([int(siren) for siren in companies], pa.int32())
        engine.register("companies", pa.table({"siren": keys, "siren_text": pa.array(companies, pa.string())}))
        bucket = f"siren >= '{companies[0]}' AND siren <= '{companies[-1]}' AND {bucket}"
    first = first_month - HISTORY_MONTHS
    create(engine, Step("months", f"SELECT CAST(range AS INTEGER) AS t FROM range({first}, {as_of + 1})"))
    for source in sources:
        needed = (
            "TRUE" if since is None else NEEDS_MONTHS.get(source, "TRUE").format(since=since, history=HISTORY_MONTHS)
        )
        sql = (
            f"SELECT * FROM ({_versions(lake, source, as_of, where=bucket, known_at=known_at)}) AS known WHERE {needed}"
        )
        create(engine, Step(f"v_{source}", sql))


def read_sources(steps: Sequence[Step]) -> tuple[str, ...]:
    """Sources whose versions some queries read."""
    read = read_tables(steps)
    return tuple(source for source in SOURCES if f"v_{source}" in read)


def create(engine: SqlEngine, step: Step) -> None:
    """Make the table of a step."""
    engine.create(step.name, step.sql)


def create_shared(
    engine: SqlEngine, lake: Lake, as_of: int, rules: PerimeterRules, scope: Scope, *, first_month: int
) -> None:
    """Make the tables that every bucket reads: who may be in perimeter, notices discarded, rates of the nation.

    Like the rules, the filter that stands at `as_of` holds for every month of the run.
    """
    known = f"SELECT * FROM ({versions_sql(lake, 'bodacc', as_of)}) AS versions WHERE known_month <= {as_of}"
    create(engine, discarded_notices(known))
    nobody = "SELECT CAST(NULL AS INTEGER) AS siren WHERE 1 = 0"
    asked = f"SELECT {SIREN_KEY} AS siren FROM ({requested_sql(lake, as_of)}) AS asked"
    create(engine, Step("requested", asked if scope.is_filtered else nobody))
    sizes = versions_sql(lake, "sirene_ul" if scope.is_open else "effectif_ent", as_of)
    sizes = f"(SELECT * FROM ({sizes}) AS versions WHERE known_month <= {as_of}) AS sizes"
    reached = reached_sql(sizes, effectif_min_count=rules.effectif_min_count, is_open=scope.is_open)
    if scope.is_filtered:
        reached = "SELECT siren, CAST(0 AS INTEGER) AS month FROM requested"
    create(engine, Step("reached", reached))
    if scope.lookups():
        _create_lookups(engine, lake, as_of, scope, first_month)
    if lake.territory:
        # Last: the rates are those of the nation, whatever the territory.
        create(engine, Step("reached_nation", "SELECT * FROM reached"))
        create(engine, Step("reached", _located_sql(lake, as_of, lake.territory)))


def shared_tables(scope: Scope) -> tuple[str, ...]:
    """Tables that `create_shared` makes and that the buckets read."""
    return ("discarded", "requested", "reached", *(lookup.table for lookup in scope.lookups()))


def _located_sql(lake: Lake, as_of: int, territory: Territoire) -> str:
    """Companies that may be in perimeter and whose head office, as last known, is in a territory."""
    codes = ", ".join(f"'{code}'" for code in territory.departements)
    place = "CASE WHEN is_siege THEN 0 ELSE 1 END, known_month, siret, departement"
    return f"""
        SELECT r.siren AS siren, r.month AS month
        FROM reached_nation AS r
        JOIN (
            SELECT siren, departement, ROW_NUMBER() OVER (PARTITION BY siren ORDER BY {place}) AS rank
            FROM ({_versions(lake, "sirene", as_of)}) AS known WHERE until_month = {NEVER}
        ) AS h ON h.siren = r.siren AND h.rank = 1 AND h.departement IN ({codes})"""


def _create_lookups(engine: SqlEngine, lake: Lake, as_of: int, scope: Scope, first_month: int) -> None:
    """Make the tables of the nation that the lookups read, whatever the territory of the run."""
    steps = contexte_steps(scope.absent, first_month=first_month, last_month=as_of)
    # A company that never reached the size counts in no rate.
    wanted = f"{SIREN_KEY} IN (SELECT siren FROM reached)"
    for source in read_sources(steps):
        create(engine, Step(f"v_{source}", _versions(lake, source, as_of, where=wanted)))
    for step in steps:
        create(engine, step)
    kept = {lookup.table for lookup in scope.lookups()}
    for name in sorted(kept.intersection(step.name for step in steps)):
        engine.keep(name)  # before what it is made from is dropped
    for name in {*(step.name for step in steps), *(f"v_{source}" for source in SOURCES)} - kept:
        engine.drop(name)
    engine.register("macro", macro_table(first_month, as_of))
    create(engine, Step("contexte_naf", "SELECT * FROM macro"))


def _versions(lake: Lake, source: str, as_of: int, *, where: str = "TRUE", known_at: int | None = None) -> str:
    """Versions of a source known at the end of a run, or at a month before, with the columns that the panel reads."""
    columns = ", ".join(f"{SIREN_KEY} AS siren" if c.strip() == "siren" else c for c in SOURCES[source].split(","))
    until = f"COALESCE(until_month, {NEVER})"
    if known_at is not None:
        until = f"CASE WHEN until_month <= {known_at} THEN until_month ELSE {NEVER} END"
    return f"""
        SELECT {columns}, known_month, {until} AS until_month
        FROM ({versions_sql(lake, source, as_of)}) AS versions
        WHERE known_month <= {as_of if known_at is None else known_at} AND {where}"""


def candidates(engine: SqlEngine) -> list[str]:
    """Companies that may be in perimeter, sorted."""
    return [row[0] for row in engine.rows(f"SELECT {siren_text('siren')} AS siren FROM reached ORDER BY siren")]


def requested_sql(lake: Lake, as_of: int) -> str:
    """Companies of the filter that stands at a month."""
    return f"SELECT DISTINCT siren FROM ({versions_sql(lake, FILTER, as_of)}) AS versions WHERE until_month IS NULL"
