"""Trials of parameters: within what a month knows, on companies and months apart, kept when stopped."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from commands import done
from lakes import m
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.evaluation.tuning import tune
from signaux_faibles.evaluation.tuning.folds import InnerFold, inner_origins, read_folds
from signaux_faibles.evaluation.tuning.spaces import TREES, space_of
from signaux_faibles.lake import open_lake
from signaux_faibles.model.recipes import BOOSTING_SEUL, LOGISTIQUE, Recipe
from signaux_faibles.model.splits import EMBARGO_MONTHS, last_judged_month, make_origin

LAST = "2026-10"
SMALL = replace(BOOSTING_SEUL, parameters={**BOOSTING_SEUL.parameters, "num_boost_round": 100})


@pytest.fixture(scope="module")
def lake_root(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(two_months, tmp_path_factory.mktemp("tuning") / "lake")


@pytest.fixture(scope="module")
def folds(lake_root: Path) -> list[InnerFold]:
    return read_folds(open_lake(lake_root), SMALL, m(LAST), 20_000, lambda _: None)


def test_companies_and_months_judged_are_not_those_learnt_from(folds: list[InnerFold]) -> None:
    assert len(folds) == 3
    for fold in folds:
        assert not set(fold.lesson.rows.siren) & set(fold.judged.siren)
        assert fold.lesson.rows.month.max() <= fold.judged.month.min() - EMBARGO_MONTHS
        assert fold.judged.month.max() <= last_judged_month(m(LAST))
        assert set(np.unique(fold.judged.failure)) == {0.0, 1.0}


def test_latest_origins_are_taken_and_too_short_a_history_is_refused() -> None:
    latest = last_judged_month(m(LAST)) - 11
    assert inner_origins(m(LAST)) == [latest - 24, latest - 12, latest]
    first = next(month for month in range(m("2014-01"), m(LAST)) if _has_origin(month))
    assert inner_origins(first + EMBARGO_MONTHS + 11) == [first]
    with pytest.raises(StageError, match="too short"):
        inner_origins(first + EMBARGO_MONTHS + 10)


def test_parameters_declared_are_tried_first_and_a_stopped_study_goes_on(lake_root: Path) -> None:
    lake = open_lake(lake_root)
    counts: list[tuple[int, int]] = []
    two = tune(lake, SMALL, m(LAST), trials_count=2, rows_count=4000, told=lambda d, w: counts.append((d, w)))
    three = tune(lake, SMALL, m(LAST), trials_count=3, rows_count=4000, told=lambda d, w: counts.append((d, w)))
    assert counts == [(0, 2), (1, 2), (2, 2), (2, 3), (3, 3)]
    assert dict(two.declared.parameters) == {name: SMALL.parameters[name] for name in TREES}
    assert three.trials[:2] == two.trials
    assert three.best.mean == max(trial.mean for trial in three.trials)
    for trial in three.trials:
        assert all(TREES[name].low <= value <= TREES[name].high for name, value in trial.parameters.items())
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in lake_root.glob("tunings/*/card.json")]
    (card,) = [one for one in cards if one["inputs"]["rows_count"] == 4000]
    assert card["best"] == dict(three.best.parameters)
    assert len(card["trials"]) == 3
    counts.clear()
    assert tune(lake, SMALL, m(LAST), trials_count=3, rows_count=4000, told=lambda d, w: counts.append((d, w))) == three
    assert counts == []


def test_a_study_stopped_in_its_first_trial_still_begins_with_the_parameters_declared(
    lake_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(fold: InnerFold, recipe: Recipe) -> float:
        raise KeyboardInterrupt

    lake = open_lake(lake_root)
    with monkeypatch.context() as patched:
        patched.setattr(InnerFold, "average_precision", stopped)
        with pytest.raises(KeyboardInterrupt):
            tune(lake, SMALL, m(LAST), trials_count=1, rows_count=3000)
    made = tune(lake, SMALL, m(LAST), trials_count=1, rows_count=3000)
    assert dict(made.declared.parameters) == {name: SMALL.parameters[name] for name in TREES}


def test_command_shows_the_declared_parameters_beside_the_best(lake_root: Path) -> None:
    shown = done("tune", "boosting-seul", "--as-of", LAST, "--trials", "2", "--rows", "2000", "--lake", lake_root)
    assert "boosting-seul, 2 trials" in shown
    assert "declared" in shown
    assert "best 1" in shown


def test_learner_without_parameters_to_look_for_is_refused() -> None:
    with pytest.raises(InputError, match="logistique is not tuned"):
        space_of(LOGISTIQUE)


def _has_origin(month: int) -> bool:
    try:
        make_origin(month)
    except StageError:
        return False
    return True
