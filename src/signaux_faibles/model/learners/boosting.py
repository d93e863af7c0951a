"""Gradient boosted trees on the log-loss: contributions are exact in log-odds."""

from __future__ import annotations

from pathlib import Path

from signaux_faibles.features.signs import SIGNS
from signaux_faibles.model.learners.interface import Doubles, Floats, Outcome, class_weights
from signaux_faibles.model.learners.trees import Trees, grow, matrix, read
from signaux_faibles.model.recipes.declare import RANK_PREFIX, Recipe


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
    parameters: dict[str, float | int | str] = {"objective": "binary:logistic"}
    if recipe.is_monotone:
        parameters["monotone_constraints"] = monotone(recipe)
    return Boosting(recipe, grow(recipe, data, parameters, rounds=int(recipe.parameters["num_boost_round"])))


def load(recipe: Recipe, folder: Path) -> Boosting:
    """Read boosted trees."""
    return Boosting(recipe, read(folder))


def monotone(recipe: Recipe) -> str:
    """Way that the score may move with each column, as XGBoost writes it; 0 when the trade does not know."""
    signs = (SIGNS.get(name.removeprefix(RANK_PREFIX), 0) for name in recipe.columns)
    return f"({','.join(str(sign) for sign in signs)})"
