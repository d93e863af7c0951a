"""Build the panel of a month, bucket by bucket of companies: memory is bounded, a killed run resumes.

The panel of an earlier month, made by the same code and rules, is not made again: its blocks are linked, and only the
months after it are computed, from its last rows and from what was learnt since (see `store`). That of a territory is
always made whole: a company that moves would have a past elsewhere.
"""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, format_month
from signaux_faibles.engine import Engine, EngineChoice, SqlEngine, open_engine, parquet_sql
from signaux_faibles.ingest.versions import staged_batches
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.lake.writing import fsync_tree, recover_folder, replace_folder, write_text
from signaux_faibles.panel import grid
from signaux_faibles.panel.as_of import Step
from signaux_faibles.panel.bucket import EVERYBODY, SPINE_FIRST_MONTH, Run, cut, make_bucket, make_events
from signaux_faibles.panel.choices import Choices, kept_choices
from signaux_faibles.panel.earlier import Earlier, find_earlier
from signaux_faibles.panel.inputs import candidates, create, create_shared, shared_tables
from signaux_faibles.panel.plan import Plan, derived_hash, make_plan
from signaux_faibles.panel.store import (
    PANEL_TABLE,
    REST_TABLE,
    check_files,
    link_blocks,
    read_manifest,
    table_files,
)
from signaux_faibles.panel.work import close_work, is_done, mark_done, open_work, work_identity
from signaux_faibles.perimeter import PerimeterRules, read_rules

BUCKET_COLUMNS = 220_000
"""Companies of a bucket times the columns of the panel that are made: the more of them, the fewer fit in memory."""

INCREMENT_COMPANIES = 20_000
"""Companies of a bucket of an increment, which holds fewer months of each."""

WORKERS, WORKER_MEMORY = 2, "1900MB"
"""Buckets made at a time, fixed as the threads of an engine are, and the memory of each."""

Progress = Callable[[int, int, int | None], None]
"""Receives the companies done, their total, and the rows written by this run; None for what a killed run had done."""


@dataclass(frozen=True)
class PanelSummary:
    """What a build made: counts only.

    Parameters
    ----------
    companies_count, rows_count : int
        Companies that were ever in perimeter, and their months in it.
    in_perimeter_count : int
        Companies in perimeter at the last month.
    exclusions : dict of str to int
        Companies of the panel out of perimeter at the last month, by first reason.
    is_new : bool
        False when the panel was already there, made from the same inputs by the same code.
    made_from : str or None
        Month of the panel that this one continues.
    inherited : Choices or None
        What was not asked for and was taken from the panel of an earlier month.
    """

    companies_count: int
    rows_count: int
    in_perimeter_count: int
    exclusions: dict[str, int]
    is_new: bool
    made_from: str | None = None
    inherited: Choices | None = None


