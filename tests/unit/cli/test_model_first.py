"""A model that cannot score a month is refused before any panel is built."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from tests.lakes import m, new_lake, stage
from typer.testing import CliRunner

from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import StageError
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners import fit
from signaux_faibles.model.recipes import BOOSTING


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with a batch of one source, that no panel can be built from, and a model of an older catalogue."""
    made = new_lake(tmp_path / "lake")
    stage(made, "ccsf", m("2026-10"), [])
    values = np.array([[0.0], [1.0]], np.float32)
    recipe = replace(BOOSTING, features=("debit_eur",), parameters={**BOOSTING.parameters, "num_boost_round": 1})
    folder = made.model("boosting-2026-09-essai")
    folder.mkdir(parents=True)
    fit(recipe, values, values[:, 0]).save(folder)
    declared = {**asdict(BOOSTING), "parameters": dict(BOOSTING.parameters)}
    inputs = {"recipe": declared, "as_of": "2026-09", "catalogue": "ancien"}
    calibrator = {"kind": "platt", "low": 1.0, "high": 1.0, "intercept": 0.0}
    meaning = {"calibrator": calibrator, "bag": [], "thresholds": {"eleve": 0.5, "modere": 0.2}, "losses": {}}
    card = {"inputs": inputs, "meaning": meaning}
    (folder / "card.json").write_text(json.dumps(card))
    return made


@pytest.mark.parametrize("command", ["score", "list"])
@pytest.mark.parametrize(
    ("month", "sentence"),
    [("2026-10", "reads features of another catalogue"), ("2026-08", "knows what happened after")],
)
def test_a_model_that_does_not_fit_is_refused_first(lake: Lake, command: str, month: str, sentence: str) -> None:
    words = [command, "--lake", str(lake.root), "--as-of", month, "--model", "boosting-2026-09-essai"]
    error = CliRunner().invoke(app, words).exception
    assert isinstance(error, StageError)
    assert sentence in error.message
    assert not lake.journal.exists()
