"""Trees boosted on the log-loss, and trees boosted on the squared error: the first rank the many, the others the top.

On the log-loss, trees spend themselves on telling rare from very rare; on the squared error, only rows whose
probability is not small weigh. The score is the log-odds of the first plus so many times the probability of the others.
Both are sums of trees, so that contributions add up to the score exactly, whatever is added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from signaux_faibles.model.learners.boosting import OBJECTIVE, Boosting
from signaux_faibles.model.learners.interface import Doubles, Floats, Outcome, class_weights
from signaux_faibles.model.learners.trees import Trees, grow, matrix, monotone, read
from signaux_faibles.model.recipes.declare import Recipe

SQUARED_FOLDER = "carre"
PREFIX = "squared_"
"""Of the parameters of the trees boosted on the squared error, where they are not those of the others."""

WEIGHT = "squared_weight"


@dataclass(frozen=True)
class Blend:
    """Trees boosted on both.

    Parameters
    ----------
    recipe : Recipe
    boosting : Boosting
        On the log-loss.
    squared : Trees
        On the squared error.
    """

    recipe: Recipe
    boosting: Boosting
    squared: Trees

    def score(self, values: Floats) -> Doubles:
        """Log-odds of the first, raised by the probability of the others, shape (n,)."""
        score: Doubles = self.boosting.margin(values) + self._weight * self.squared.margin(values)
        return score

    def log_odds(self, values: Floats) -> Doubles:
        """The score: log-odds before calibration, shape (n,)."""
        return self.score(values)

    def contributions(self, values: Floats) -> Doubles:
        """Contributions of each column to the score, shape (n, p + 1), the base last."""
        return self.boosting.contributions(values) + self._weight * self.squared.contributions(values)

    def save(self, folder: Path) -> None:
        """Write the first, and the others in a folder of their own."""
        self.boosting.save(folder)
        (folder / SQUARED_FOLDER).mkdir()
        self.squared.save(folder / SQUARED_FOLDER)

    @property
    def _weight(self) -> float:
        return float(self.recipe.parameters[WEIGHT])


def fit(recipe: Recipe, values: Floats, outcome: Outcome) -> Blend:
    """Fit both on the same rows, which are cut into bins once."""
    boosting, squared = _parts(recipe)
    weights = class_weights(recipe, outcome.failure)
    data = matrix(recipe, values, outcome.failure, weights)
    signs = monotone(recipe)
    first = grow(boosting, data, {"objective": OBJECTIVE, **signs}, rounds=_rounds(boosting))
    share = float(np.average(outcome.failure, weights=weights))
    given = {"objective": "reg:squarederror", "base_score": share, **signs}
    others = grow(squared, data, given, rounds=_rounds(squared))
    return Blend(recipe, Boosting(boosting, first), Trees(squared, others))


def load(recipe: Recipe, folder: Path) -> Blend:
    """Read both."""
    boosting, squared = _parts(recipe)
    return Blend(recipe, Boosting(boosting, read(folder)), Trees(squared, read(folder / SQUARED_FOLDER)))


def _rounds(recipe: Recipe) -> int:
    return int(recipe.parameters["num_boost_round"])


def _parts(recipe: Recipe) -> tuple[Recipe, Recipe]:
    """Recipes of both: the second has the parameters of the first, but those that are its own."""
    first = {name: value for name, value in recipe.parameters.items() if not name.startswith(PREFIX)}
    own = {name.removeprefix(PREFIX): value for name, value in recipe.parameters.items() if name.startswith(PREFIX)}
    own.pop(WEIGHT.removeprefix(PREFIX))
    return replace(recipe, parameters=first), replace(recipe, parameters={**first, **own})
