"""What was asked of a panel is kept by the stages that read it and by the months that follow, and they say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lakes import Row, a_company, m, new_lake, stage, stage_all
from signaux_faibles.cli.app import app
from signaux_faibles.features.build import built_set
from signaux_faibles.lake import Lake
from signaux_faibles.panel.store import PANEL_TABLE, blocks, read_manifest
from signaux_faibles.pipeline.run import make_panel

FIRST, NEXT = m("2021-06"), m("2021-07")
RULES = "label: essai\neffectif:\n  - {min_count: 15, window_months: 12}\n"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two companies, of 20 and 12 employees, and a second batch without news."""
    lake = new_lake(tmp_path / "lake")
    tables: dict[str, list[Row]] = a_company(until="2021-03")
    for source, rows in a_company("900000003", effectif=12, until="2021-03").items():
        tables[source] += rows
    stage_all(lake, FIRST, tables)
    for source in ("effectif_ent", "cotisation", "sirene", "sirene_ul", "debit", "procol", "sirene_histo"):
        stage(lake, source, NEXT, [])
    return lake


def _panel(lake: Lake, month: str, *options: str) -> Result:
    result = CliRunner().invoke(app, ["panel", "--lake", str(lake.root), "--as-of", month, *options])
    assert result.exit_code == 0, result.output
    return result


def _taken(result: Result) -> list[str]:
    return [line for line in result.stderr.splitlines() if line.startswith("Taken")]


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "regles.yaml"
    path.write_text(RULES, encoding="utf-8")
    return str(path)


def test_a_stage_that_asks_nothing_leaves_a_panel_as_it_was_asked_for(lake: Lake, rules: str) -> None:
    _panel(lake, "2021-06", "--all-states", "--features", "core", "--rules", rules)
    summary = make_panel(lake, FIRST)
    assert (summary.is_new, summary.in_perimeter_count, summary.inherited) == (False, 1, None)
    assert blocks(lake.panel(FIRST), PANEL_TABLE)[0][0] == m("2016-01"), "the states of every month are there"


def test_a_panel_of_a_territory_names_it(lake: Lake) -> None:
    assert _panel(lake, "2021-06", "--departement", "75").stdout.startswith("Panel of Paris as of 2021-06: ")
    assert _panel(lake, "2021-06").stdout.startswith("Panel as of 2021-06: ")


def test_a_new_month_takes_what_was_asked_of_the_one_before_and_says_so(lake: Lake, rules: str) -> None:
    assert _taken(_panel(lake, "2021-06", "--all-states", "--features", "core", "--rules", rules)) == []
    shown = _panel(lake, "2021-07")
    assert _taken(shown) == [
        "Taken from the panel of 2021-06: features core, rules of the perimeter, states of every month."
    ]
    assert "1 companies in perimeter (continues 2021-06)" in shown.stdout
    assert built_set(lake, NEXT) == "core"
    assert blocks(lake.panel(NEXT), PANEL_TABLE)[0][0] == m("2016-01")
    again = _panel(lake, "2021-07")
    assert "(already built)" in again.stdout
    assert _taken(again) == []


def test_what_is_asked_for_wins(lake: Lake, rules: str) -> None:
    _panel(lake, "2021-06", "--all-states", "--features", "core", "--rules", rules)
    shown = _panel(lake, "2021-07", "--last-states", "--features", "tree-based", "--rules", "default")
    assert _taken(shown) == []
    assert "2 companies in perimeter" in shown.stdout
    assert built_set(lake, NEXT) == "tree-based"
    assert blocks(lake.panel(NEXT), PANEL_TABLE)[0][0] > m("2016-01")
    assert make_panel(lake, NEXT).is_new is False, "and is kept in turn"


def test_a_part_is_taken_when_another_is_asked_for(lake: Lake, rules: str) -> None:
    _panel(lake, "2021-06", "--features", "core", "--rules", rules)
    assert _taken(_panel(lake, "2021-07", "--rules", "default")) == ["Taken from the panel of 2021-06: features core."]


def test_a_panel_as_by_default_says_nothing(lake: Lake) -> None:
    _panel(lake, "2021-06", "--features", "all")
    assert _taken(_panel(lake, "2021-07")) == []
    assert read_manifest(lake.panel(NEXT)) is not None


def test_a_set_that_is_no_longer_in_the_catalogue_is_forgotten(lake: Lake) -> None:
    _panel(lake, "2021-06", "--features", "core")
    path = lake.panel(FIRST) / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"set_name": "core"', '"set_name": "gone"'))
    make_panel(lake, NEXT)
    assert built_set(lake, NEXT) == "all"


def test_a_later_panel_is_not_looked_at(lake: Lake) -> None:
    _panel(lake, "2021-07", "--features", "core")
    assert _taken(_panel(lake, "2021-06")) == []
    assert built_set(lake, FIRST) == "all"
