"""A model is a declared recipe: what to learn from, with what, how, and with which seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from signaux_faibles.domain.errors import InputError
from signaux_faibles.features.production import FISCAL, OPEN_EQUIVALENTS, PRODUCTION_FEATURES
from signaux_faibles.features.sets import LEARNT


class Learner(StrEnum):
    """Kind of learner."""

    FOREST = "forest"
    BOOSTING = "boosting"


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a model, but the data.

    Parameters
    ----------
    name : str
    title : str
        One line for the reports.
    learner : Learner
    features : tuple of str
    parameters : mapping of str to float
        As the learner names them.
    positive_share : float or None
        Share of the total weight given to positives when learning (the production forest's oversampling); None keeps
        every row at weight 1.
    fill_missing_with_zero : bool
        True imitates production, where missing is zero; otherwise missing stays missing.
    seed : int
    """

    name: str
    title: str
    learner: Learner
    features: tuple[str, ...]
    parameters: Mapping[str, float | int] = field(default_factory=dict)
    positive_share: float | None = None
    fill_missing_with_zero: bool = False
    seed: int = 20260101


HISTORICAL_FEATURES: tuple[str, ...] = (
    *(name for name in PRODUCTION_FEATURES if name not in FISCAL),
    *OPEN_EQUIVALENTS,
)
"""What the production model of 2024 looks at, with published accounts in the place of the fifteen fiscal ratios: debts
and their past, contributions, short-time work, headcount level, supplier delays, accounts; no sector, age, region nor
trend of headcount. For a lake that has no fiscal extract, where those fifteen would all be missing."""

FORET = Recipe(
    name="foret",
    title="Forêt de production (100 arbres, profondeur 9, manquant = 0, positifs à 35 %)",
    learner=Learner.FOREST,
    features=HISTORICAL_FEATURES,
    parameters={"num_parallel_tree": 100, "max_depth": 9},
    positive_share=0.35,
    fill_missing_with_zero=True,
)

TREE_BASED = Recipe(
    name="tree-based",
    title="Forêt de production, sur ses 36 variables (extraits fiscaux compris)",
    learner=Learner.FOREST,
    features=PRODUCTION_FEATURES,
    parameters=FORET.parameters,
    positive_share=FORET.positive_share,
    fill_missing_with_zero=True,
)
"""The like-for-like yardstick, where the fiscal extracts are imported."""

BOOSTING = Recipe(
    name="boosting",
    title="Arbres boostés, manquants natifs, probabilités calibrées",
    learner=Learner.BOOSTING,
    features=LEARNT,
    parameters={
        "num_boost_round": 250,
        "max_depth": 4,
        "eta": 0.05,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
        "min_child_weight": 20,
        "reg_lambda": 5,
    },
)

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (FORET, TREE_BASED, BOOSTING)}

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
