"""Gradient boosted trees on the log-loss: contributions are exact in log-odds."""

from __future__ import annotations

from pathlib import Path

from signaux_faibles.model.learners.interface import Doubles, Floats, Outcome, class_weights
from signaux_faibles.model.learners.trees import Trees, grow, matrix, monotone, read
from signaux_faibles.model.recipes.declare import Recipe

OBJECTIVE = "binary:logistic"


class Boosting(Trees):
    """Boosted trees; a score is the log-odds of a failure."""

    def score(self, values: Floats) -> Doubles:
        """Log-odds of each row, shape (n,)."""
        return self.margin(values)

    def log_odds(self, values: Floats) -> Doubles:
        """Log-odds of each row, shape (n,)."""
        return self.margin(values)


def fit(recipe: Recipe, values: Floats, outcome: Outcome) -> Boosting:
    """Fit boosted trees on labelled rows."""
    data = matrix(recipe, values, outcome.failure, class_weights(recipe, outcome.failure))
    parameters = {"objective": OBJECTIVE, **monotone(recipe)}
    return Boosting(recipe, grow(recipe, data, parameters, rounds=int(recipe.parameters["num_boost_round"])))


def load(recipe: Recipe, folder: Path) -> Boosting:
    """Read boosted trees."""
    return Boosting(recipe, read(folder))
