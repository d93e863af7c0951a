"""Boosted trees that lean on a forest: the boosting ranks the many, the forest the few surest.

The score is the log-odds of the boosting plus so many times the probability of the forest. Both are sums of trees, so
that contributions add up to the score exactly, whatever is added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from signaux_faibles.model.learners import boosting as boosting_
from signaux_faibles.model.learners import forest as forest_
from signaux_faibles.model.learners.boosting import Boosting
from signaux_faibles.model.learners.forest import Forest
from signaux_faibles.model.learners.interface import Doubles, Floats, Outcome
from signaux_faibles.model.recipes.declare import Recipe

FOREST_FOLDER = "foret"


@dataclass(frozen=True)
class Blend:
    """Boosted trees and a forest.

    Parameters
    ----------
    recipe : Recipe
    boosting : Boosting
    forest : Forest
    """

    recipe: Recipe
    boosting: Boosting
    forest: Forest

    def score(self, values: Floats) -> Doubles:
        """Log-odds of the boosting, raised by the forest, shape (n,)."""
        score: Doubles = self.boosting.margin(values) + self._weight * self.forest.margin(values)
        return score

    def log_odds(self, values: Floats) -> Doubles:
        """The score: log-odds before calibration, shape (n,)."""
        return self.score(values)

    def contributions(self, values: Floats) -> Doubles:
        """Contributions of each column to the score, shape (n, p + 1), the base last."""
        return self.boosting.contributions(values) + self._weight * self.forest.contributions(values)

    def save(self, folder: Path) -> None:
        """Write the boosting, and the forest in a folder of its own."""
        self.boosting.save(folder)
        (folder / FOREST_FOLDER).mkdir()
        self.forest.save(folder / FOREST_FOLDER)

    @property
    def _weight(self) -> float:
        return float(self.recipe.parameters["forest_weight"])


def fit(recipe: Recipe, values: Floats, outcome: Outcome) -> Blend:
    """Fit both on the same rows, every row at its own weight."""
    boosting, forest = _parts(recipe)
    return Blend(recipe, boosting_.fit(boosting, values, outcome), forest_.fit(forest, values, outcome))


def load(recipe: Recipe, folder: Path) -> Blend:
    """Read both."""
    boosting, forest = _parts(recipe)
    return Blend(recipe, boosting_.load(boosting, folder), forest_.load(forest, folder / FOREST_FOLDER))


def _parts(recipe: Recipe) -> tuple[Recipe, Recipe]:
    """Recipes of the boosting and of the forest, from the parameters of both."""
    own = {name.removeprefix("forest_"): v for name, v in recipe.parameters.items() if name.startswith("forest_")}
    forest = {"num_parallel_tree": own["trees"], "max_depth": own["depth"]}
    rest = {name: v for name, v in recipe.parameters.items() if not name.startswith("forest_")}
    return replace(recipe, parameters=rest), replace(recipe, parameters=forest)
