"""Every recipe, by name.

A recipe is data: what to learn, from what, how, with which seed. Each file declares those of one kind.
"""

from __future__ import annotations

from signaux_faibles.domain.errors import InputError
from signaux_faibles.model.recipes.boosting import BOOSTING, BOOSTING_RANGS, BOOSTING_SEUL
from signaux_faibles.model.recipes.declare import Learner, Recipe
from signaux_faibles.model.recipes.hazard import HAZARD
from signaux_faibles.model.recipes.yardsticks import FORET, FORET_MANQUANTS, HISTORICAL_FEATURES, LOGISTIQUE, TREE_BASED

__all__ = [
    "BOOSTING",
    "BOOSTING_SEUL",
    "FORET",
    "HISTORICAL_FEATURES",
    "RECIPES",
    "TREE_BASED",
    "Learner",
    "Recipe",
    "find_recipe",
]

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (FORET, FORET_MANQUANTS, TREE_BASED, LOGISTIQUE, BOOSTING, BOOSTING_SEUL, BOOSTING_RANGS, HAZARD)
}

JUDGED = (FORET.name, BOOSTING.name)
"""Recipes judged together unless others are asked for: those that any lake can feed."""


def find_recipe(name: str) -> Recipe:
    """Recipe of a name.

    Raises
    ------
    InputError
        If no recipe has it.
    """
    if name not in RECIPES:
        raise InputError(f"Unknown recipe: found {name!r}, expected one of {', '.join(RECIPES)}.")
    return RECIPES[name]
