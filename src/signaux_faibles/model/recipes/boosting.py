"""Boosted trees: what makes the lists, and its candidates."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.features.sets import LEARNT
from signaux_faibles.model.recipes.declare import Learner, Recipe

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

BOOSTING_RANGS = replace(
    BOOSTING,
    name="boosting-rangs",
    title="Arbres boostés, avec le rang de chaque variable dans son mois",
    has_ranks=True,
)
