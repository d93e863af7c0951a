"""One bucket of companies: its tables made, its files written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.periode import FIRST_PANEL_MONTH
from signaux_faibles.engine import Engine, SqlEngine
from signaux_faibles.lake import Lake
from signaux_faibles.panel import grid
from signaux_faibles.panel.as_of import Step, siren_text
from signaux_faibles.panel.earlier import Earlier
from signaux_faibles.panel.events import EVENTS, event_steps
from signaux_faibles.panel.inputs import candidates, create, load_bucket, read_sources
from signaux_faibles.panel.plan import Plan
from signaux_faibles.panel.states.procol import PROCOL
from signaux_faibles.panel.states.sirene import SIRENE
from signaux_faibles.panel.store import EVENTS_TABLE, PANEL_TABLE, REST_TABLE, Block, block_folder

SPINE_FIRST_MONTH = FIRST_PANEL_MONTH - 24
"""The grid begins two years before the panel, in January 2014: the files of the partners tell nothing before."""

COMPRESSION = "snappy"

SAME_ROW = "e.siren = panel_rows.siren AND e.month = panel_rows.month"


@dataclass(frozen=True)
class Run:
    """A bucket to make.

    Parameters
    ----------
    name : str
    companies : sequence of str or None
        Sorted; None for every one that may be in perimeter.
    companies_count : int
    blocks : sequence of Block
        Months to write.
    since : int or None
        First month to compute, when the rows before it are in `earlier`.
    """

    name: str
    companies: Sequence[str] | None
    companies_count: int
    blocks: Sequence[Block]
    since: int | None
    earlier: Earlier | None


EVERYBODY = Run("00000", None, 0, (), None, None)
"""Every company at once, for an engine that cuts the work itself."""


def cut(
    companies: Sequence[str],
    *,
    size: int,
    prefix: str = "",
    blocks: Sequence[Block] = (),
    since: int | None = None,
    earlier: Earlier | None = None,
) -> list[Run]:
    """Buckets of a size."""
    return [
        Run(f"{prefix}{start // size:05d}", bucket, len(bucket), blocks, since, earlier)
        for start in range(0, len(companies), size)
        for bucket in (companies[start : start + size],)
    ]


def make_bucket(engine: SqlEngine, lake: Lake, plan: Plan, run: Run, work: Path) -> int:
    """Write the files of a bucket; the rows written."""
    steps = grid.bucket_steps(
        plan.rules, plan.scope, first_month=SPINE_FIRST_MONTH, last_month=plan.as_of, since=run.since
    )
    load_bucket(
        engine,
        lake,
        plan.as_of,
        run.companies,
        first_month=SPINE_FIRST_MONTH,
        since=run.since,
        sources=read_sources(steps),
    )
    if run.since is not None and run.earlier is not None and run.companies is not None:
        create(engine, run.earlier.stored(run.companies, plan.scope.made_names, since=run.since))
    for step in steps:
        create(engine, step)
    rows = 0
    for block in run.blocks:
        if states := plan.states_block(block):
            where = f"is_kept AND month >= {states[0]} AND month <= {states[1]}"
            rows += _write(engine, grid.panel_sql(plan.scope, where), work, PANEL_TABLE, states, run.name)
    for name, sql in plan.derived.items():
        # The rows before are there for the windows to look at.
        create(engine, Step(f"derived_{name}", f"SELECT * FROM ({sql}) AS made WHERE month >= {run.blocks[0][0]}"))
        for block in run.blocks:
            within = f"SELECT * FROM derived_{name} WHERE month >= {block[0]} AND month <= {block[1]}"
            rows += _write(engine, within, work, name, block, run.name)
        engine.drop(f"derived_{name}")
    first = plan.as_of - grid.HISTORY_MONTHS + 1
    fresh = max(first, run.since or 0)
    rest = f"NOT is_kept AND month >= {fresh}"
    if run.since is None and run.earlier is not None and run.companies is not None:
        create(engine, run.earlier.rest(run.companies, first=first))
        rest += f" AND NOT EXISTS (SELECT 1 FROM earlier_rest AS e WHERE {SAME_ROW})"
    _write(engine, grid.panel_sql(plan.scope, rest), work, REST_TABLE, (fresh, plan.as_of), run.name)
    return rows


EVENTS_COMPANIES = 20_000
"""Companies of a bucket of events, which holds no grid."""

EVENTS_FROM = ("histo", "bodacc_events", "procol_events")
"""Steps of the states that the events are made from."""


def make_events(
    engine: SqlEngine, lake: Lake, as_of: int, absent: frozenset[str], work: Path, *, known_at: int | None = None
) -> None:
    """Write the events of every company, as known at the end of the run: an increment makes them all again.

    Parameters
    ----------
    absent : frozenset of str
        Sources that no batch brought.
    known_at : int, optional
        Month before `as_of` whose knowledge is wanted.
    """
    folder = work / EVENTS_TABLE
    folder.mkdir(exist_ok=True)
    steps = [step for family in (SIRENE, PROCOL) for step in family.steps(absent) if step.name in EVENTS_FROM]
    steps += event_steps(as_of if known_at is None else known_at, has_history="sirene_histo" not in absent)
    columns = ", ".join(f"{siren_text('siren')} AS siren" if name == "siren" else name for name in EVENTS.names)
    sources = read_sources(steps)
    buckets = [EVERYBODY]
    if not engine.is_distributed:
        buckets = cut(candidates(engine), size=EVENTS_COMPANIES)
    for run in buckets:
        if (folder / f"part-{run.name}.parquet").exists():
            continue
        load_bucket(
            engine, lake, as_of, run.companies, first_month=SPINE_FIRST_MONTH, sources=sources, known_at=known_at
        )
        for step in steps:
            create(engine, step)
        _write_files(engine, f"SELECT {columns} FROM events", folder, run.name, EVENTS.key)


def _write(engine: SqlEngine, sql: str, work: Path, table: str, block: Block, name: str) -> int:
    place = block_folder(work, table, block)
    place.mkdir(parents=True, exist_ok=True)
    return _write_files(engine, sql, place, name, ("siren", "month"))


def _write_files(engine: SqlEngine, sql: str, place: Path, name: str, key: Sequence[str]) -> int:
    """Write the file of a bucket, or all files when the engine makes every company at once."""
    if not isinstance(engine, Engine):
        return engine.write_parts(sql, place, key=key, companies="(SELECT siren_text AS siren FROM companies)")
    path = place / f"part-{name}.parquet"
    temporary = path.with_suffix(".tmp")
    rows = engine.write_parquet(f"{sql} ORDER BY {', '.join(key)}", temporary, compression=COMPRESSION)
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.rename(path)
    return rows
