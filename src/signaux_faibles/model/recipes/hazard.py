"""Discrete-time hazard: the risk at every horizon from one to thirty-six months."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.model.recipes.boosting import BOOSTING_SEUL
from signaux_faibles.model.recipes.declare import Learner

HAZARD = replace(
    BOOSTING_SEUL,
    name="hasard",
    title="Risque mois par mois (arbres boostés sur des intervalles de temps)",
    learner=Learner.HAZARD,
)
