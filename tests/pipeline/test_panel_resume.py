"""A panel whose build was killed goes on only from its own files: whatever came between, it is the one never killed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pytest

from lakes import Row, a_company, m, new_lake, stage, stage_all
from signaux_faibles.engine import Engine, EngineChoice, SqlEngine, open_engine, parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel import build, work
from signaux_faibles.panel.as_of import siren_text
from signaux_faibles.panel.build import PanelSummary, build_panel
from signaux_faibles.panel.grid import HISTORY_MONTHS
from signaux_faibles.panel.store import EVENTS_TABLE, PANEL_TABLE, REST_TABLE
from signaux_faibles.pipeline.reporter import Silent
from signaux_faibles.pipeline.run import make_panel

START = m("2021-06")
SIRENS = ("900000003", "900000004", "900000006", "900000007", "900000008", "900000009")
SLIM = {"slim": f"SELECT {siren_text('siren')} AS siren, month, effectif_count FROM panel_rows WHERE exclusion IS NULL"}
"""A table beside the panel that reads little: few queries make it."""

FEW = 2
"""Companies of a bucket."""


class Killed(Exception):
    """What a kill is here."""


class Distributed:
    """An engine that makes every company at once and cuts the files itself, as Spark does."""

    is_distributed = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Distributed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._engine.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def write_parts(self, sql: str, folder: Path, *, key: Sequence[str], companies: str = "") -> int:
        rows = 0
        for part in range(3):
            mine = f"SELECT * FROM ({sql}) AS r WHERE CAST(siren AS INTEGER) % 3 = {part} ORDER BY {', '.join(key)}"
            rows += self._engine.write_parquet(mine, folder / f"part-{part:05d}.parquet")
        return rows


def _distributed(choice: EngineChoice, scratch: Path) -> SqlEngine:
    return Distributed(Engine(scratch))  # type: ignore[return-value]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return _lake(tmp_path / "lake")


@pytest.fixture(autouse=True)
def few_companies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of an increment are small, and made in turn."""
    monkeypatch.setattr(build, "INCREMENT_COMPANIES", FEW)
    monkeypatch.setattr(build, "WORKERS", 1)


def _lake(root: Path) -> Lake:
    lake = new_lake(root)
    tables: dict[str, list[Row]] = {}
    for siren in SIRENS:
        for source, rows in a_company(siren, until="2021-03").items():
            tables.setdefault(source, []).extend(rows)
    stage_all(lake, START, tables)
    for month in (START + 1, START + 2):
        for source in ("effectif_ent", "cotisation", "sirene", "sirene_ul", "debit", "procol", "sirene_histo"):
            stage(lake, source, month, [])
    return lake


def _build(lake: Lake, as_of: int, **options: Any) -> PanelSummary:
    return build_panel(lake, as_of, derived=SLIM, **({"bucket_companies": FEW} | options))


