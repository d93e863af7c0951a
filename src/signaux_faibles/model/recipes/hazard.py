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
    rows_count=100_000,
)
"""Beside a model, it only tells how the risk of 18 months is spread over them: a third of the rows is enough."""
