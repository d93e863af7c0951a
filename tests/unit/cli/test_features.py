"""`signaux features`: the sets it lists, what it tells of each feature, what it refuses."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import InputError
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.features.sets import SETS


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["features", *arguments], env={"COLUMNS": "200"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_listed_whole_and_alone(name: str) -> None:
    told = _run("--set", name, "--describe").splitlines()
    assert [line.split(" ")[0] for line in told if not line.startswith(" ")] == list(SETS[name])


def test_every_feature_is_told_with_its_sources_and_its_delay() -> None:
    told = _run("--describe")
    assert all(feature.explanation in told for feature in BY_NAME.values())
    lines = told.splitlines()
    rank = next(i for i, line in enumerate(lines) if line.startswith("debit_par_effectif_eur "))
    assert lines[rank].endswith("[€] Dettes Urssaf: Dette par salarié")
    facts = (
        "latest value; known 3 months later; class urssaf; from debit, effectif_ent; in production dette_par_effectif"
    )
    assert lines[rank + 2].strip() == facts


def test_one_month_is_one_month() -> None:
    told = _run("--describe")
    assert "window 1 month; known 1 month later" in told
    assert not re.search(r"\b1 months", told)


def test_a_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="found 'none', expected one of all"):
        _run("--set", "none")
