"""Whatever the rows: contributions add up to the score, and the same rows give the same bytes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep import examples
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.theme import Theme
from signaux_faibles.explain.points import points_of
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.lists.rules.declare import themes_of
from signaux_faibles.model.calibrate import Beta, Calibrator, Isotonic
from signaux_faibles.model.learners import Fitted, Outcome, fit
from signaux_faibles.model.ranks import fold_ranks
from signaux_faibles.model.recipes import RECIPES, Learner, Recipe

FEW = 8
"""Trees at most, of a recipe made small: what is proved does not depend on how many they are."""

MADE_OF_TREES = ("round", "tree", "estimator")

ADDITIVE = [recipe for recipe in RECIPES.values() if recipe.learner is not Learner.HAZARD]
CALIBRATORS: tuple[Calibrator, ...] = (Beta(1.3, 0.8, -0.5), Isotonic((-4.0, -2.0, 1.0), (0.01, 0.05, 0.6)))

EXAMPLES = settings(max_examples=examples(15, deep=300), deadline=None)


def small(recipe: Recipe, width: int) -> Recipe:
    """A recipe with fewer features and trees."""
    kept = {
        name: min(value, FEW) if any(word in name for word in MADE_OF_TREES) else value
        for name, value in recipe.parameters.items()
    }
    return replace(recipe, features=recipe.features[:: max(1, len(recipe.features) // width)], parameters=kept)


def rows(recipe: Recipe, seed: int, missing: float, scale: float) -> tuple[np.ndarray, Outcome]:
    """Rows of the columns of a recipe, some of whose values are missing, and what happened to them."""
    rng = np.random.default_rng(seed)
    count, width = 300, len(recipe.columns)
    values = (rng.normal(size=(count, width)) * scale).astype(np.float32)
    risk = values[:, 0] / scale + values[:, -1] / scale * (values[:, 1] > 0)
    ahead = np.where(rng.random(count) < 1 / (1 + np.exp(2 - risk)), rng.integers(1, 36, count), np.nan)
    values[rng.random(values.shape) < missing] = np.nan
    failure = (ahead <= 18).astype(np.float32)
    return values, Outcome(failure, ahead.astype(np.float32), np.full(count, 36, np.float32))


def fitted_on(recipe: Recipe, seed: int, missing: float, scale: float) -> tuple[Fitted, np.ndarray]:
    values, outcome = rows(recipe, seed, missing, scale)
    return fit(recipe, values, outcome), values


SEEDS, MISSING, SCALES = st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.9]), st.sampled_from([1.0, 1e4])


@pytest.mark.parametrize("recipe", ADDITIVE, ids=lambda recipe: recipe.name)
@EXAMPLES
@given(SEEDS, MISSING, SCALES)
def test_contributions_add_up_to_the_score(recipe: Recipe, seed: int, missing: float, scale: float) -> None:
    fitted, values = fitted_on(small(recipe, 12), seed, missing, scale)
    contributions = fitted.contributions(values)
    assert contributions.sum(axis=1) == pytest.approx(fitted.score(values), abs=2e-5)
    assert np.ptp(contributions[:, -1]) == pytest.approx(0.0, abs=1e-6), "one base for all"
    folded = fold_ranks(fitted.recipe, contributions)
    assert folded.shape == (len(values), len(fitted.recipe.features) + 1)
    assert folded.sum(axis=1) == pytest.approx(fitted.score(values), abs=2e-5)
    if recipe.learner.is_additive:
        assert fitted.score(values) == pytest.approx(fitted.log_odds(values), abs=0), "in log-odds"


@pytest.mark.parametrize("recipe", [r for r in ADDITIVE if r.learner.is_additive], ids=lambda recipe: recipe.name)
@EXAMPLES
@given(SEEDS, MISSING, st.sampled_from(CALIBRATORS))
def test_bars_of_a_learner_add_up_to_the_probability_displayed(
    recipe: Recipe, seed: int, missing: float, calibrator: Calibrator
) -> None:
    """Base, then themes: p0 first, points of a theme phi (p - p0) / (f - f0), the displayed probability last."""
    fitted, values = fitted_on(small(recipe, 12), seed, missing, 1.0)
    contributions = fold_ranks(fitted.recipe, fitted.contributions(values))
    points, names = points_of(contributions, calibrator), fitted.recipe.features
    themes = themes_of(names, points.by_feature)
    assert points.base + sum(themes.values()) == pytest.approx(points.probability, abs=1e-12)
    assert points.probability == pytest.approx(calibrator.probability(fitted.log_odds(values)), abs=1e-4)
    start, total = contributions[:, -1], contributions.sum(axis=1)
    far = np.abs(total - start) > 1e-3
    slope = (points.probability - points.base)[far] / (total - start)[far]
    for theme in Theme:
        phi = contributions[:, [r for r, name in enumerate(names) if BY_NAME[name].theme is theme]].sum(axis=1)
        assert themes[theme][far] == pytest.approx(phi[far] * slope, abs=1e-9)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
@EXAMPLES
@given(SEEDS, MISSING)
def test_the_same_rows_and_seed_give_the_same_bytes(recipe: Recipe, seed: int, missing: float) -> None:
    assert saved(recipe, seed, missing) == saved(recipe, seed, missing)


def saved(recipe: Recipe, seed: int, missing: float) -> dict[str, bytes]:
    """Every file of a learner, by relative path."""
    fitted, _ = fitted_on(small(recipe, 12), seed, missing, 1.0)
    with tempfile.TemporaryDirectory() as name:
        fitted.save(Path(name))
        return {str(p.relative_to(name)): p.read_bytes() for p in Path(name).rglob("*") if p.is_file()}


def test_a_learner_that_adds_nothing_up_is_no_reason() -> None:
    """A curve refuses to be explained, rather than give bars that do not add up."""
    for recipe in RECIPES.values():
        if recipe not in ADDITIVE:
            fitted, values = fitted_on(small(recipe, 12), 1, 0.1, 1.0)
            assert not recipe.learner.is_additive
            with pytest.raises(StageError, match="do not add up"):
                fitted.contributions(values)
