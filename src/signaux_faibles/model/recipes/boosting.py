"""Boosted trees: what makes the lists, and its candidates."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.features.sets import LEARNT
from signaux_faibles.model.recipes.declare import Learner, Recipe

TREES = {
    "num_boost_round": 80,
    "max_depth": 3,
    "eta": 0.1,
    "subsample": 0.7,
    "colsample_bynode": 0.2,
    "min_child_weight": 20,
    "reg_lambda": 5,
}
"""Small trees, each cut among a fifth of the columns: failures are few, and their signs repeat."""

BOOSTING = Recipe(
    name="boosting",
    title="Arbres boostés sur deux pertes, manquants natifs, probabilités calibrées",
    learner=Learner.BLEND,
    features=LEARNT,
    parameters={
        **TREES,
        "squared_num_boost_round": 80,
        "squared_max_depth": 4,
        "squared_eta": 0.1,
        "squared_weight": 20,
    },
    is_monotone=True,
    curve="hasard",
)
"""What makes the lists."""

BOOSTING_SEUL = replace(
    BOOSTING,
    name="boosting-seul",
    title="Arbres boostés sur la seule log-vraisemblance",
    learner=Learner.BOOSTING,
    parameters=TREES,
    curve=None,
)

BOOSTING_RANGS = replace(
    BOOSTING,
    name="boosting-rangs",
    title="Arbres boostés sur deux pertes, avec le rang de chaque variable dans son mois",
    has_ranks=True,
    curve=None,
)