def build_panel(
    lake: Lake,
    as_of: int,
    *,
    rules: PerimeterRules | None = None,
    derived: Mapping[str, str] | None = None,
    set_name: str | None = None,
    is_whole: bool | None = None,
    force: bool = False,
    bucket_companies: int | None = None,
    choice: EngineChoice | None = None,
    progress: Progress | None = None,
) -> PanelSummary:
    """Build `panel/as_of=<month>`: everything known at the end of a month, and nothing else.

    A run that was killed resumes at the first bucket not finished, if it would make the same files; on a distributed
    engine it begins again. What is not asked for is what was asked of the panel when it was last built, or else of the
    latest panel before it.

    Parameters
    ----------
    rules : PerimeterRules, optional
        Kept with the panel. When no panel was ever given any, those of the package in force at `as_of`.
    derived : mapping of str to str, optional
        Tables to write beside the panel: name, SQL over `panel_rows` that gives (siren, month, ...).
    set_name : str, optional
        Name by which the caller knows `derived`, kept with the panel (see `choices`).
    is_whole : bool, optional
        Keep the states of every month, as when there is no table beside them. Otherwise those of the last three years
        only, that the panel of the next month looks at; columns that no table beside the panel reads are left empty.
    force : bool
        Make every month again.
    bucket_companies : int, optional
        Companies made at a time; without it, as many as fit in memory.
    choice : EngineChoice, optional
        Engine that runs the queries. A distributed one makes every company and every month at once; the panel is the
        same, and answers to the same fingerprint.

    Raises
    ------
    StageError
        If a required source has no batch at or before `as_of`, or `as_of` is after the last batch of the lake.
    LakeError
        If the panel, or the one that it continues, was damaged.
    """
    folder = lake.panel(as_of)
    recover_folder(folder)
    kept = kept_choices(lake, as_of)
    given, whole = rules or kept.rules, kept.is_whole if is_whole is None else is_whole
    plan = make_plan(lake, as_of, given or read_rules().at(as_of), derived or {}, is_whole=whole or not derived)
    if not force and (done := read_manifest(folder)) and done["fingerprint"] == plan.fingerprint:
        check_files(folder)
        return _summary(done, is_new=False)
    work = folder.with_name(f".{folder.name}.work")
    with open_engine(choice or EngineChoice(), lake.scratch / "panel") as engine:
        create_shared(engine, lake, as_of, plan.rules, plan.scope, first_month=SPINE_FIRST_MONTH)
        earlier = None
        if isinstance(engine, Engine) and not (force or lake.territory):
            earlier = find_earlier(engine, lake, plan)
        runs = _runs(engine, lake, plan, earlier, bucket_companies)
        identity = work_identity(engine, plan, runs, earlier)
        open_work(work, identity, is_resumed=not (force or engine.is_distributed))
        if earlier:
            _link(earlier, plan, work)
        _make_buckets(engine, lake, plan, runs, work, progress)
        make_events(engine, lake, as_of, plan.scope.absent, work)
        manifest: dict[str, object] = {
            "engine": type(engine).__name__,
            "fingerprint": plan.fingerprint,
            "method": plan.method,
            "inputs": dict(plan.inputs),
        }
        manifest |= {"derived": {name: derived_hash(sql) for name, sql in plan.derived.items()}}
        manifest |= {"made_from": format_month(earlier.as_of) if earlier else None}
        manifest |= _counts(engine, plan, work)
        manifest |= {"set_name": set_name, "is_whole": whole}
        manifest |= {"rules": asdict(given)} if given and given != read_rules().at(as_of) else {}
    close_work(work)
    write_text(work / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    fsync_tree(work)
    replace_folder(work, folder)
    return _summary(manifest, is_new=True)


def first_stock(lake: Lake, as_of: int) -> int | None:
    """In a lake of open data, month of the first stock of legal units when it stands for months of the panel before it.

    None when no month of the panel is judged by a band of headcount that was not yet published.
    """
    if lake.profile != OPEN:
        return None
    months = [month for month in staged_batches(lake, "sirene_ul") if month <= as_of]
    return min(months) if months and min(months) > FIRST_PANEL_MONTH else None


def _runs(
    engine: SqlEngine, lake: Lake, plan: Plan, earlier: Earlier | None, bucket_companies: int | None
) -> list[Run]:
    """Buckets of a build: every company over every month, or only the months after an earlier panel."""
    size = bucket_companies or BUCKET_COLUMNS // len(plan.scope.made)
    if earlier is None or not isinstance(engine, Engine):
        count = int(engine.rows("SELECT COUNT(*) FROM reached")[0][0])
        if not count:
            where = f"{lake.territory.libelle}, " if lake.territory else ""
            raise StageError(
                f"No company of {where}{lake.root} may be in perimeter as of {format_month(plan.as_of)}: none is in the"
                f" filter, or none is known to have reached {plan.rules.effectif_min_count} employees.",
                todo="Check the files of headcount imported, the filter, or the rules given.",
            )
        past = [(FIRST_PANEL_MONTH, plan.as_of - 1)] if plan.as_of > FIRST_PANEL_MONTH else []
        months = [*past, (plan.as_of, plan.as_of)]
        if engine.is_distributed:
            return [replace(EVERYBODY, companies_count=count, blocks=months)]
        return cut(candidates(engine), size=size, blocks=months)
    months = [(month, month) for month in range(earlier.as_of + 1, plan.as_of + 1)]
    known, entering = earlier.companies(engine, lake, plan.as_of)
    return [
        *cut(known, size=INCREMENT_COMPANIES, blocks=months, since=earlier.as_of + 1, earlier=earlier),
        *cut(entering, size=size, prefix="e", blocks=months, earlier=earlier),
    ]


def _link(earlier: Earlier, plan: Plan, work: Path) -> None:
    """Give the panel what stands of an earlier one."""
    recent = plan.as_of - grid.HISTORY_MONTHS + 1
    for table in plan.derived:
        link_blocks(earlier.folder, work, table)
    link_blocks(earlier.folder, work, PANEL_TABLE, first=None if plan.is_whole else recent)
    link_blocks(earlier.folder, work, REST_TABLE, first=recent)


def _make_buckets(
    engine: SqlEngine, lake: Lake, plan: Plan, runs: Sequence[Run], work: Path, progress: Progress | None
) -> None:
    """Make the buckets that an earlier run did not finish."""
    left = [run for run in runs if not is_done(work, run)]
    total = sum(run.companies_count for run in runs)
    done, rows = total - sum(run.companies_count for run in left), 0
    if progress and done:
        progress(done, total, None)
    for run, written in _made(engine, lake, plan, left, work):
        done, rows = done + run.companies_count, rows + written
        mark_done(work, run)
        if progress:
            progress(done, total, rows)


def _made(engine: SqlEngine, lake: Lake, plan: Plan, runs: Sequence[Run], work: Path) -> Iterator[tuple[Run, int]]:
    """Buckets as they are made, with the rows written.

    Several at a time, each on one thread: sharing a query between threads costs a tenth more than running two.
    """
    if not isinstance(engine, Engine) or len(runs) == 1:
        for run in runs:
            yield run, make_bucket(engine, lake, plan, run, work)
        return
    shared = {name: engine.arrow(f"SELECT * FROM {name}") for name in shared_tables(plan.scope)}
    free: queue.SimpleQueue[Engine] = queue.SimpleQueue()

    def make(run: Run) -> int:
        own = free.get()
        try:
            return make_bucket(own, lake, plan, run, work)
        finally:
            free.put(own)

    with ExitStack() as opened, ThreadPoolExecutor(WORKERS) as executor:
        for rank in range(WORKERS):
            own = opened.enter_context(
                Engine(lake.scratch / "panel" / f"worker-{rank}", threads=1, memory_limit=WORKER_MEMORY)
            )
            for name, table in shared.items():
                own.register(f"{name}_given", table)
                create(own, Step(name, f"SELECT * FROM {name}_given"))
            free.put(own)
        tasks = {executor.submit(make, run): run for run in runs}
        try:
            for task in as_completed(tasks):
                yield tasks[task], task.result()
        finally:
            executor.shutdown(cancel_futures=True)


def _counts(engine: SqlEngine, plan: Plan, work: Path) -> dict[str, object]:
    table = next(iter(plan.derived), PANEL_TABLE)
    files = parquet_sql(table_files(work, table))
    where = "TRUE" if plan.derived else "exclusion IS NULL"
    rows, companies = engine.rows(f"SELECT COUNT(*), COUNT(DISTINCT siren) FROM {files} WHERE {where}")[0]
    latest = parquet_sql(table_files(work, PANEL_TABLE, first=plan.as_of))
    last = engine.rows(
        f"SELECT exclusion, COUNT(*) FROM {latest} WHERE month = {plan.as_of} GROUP BY exclusion ORDER BY exclusion"
    )
    return {
        "rows_count": rows,
        "companies_count": companies,
        "in_perimeter_count": sum(count for reason, count in last if reason is None),
        "exclusions": {reason: count for reason, count in last if reason is not None},
    }


def _summary(manifest: dict[str, object], *, is_new: bool) -> PanelSummary:
    told = {field.name: manifest[field.name] for field in fields(PanelSummary) if field.name in manifest}
    return PanelSummary(**told, is_new=is_new)  # type: ignore[arg-type]
