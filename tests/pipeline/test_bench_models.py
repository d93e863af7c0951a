"""`signaux bench models` on a table that nobody has seen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import InputError


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    """Companies of which one in four fails; its profit falls in its last year."""
    rng = np.random.default_rng(4)
    lines = ["company,year,assets,profit,sector,status"]
    for company in range(240):
        fails, first = company % 4 == 0, int(rng.integers(2000, 2004))
        last = int(rng.integers(first + 1, 2009)) if fails else 2008
        size = float(np.exp(rng.normal()))
        for year in range(first, last + 1):
            profit = size * (rng.normal() * 0.3 - (1 if fails and year == last else 0))
            told = "?" if rng.random() < 0.05 else f"{profit:.4f}"
            status = "bankrupt" if fails else "alive"
            lines.append(f"C{company},{year},{size:.4f},{told},{'abc'[company % 3]},{status}")
    path = tmp_path / "panel.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_walk_tells_recipes_beside_yardsticks(panel: Path) -> None:
    words = f"bench models --data {panel} --label status --group company --time year --event last --scale assets"
    words += " --protocol walk --from 2006 --recipes foret,boosting-elargi --json"
    result = CliRunner().invoke(app, words.split())
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["file"], told["columns"], told["sharing"]["protocol"]) == ("panel.csv", 8, "walk")
    forest, ours = told["recipes"]
    assert (forest["name"], ours["name"]) == ("foret", "boosting-elargi")
    assert 0.8 < ours["pooled"]["auc"]["low"] < ours["pooled"]["auc"]["value"] <= ours["pooled"]["auc"]["high"] <= 1
    gain = ours["above_foret"]["average_precision"]
    assert gain["value"] == pytest.approx(
        ours["pooled"]["average_precision"]["value"] - forest["pooled"]["average_precision"]["value"]
    )
    assert sum(choice["folds"] for choice in ours["chosen"]) == 3


def test_folds_of_companies_are_told_as_tables(panel: Path) -> None:
    words = f"bench models --data {panel} --label status --group company --drop year --protocol grouped --folds 2"
    result = CliRunner().invoke(app, [*words.split(), "--recipes", "foret,logistique"])
    assert result.exit_code == 0, result.output
    assert "grouped: rankings" in result.stdout
    for words in ("logistique", "AUC in folds", "top decile", "CPU s", "above foret, same rows"):
        assert words in result.stdout
    assert "…" not in result.stdout, "no column is cut"


def test_requests_that_cannot_be_met_are_told(panel: Path) -> None:
    for options, told in (
        (["--label", "absent"], "Unknown column of --label: found 'absent'"),
        (["--label", "sector"], "Give --positive VALUE"),
        (["--label", "status", "--recipes", "best"], "Unknown recipe"),
        (["--label", "status", "--scale", "sector"], "Size sector: the column does not hold numbers"),
        (["--label", "status", "--protocol", "grouped"], "Give --group"),
    ):
        error = CliRunner().invoke(app, ["bench", "models", "--data", str(panel), *options]).exception
        assert isinstance(error, InputError)
        assert told in str(error)
