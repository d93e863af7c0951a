"""Boosted trees: what makes the lists, and its candidates."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.features.sets import LEARNT
from signaux_faibles.model.recipes.declare import Learner, Recipe

TREES = {
    "num_boost_round": 70,
    "max_depth": 3,
    "eta": 0.07,
    "subsample": 0.54,
    "colsample_bynode": 0.57,
    "min_child_weight": 6.5,
    "reg_lambda": 10,
}
"""Small trees, each grown on half of the rows: failures are few, and their signs repeat."""

SQUARED = {
    "squared_num_boost_round": 140,
    "squared_max_depth": 2,
    "squared_eta": 0.042,
    "squared_weight": 17,
}
"""Those on the squared error, as the best of forty trials of `signaux tune` has them, rounded."""

BOOSTING = Recipe(
    name="boosting",
    title="Arbres boostés sur deux pertes, manquants natifs, probabilités calibrées",
    learner=Learner.BLEND,
    features=LEARNT,
    parameters={**TREES, **SQUARED},
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
