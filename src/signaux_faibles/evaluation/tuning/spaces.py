"""Where the parameters of each learner are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signaux_faibles.domain.errors import InputError
from signaux_faibles.model.recipes import Learner, Recipe

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class Range:
    """Values that a parameter may take, both ends included.

    Parameters
    ----------
    low, high : float
        Whole numbers are looked for between two ints.
    is_log : bool
        Each doubling is looked into as much as the one before.
    """

    low: float | int
    high: float | int
    is_log: bool = False

    def suggest(self, trial: optuna.Trial, name: str) -> float | int:
        """Value of a trial."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(name, self.low, self.high, log=self.is_log)
        return trial.suggest_float(name, self.low, self.high, log=self.is_log)


TREES: Mapping[str, Range] = {
    "num_boost_round": Range(50, 300, is_log=True),
    "max_depth": Range(2, 6),
    "eta": Range(0.03, 0.2, is_log=True),
    "subsample": Range(0.4, 0.9),
    "colsample_bynode": Range(0.1, 0.6),
    "min_child_weight": Range(2.0, 60.0, is_log=True),
    "reg_lambda": Range(0.5, 20.0, is_log=True),
}

FOREST: Mapping[str, Range] = {"num_parallel_tree": Range(30, 150), "max_depth": Range(4, 10)}

SPACES: Mapping[Learner, Mapping[str, Range]] = {
    Learner.FOREST: FOREST,
    Learner.BOOSTING: TREES,
    Learner.BLEND: {
        **TREES,
        "squared_num_boost_round": Range(50, 300, is_log=True),
        "squared_max_depth": Range(2, 6),
        "squared_eta": Range(0.03, 0.2, is_log=True),
        "squared_weight": Range(5.0, 60.0, is_log=True),
    },
}


def space_of(recipe: Recipe) -> Mapping[str, Range]:
    """Ranges of the parameters of a recipe.

    Raises
    ------
    InputError
        If its learner has none.
    """
    if recipe.learner not in SPACES:
        known = ", ".join(learner.value for learner in SPACES)
        raise InputError(
            f"Recipe {recipe.name} is not tuned: its learner is {recipe.learner.value}, expected one of {known}."
        )
    return SPACES[recipe.learner]
