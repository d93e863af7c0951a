"""Learners behind one interface: fit, score, contributions, save, load.

A score is what a list is ranked on, higher is riskier: a probability for a forest, log-odds for the others, before
calibration. Adding a learner is a file here and a row of `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from signaux_faibles.model.learners import blend, forest, hazard, logistic
from signaux_faibles.model.learners import boosting as boosting_
from signaux_faibles.model.learners.interface import Doubles, Fitted, Floats, Outcome, check_two_classes
from signaux_faibles.model.recipes.declare import Learner, Recipe

__all__ = ["Doubles", "Fitted", "Floats", "Outcome", "fit", "load"]

Kind = tuple[Callable[[Recipe, Floats, Outcome], Fitted], Callable[[Recipe, Path], Fitted]]

KINDS: dict[Learner, Kind] = {
    Learner.FOREST: (forest.fit, forest.load),
    Learner.LOGISTIC: (logistic.fit, logistic.load),
    Learner.BOOSTING: (boosting_.fit, boosting_.load),
    Learner.BLEND: (blend.fit, blend.load),
    Learner.HAZARD: (hazard.fit, hazard.load),
}


def fit(recipe: Recipe, values: Floats, outcome: Outcome | Floats) -> Fitted:
    """Fit the learner of a recipe on labelled rows.

    Parameters
    ----------
    recipe : Recipe
    values : array of float32, shape (n, p)
        Its columns, in order; NaN where missing.
    outcome : Outcome, or array of 0 and 1, shape (n,)
        What happened to each row; the label alone is enough but for a hazard.

    Raises
    ------
    StageError
        If the rows hold no positive, or no negative.
    """
    told = outcome if isinstance(outcome, Outcome) else Outcome(outcome)
    check_two_classes(told)
    return KINDS[recipe.learner][0](recipe, values, told)


def load(recipe: Recipe, folder: Path) -> Fitted:
    """Read what `Fitted.save` wrote in a folder."""
    return KINDS[recipe.learner][1](recipe, folder)
