"""`signaux status`: what was made of the nation and of territories, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakes import new_lake
from signaux_faibles.cli.app import app
from signaux_faibles.lake import Lake

PANEL = {"rows_count": 1200, "companies_count": 34}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with a panel of the nation and one of a territory, of the same month."""
    made = new_lake(tmp_path / "lake")
    for part in ("", "territories/region=84/"):
        folder = made.root / f"{part}panel/as_of=2026-10"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps(PANEL), encoding="utf-8")
    return made


def _rows(lake: Lake) -> list[list[str]]:
    result = CliRunner().invoke(app, ["status", "--lake", str(lake.root)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines()]
    return [row for row in cells if row[:1] == ["panel"]]


def test_the_panels_of_territories_are_listed_beside_those_of_the_nation(lake: Lake) -> None:
    what = "1,200 rows, 34 companies"
    assert _rows(lake) == [
        ["panel", "nation", "as_of=2026-10", what],
        ["panel", "region=84", "as_of=2026-10", what],
    ]


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_file_that_cannot_be_read_hides_nothing(lake: Lake, content: str) -> None:
    (lake.root / "panel/as_of=2026-10/manifest.json").write_text(content, encoding="utf-8")
    assert [row[-1] for row in _rows(lake)] == ["manifest.json cannot be read", "1,200 rows, 34 companies"]
