from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.learners import fit, load
from signaux_faibles.model.recipes import BOOSTING, BOOSTING_SEUL, FORET, RECIPES, Recipe
from signaux_faibles.model.recipes.boosting import SQUARED, TREES

LOGISTIQUE = RECIPES["logistique"]
QUICK = replace(BOOSTING_SEUL, parameters={**BOOSTING_SEUL.parameters, "num_boost_round": 30}, is_monotone=False)
BLEND = replace(BOOSTING, parameters={**BOOSTING.parameters, "num_boost_round": 30, "squared_num_boost_round": 30})


def _rows(count: int, seed: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, width)).astype(np.float32)
    margin = -3.2 + values[:, 0] + 0.8 * values[:, 1] * (values[:, 2] > 0)
    failure = (rng.random(count) < 1 / (1 + np.exp(-margin))).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values, failure


def test_the_recipe_that_makes_the_lists_has_the_parameters_that_trials_preferred() -> None:
    assert dict(BOOSTING.parameters) == {**TREES, **SQUARED}


ALL = pytest.mark.parametrize("recipe", [FORET, QUICK, BLEND, LOGISTIQUE], ids=lambda r: r.name)


@ALL
def test_a_saved_learner_scores_as_it_did(recipe: Recipe, tmp_path: Path) -> None:
    values, failure = _rows(3000, 1, len(recipe.features))
    fitted = fit(recipe, values, failure)
    fitted.save(tmp_path)
    assert np.array_equal(fitted.score(values), load(recipe, tmp_path).score(values))


def test_a_line_without_a_single_known_value_still_answers() -> None:
    values, failure = _rows(2000, 10, len(LOGISTIQUE.features))
    values[:, 3] = np.nan
    native = fit(replace(LOGISTIQUE, fill_missing_with_zero=False), values, failure)
    assert np.isfinite(native.score(np.full((1, values.shape[1]), np.nan, np.float32))).all()


def test_a_monotone_recipe_never_falls_with_debt() -> None:
    """Noise says that debt is safe: the trade says that it is not, and wins."""
    recipe = replace(QUICK, features=("debit_open_count", "age_years"), is_monotone=True)
    rng = np.random.default_rng(11)
    values = rng.normal(size=(3000, 2)).astype(np.float32)
    failure = (rng.random(3000) < 1 / (1 + np.exp(2 + values[:, 0]))).astype(np.float32)
    grid = np.column_stack([np.linspace(-3, 3, 50), np.zeros(50)]).astype(np.float32)
    assert np.diff(fit(recipe, values, failure).score(grid)).min() >= 0
    assert np.diff(fit(replace(recipe, is_monotone=False), values, failure).score(grid)).min() < 0


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
