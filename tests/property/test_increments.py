"""A panel continued month by month is, to the last bit, the one made whole.

Random companies, random batches: late rows, corrections of the past, withdrawals, companies that enter, leave and come
back, one of them more than a year later. After each batch the panel of its month is made twice, from that of the month
before and from nothing.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deep import examples
from lakes import a_company, day, m, new_lake, stage, stage_all
from random_batches import RETURNING, START, Batches
from random_world import World
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features.build import FEATURES_TABLE, build_features
from signaux_faibles.lake import Lake
from signaux_faibles.panel import earlier
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.grid import HISTORY_MONTHS
from signaux_faibles.panel.store import PANEL_TABLE, REST_TABLE, events_files, read_manifest, table_files
from signaux_faibles.perimeter import read_rules

MONTHS = 5


def _table(files: list[Path], where: str, key: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT * FROM {parquet_sql(files)} WHERE {where} ORDER BY {key}").fetchall()


def _tables(lake: Lake, as_of: int) -> dict[str, list[str]]:
    """Rows of every table of a panel, as text to the last bit."""
    folder, recent = lake.panel(as_of), f"month > {as_of - HISTORY_MONTHS}"
    tables = {
        "panel": _table(table_files(folder, PANEL_TABLE), recent, "siren, month"),
        "rest": _table(table_files(folder, REST_TABLE), recent, "siren, month"),
        "features": _table(table_files(folder, FEATURES_TABLE), "TRUE", "siren, month"),
        "events": _table(events_files(lake, as_of), "TRUE", "siren, from_month, event"),
    }
    return {name: [repr(row) for row in rows] for name, rows in tables.items()}


@pytest.mark.parametrize("seed", range(examples(6, deep=60)))
def test_a_panel_continued_is_the_panel_made_whole(tmp_path: Path, seed: int) -> None:
    lake, whole = new_lake(tmp_path / "grown"), new_lake(tmp_path / "whole")
    batches = Batches(lake, seed)
    batches.first()
    build_features(lake, START)
    made_from, is_back = [], False
    for month in range(START + 1, START + MONTHS):
        batches.next(month)
        if month == START + 2 and seed % 2:
            continue  # two months at once
        made_from.append(build_features(lake, month).made_from)
        shutil.rmtree(whole.root / "staged", ignore_errors=True)
        shutil.copytree(lake.root / "staged", whole.root / "staged")
        assert build_features(whole, month, force=True).made_from is None
        grown, made = _tables(lake, month), _tables(whole, month)
        for name, rows in made.items():
            assert grown[name] == rows, f"{name} as of {format_month(month)}"
        assert len(made["features"]) > 100, "an empty comparison proves nothing"
        # Back at any month since the start: it may have closed again by the month compared.
        back = tuple(f"('{RETURNING}', {t}, " for t in range(START + 1, month + 1))
        is_back |= any(row.startswith(back) for row in made["features"])
    assert all(made_from), "every panel continued an earlier one"
    assert is_back, "the company that comes back is in perimeter again"


def test_only_the_new_months_are_written(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    batches = Batches(lake, 1)
    batches.first()
    build_features(lake, START)
    batches.next(START + 1)
    build_features(lake, START + 1)
    old, new = (table_files(lake.panel(month), FEATURES_TABLE) for month in (START, START + 1))
    inodes = {path.stat().st_ino for path in old}
    fresh = [path for path in new if path.stat().st_ino not in inodes]
    assert {path.parent.name for path in fresh} == {"months=2021-07_2021-07"}


def test_a_first_batch_of_a_source_tells_the_past(tmp_path: Path) -> None:
    """Its rows are known by their own dates: every month may change."""
    lake = new_lake(tmp_path / "lake")
    world = World(3)
    for source, rows in world.history().items():
        if source != "paydex":
            stage(lake, source, START, rows)
    build_features(lake, START)
    stage(lake, "paydex", START + 1, [world.row("paydex", "900000004", m("2019-03"))])
    assert build_features(lake, START + 1).made_from is None


def test_a_batch_that_tells_the_past_is_not_news(tmp_path: Path) -> None:
    """A row known before the earlier panel, in a batch that came after it, would change what that panel says."""
    lake = new_lake(tmp_path / "lake")
    world = World(3)
    for source, rows in world.history().items():
        stage(lake, source, START, rows)
    build_features(lake, START)
    row = world.row("paydex", "900000004", m("2019-03"))
    stage(lake, "paydex", START + 1, [row | {"known_from": day("2019-04-30")}])
    assert build_features(lake, START + 1).made_from is None


def test_another_batch_before_the_earlier_panel_makes_it_whole(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    batches = Batches(lake, 2)
    batches.first()
    build_features(lake, START)
    shutil.rmtree(lake.staged("paydex", START))
    stage(lake, "paydex", START, [])
    batches.standing["paydex"] = []
    batches.next(START + 1)
    assert build_features(lake, START + 1).made_from is None


@pytest.mark.parametrize(("window", "is_continued"), [(HISTORY_MONTHS, True), (HISTORY_MONTHS + 1, False)])
def test_rules_that_look_further_back_than_the_stored_rows_make_it_whole(
    tmp_path: Path, window: int, is_continued: bool
) -> None:
    """A company of ten employees until a month that only the longer window holds."""
    company = a_company(until="2021-03")
    last = START + 1 - (HISTORY_MONTHS if is_continued else HISTORY_MONTHS + 1) + 1
    for row in company["effectif_ent"]:
        row["effectif_count"] = 12 if row["month"] + 3 <= last else 8
    rules = replace(read_rules().at(START), window_months=window)
    grown, whole = new_lake(tmp_path / "grown"), new_lake(tmp_path / "whole")
    for lake in (grown, whole):
        stage_all(lake, START, company)
        for source in ("effectif_ent", "sirene"):
            stage(lake, source, START + 1, [])
    build_panel(grown, START, rules=rules)
    continued = build_panel(grown, START + 1, rules=rules)
    assert (continued.made_from is not None) is is_continued
    assert continued.in_perimeter_count == build_panel(whole, START + 1, rules=rules).in_perimeter_count == 1


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: the rows that the new ones look at are a month short."""
    whole = earlier.Earlier.stored

    def short(self: earlier.Earlier, companies: list[str], columns: list[str], *, since: int) -> Any:
        step = whole(self, companies, columns, since=since)
        return type(step)(step.name, f"SELECT * FROM ({step.sql}) AS s WHERE month < {since - 1}")

    monkeypatch.setattr(earlier.Earlier, "stored", short)


@pytest.mark.usefixtures("forgetful")
def test_a_planted_fault_is_caught(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        test_a_panel_continued_is_the_panel_made_whole(tmp_path, 0)


def test_the_manifest_says_what_it_was_made_from(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    batches = Batches(lake, 4)
    batches.first()
    build_features(lake, START)
    batches.next(START + 1)
    build_features(lake, START + 1)
    manifest = read_manifest(lake.panel(START + 1))
    assert manifest is not None
    assert manifest["made_from"] == format_month(START)
