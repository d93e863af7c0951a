"""Random forest by XGBoost's histograms: one round of parallel trees."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from signaux_faibles.model.learners.interface import Doubles, Floats, Outcome, class_weights, log_odds_of
from signaux_faibles.model.learners.trees import Trees, grow, matrix, monotone, read
from signaux_faibles.model.recipes.declare import Recipe


class Forest(Trees):
    """Trees whose leaves are averaged; a score is a probability under the weights of the recipe."""

    def score(self, values: Floats) -> Doubles:
        """Average of the leaves of each row, shape (n,)."""
        return self.margin(values)

    def log_odds(self, values: Floats) -> Doubles:
        """Log-odds of that average, shape (n,)."""
        return log_odds_of(self.margin(values))


def fit(recipe: Recipe, values: Floats, outcome: Outcome) -> Forest:
    """Fit a forest on labelled rows.

    On the squared error, without shrinkage, leaves hold the mean label of their rows, and splits minimise its
    variance, which for a binary label is Gini's criterion: a random forest.
    """
    weights = class_weights(recipe, outcome.failure)
    width = values.shape[1]
    parameters: dict[str, float | int | str] = {
        "objective": "reg:squarederror",
        "base_score": float(np.average(outcome.failure, weights=weights)),
        "eta": 1.0,
        "reg_lambda": 0.0,
        "subsample": 0.632,
        "colsample_bynode": width**0.5 / width,
        "min_child_weight": 1,
        **monotone(recipe),
    }
    return Forest(recipe, grow(recipe, matrix(recipe, values, outcome.failure, weights), parameters, rounds=1))


def load(recipe: Recipe, folder: Path) -> Forest:
    """Read a forest."""
    return Forest(recipe, read(folder))