def _kill(lake: Lake, as_of: int, **options: Any) -> None:
    """Build a panel, killed when its first bucket is finished."""

    def stop(done: int, total: int, rows: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        _build(lake, as_of, progress=stop, **options)


def _rows(lake: Lake, as_of: int) -> dict[str, list[str]]:
    """Every row of every file of a panel, of the months that the next ones look at for its states."""
    tables = {}
    for table in (*SLIM, PANEL_TABLE, REST_TABLE, EVENTS_TABLE):
        files = parquet_sql(sorted((lake.panel(as_of) / table).rglob("part-*.parquet")))
        recent = f"month > {as_of - HISTORY_MONTHS}" if table in (PANEL_TABLE, REST_TABLE) else "TRUE"
        tables[table] = sorted(repr(row) for row in duckdb.sql(f"SELECT * FROM {files} WHERE {recent}").fetchall())
    return tables


def _is_undisturbed(lake: Lake, as_of: int) -> bool:
    """Whether a panel has the rows of the one made in one go, from nothing."""
    alone = _lake(lake.root.parent / "alone")
    _build(alone, as_of, bucket_companies=100)
    found, expected = _rows(lake, as_of), _rows(alone, as_of)
    assert len(expected["slim"]) > 300, "an empty comparison proves nothing"
    return found == expected


def test_a_killed_build_goes_on_from_its_finished_buckets(lake: Lake) -> None:
    _kill(lake, START)
    (left,) = lake.panel(START).parent.glob(".*.work")
    finished = {path.stat().st_ino for path in (left / "slim").rglob("part-00000.parquet")}
    assert finished
    told: list[tuple[int, bool]] = []
    _build(lake, START, progress=lambda done, total, rows: told.append((done, rows is None)))
    assert told == [(2, True), (4, False), (6, False)], "the two first companies are said, and not made again"
    assert finished == {path.stat().st_ino for path in lake.panel(START).rglob("slim/*/part-00000.parquet")}
    assert _is_undisturbed(lake, START)


def test_a_run_that_resumes_says_what_was_done(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    class Notes(Silent):
        told: list[str] = []  # noqa: RUF012

        def note(self, sentence: str) -> None:
            self.told.append(sentence)

    class Stops(Notes):
        def advance(self, *_: object, **__: object) -> None:
            raise Killed

    monkeypatch.setattr(build, "BUCKET_COLUMNS", 200)
    with pytest.raises(Killed):
        make_panel(lake, START, set_name="core", reporter=Stops())
    assert Notes.told == []
    make_panel(lake, START, set_name="core", reporter=Notes())
    (note,) = Notes.told
    assert re.fullmatch(r"resumes a run that was stopped: [1-5] of 6 companies were done", note)


def test_a_forced_build_killed_then_one_that_continues_the_month_before(lake: Lake) -> None:
    _build(lake, START)
    _kill(lake, START + 1, force=True)
    assert _build(lake, START + 1).made_from == "2021-06"
    assert _is_undisturbed(lake, START + 1)


def test_a_whole_build_killed_then_the_month_before_made(lake: Lake) -> None:
    _kill(lake, START + 1)
    _build(lake, START)
    assert _build(lake, START + 1).made_from == "2021-06"
    assert _is_undisturbed(lake, START + 1)


def test_an_increment_killed_then_the_month_before_made_again(lake: Lake) -> None:
    _build(lake, START)
    _build(lake, START + 1)
    _kill(lake, START + 2)
    _build(lake, START + 1, force=True)
    _build(lake, START + 2)
    months = sorted(path.name for path in (lake.panel(START + 2) / "slim").iterdir())
    assert months == ["months=2016-01_2021-06", "months=2021-07_2021-07", "months=2021-08_2021-08"]
    assert _is_undisturbed(lake, START + 2)


def test_buckets_of_another_size_are_not_believed(lake: Lake) -> None:
    _kill(lake, START)
    _build(lake, START, bucket_companies=3)
    assert _is_undisturbed(lake, START)


def test_a_distributed_engine_takes_nothing_of_what_was_begun(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    _kill(lake, START)
    monkeypatch.setattr(build, "open_engine", _distributed)
    _build(lake, START)
    monkeypatch.setattr(build, "open_engine", open_engine)
    assert _is_undisturbed(lake, START)


@pytest.mark.parametrize("is_distributed", [False, True])
def test_a_distributed_build_killed_leaves_nothing_to_the_next(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, is_distributed: bool
) -> None:
    monkeypatch.setattr(build, "open_engine", _distributed)
    monkeypatch.setattr(build, "mark_done", _stop)
    with pytest.raises(Killed):
        _build(lake, START)
    monkeypatch.setattr(build, "mark_done", work.mark_done)
    if not is_distributed:
        monkeypatch.setattr(build, "open_engine", open_engine)
    seen = _seen_by_first_bucket(monkeypatch)
    _build(lake, START)
    monkeypatch.setattr(build, "open_engine", open_engine)
    assert seen[0] == []
    assert _is_undisturbed(lake, START)


def test_a_folder_half_cleared_is_not_believed(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    _kill(lake, START)

    def half(folder: Path, **_: object) -> None:
        if folder.suffix == ".work":
            next((folder / "slim").rglob("part-00000.parquet")).unlink()
            raise Killed

    clear = shutil.rmtree
    monkeypatch.setattr(shutil, "rmtree", half)
    with pytest.raises(Killed):
        _build(lake, START, force=True)
    monkeypatch.setattr(shutil, "rmtree", clear)
    _build(lake, START)
    assert _is_undisturbed(lake, START)


def test_a_mark_is_put_when_the_names_of_its_files_are_on_the_disk(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    durable: set[Path] = set()
    fsync, touch, marked = os.fsync, Path.touch, []

    def record(descriptor: int) -> None:
        fsync(descriptor)
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        if place.is_dir():
            durable.update(place.iterdir())

    def check(path: Path, *arguments: Any, **options: Any) -> None:
        if path.parent.name == work.DONE:
            folder = path.parent.parent
            files = list(folder.rglob(f"part-{path.name}.parquet"))
            assert len(files) > 2
            above = {parent for file in files for parent in file.parents if folder in parent.parents}
            assert {*files, *above} <= durable
            marked.append(path.name)
        touch(path, *arguments, **options)

    monkeypatch.setattr(os, "fsync", record)
    monkeypatch.setattr(Path, "touch", check)
    _build(lake, START)
    assert marked == ["00000", "00001", "00002"]


def _stop(*_: object) -> None:
    raise Killed


def _seen_by_first_bucket(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Files that are in the folder of work when each bucket begins."""
    seen: list[list[str]] = []
    make: Callable[..., int] = build.make_bucket

    def look(engine: SqlEngine, lake: Lake, plan: object, run: object, folder: Path) -> int:
        seen.append([path.name for path in folder.rglob("part-*.parquet")])
        return make(engine, lake, plan, run, folder)

    monkeypatch.setattr(build, "make_bucket", look)
    return seen
