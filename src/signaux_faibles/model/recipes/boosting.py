"""Boosted trees: what makes the lists, and its candidates."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.features.sets import LEARNT
from signaux_faibles.model.recipes.declare import Learner, Recipe

TREES = {
    "num_boost_round": 400,
    "max_depth": 3,
    "eta": 0.03,
    "subsample": 0.7,
    "colsample_bynode": 0.2,
    "min_child_weight": 20,
    "reg_lambda": 5,
}
"""Small trees, many of them, each cut among a fifth of the columns: failures are few, and their signs repeat."""

BOOSTING = Recipe(
    name="boosting",
    title="Arbres boostés appuyés sur une forêt, manquants natifs, probabilités calibrées",
    learner=Learner.BLEND,
    features=LEARNT,
    parameters={**TREES, "forest_trees": 100, "forest_depth": 6, "forest_weight": 20},
    is_monotone=True,
    curve="hasard",
)
"""What makes the lists. Deeper forests ranked no better, and their reasons cost ten times more."""

BOOSTING_SEUL = replace(
    BOOSTING,
    name="boosting-seul",
    title="Arbres boostés sans forêt",
    learner=Learner.BOOSTING,
    parameters=TREES,
    curve=None,
)

BOOSTING_RANGS = replace(
    BOOSTING,
    name="boosting-rangs",
    title="Arbres boostés appuyés sur une forêt, avec le rang de chaque variable dans son mois",
    has_ranks=True,
    curve=None,
)
