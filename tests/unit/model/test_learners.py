from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.calibrate import fit_calibrator
from signaux_faibles.model.learners import fit, load
from signaux_faibles.model.recipes import BOOSTING, FORET, Learner, Recipe

QUICK = replace(BOOSTING, parameters={**BOOSTING.parameters, "num_boost_round": 30})


def _rows(count: int, seed: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, width)).astype(np.float32)
    margin = -3.2 + values[:, 0] + 0.8 * values[:, 1] * (values[:, 2] > 0)
    failure = (rng.random(count) < 1 / (1 + np.exp(-margin))).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values, failure


@pytest.mark.parametrize("recipe", [FORET, QUICK], ids=lambda r: r.name)
def test_a_saved_learner_scores_as_it_did(recipe: Recipe, tmp_path: Path) -> None:
    values, failure = _rows(3000, 1, len(recipe.features))
    fitted = fit(recipe, values, failure)
    fitted.save(tmp_path / "booster.json")
    again = load(recipe, tmp_path / "booster.json")
    assert np.array_equal(fitted.score(values), again.score(values))


@pytest.mark.parametrize("recipe", [FORET, QUICK], ids=lambda r: r.name)
def test_contributions_add_up_to_the_score(recipe: Recipe) -> None:
    values, failure = _rows(2000, 2, len(recipe.features))
    fitted = fit(recipe, values, failure)
    assert fitted.contributions(values).sum(axis=1) == pytest.approx(fitted.score(values), abs=2e-5)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    values, failure = _rows(3000, 3, len(BOOSTING.features))
    for name in ("one", "two"):
        fit(QUICK, values, failure).save(tmp_path / f"{name}.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_the_histogram_forest_ranks_as_scikit_learn_does() -> None:
    width = 16
    recipe = replace(FORET, features=tuple(f"f{i}" for i in range(width)))
    values, failure = _rows(8000, 4, width)
    later, happened = _rows(8000, 5, width)
    ours = fit(recipe, values, failure).score(later)
    boost = 0.35 / 0.65 * (1 - failure.mean()) / failure.mean()
    forest = RandomForestClassifier(
        100, max_depth=9, max_features="sqrt", class_weight={0: 1, 1: boost}, random_state=0
    )
    theirs = forest.fit(np.nan_to_num(values), failure).predict_proba(np.nan_to_num(later))[:, 1]
    reference = average_precision_score(happened, theirs)
    assert average_precision_score(happened, ours) == pytest.approx(reference, abs=0.02)


def test_missing_is_zero_for_production_and_missing_for_us() -> None:
    values, failure = _rows(4000, 6, len(FORET.features))
    with_zeros = np.nan_to_num(values)
    forest = fit(FORET, values, failure)
    assert np.array_equal(forest.score(values), forest.score(with_zeros))
    values, failure = _rows(4000, 6, len(BOOSTING.features))
    boosting = fit(QUICK, values, failure)
    assert not np.array_equal(boosting.score(values), boosting.score(np.nan_to_num(values)))


def test_nothing_to_learn_is_said() -> None:
    with pytest.raises(StageError, match="0 positive"):
        fit(QUICK, np.zeros((10, 3), np.float32), np.zeros(10, np.float32))


def test_calibration_undoes_the_oversampling() -> None:
    width = len(FORET.features)
    values, failure = _rows(6000, 7, width)
    later, happened = _rows(6000, 8, width)
    forest = fit(FORET, values, failure)
    score = forest.score(later)
    assert score.mean() > 2 * happened.mean(), "oversampled scores are inflated"
    probability = fit_calibrator(Learner.FOREST, score, happened).probability(Learner.FOREST, score)
    assert probability.mean() == pytest.approx(happened.mean(), rel=0.05)
    assert np.array_equal(np.argsort(score, kind="stable"), np.argsort(probability, kind="stable"))


def test_a_score_that_ranks_backwards_is_refused() -> None:
    values, failure = _rows(4000, 9, len(BOOSTING.features))
    score = fit(QUICK, values, failure).score(values)
    with pytest.raises(StageError, match="backwards"):
        fit_calibrator(Learner.BOOSTING, -score, failure)
