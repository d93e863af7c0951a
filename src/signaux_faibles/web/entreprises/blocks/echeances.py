"""Risk by horizon: what may happen within 3, 6, 12 and 18 months."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.entreprises.blocks.notice import Empty
from signaux_faibles.web.entreprises.blocks.pourquoi import model_source
from signaux_faibles.web.entreprises.conclusions.risque import between, conclude_horizons
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.models import Score
from signaux_faibles.web.ui.charts.echeances import RiskCurve, curve_by_horizon, horizon_key, horizon_table
from signaux_faibles.web.ui.charts.frame import Caption, figure
from signaux_faibles.web.ui.charts.markup import Markup

HORIZONS = (3, 6, 12, 18)
"""Months of the horizons that a release may tell."""


@dataclass(frozen=True)
class Echeances:
    """The chart."""

    figure: Markup


def build_echeances(data: SheetData) -> Echeances | Empty | None:
    """The block; None without a score, or when the agent may not see it."""
    score = data.score
    if not data.can_read(DataClass.SCORE) or score is None or score.probability_18m is None or not score.niveau:
        return None
    curve = risk_curve(score)
    if len(curve.points) < 2:
        return Empty("Risque à 18 mois seulement", "Le modèle de cette liste ne dit rien des échéances plus proches.")
    caption = Caption(
        conclude_horizons(curve.points),
        "probabilité qu’une procédure s’ouvre d’ici là",
        "Chaque point comprend ceux d’avant\u00a0: le risque à 12\u00a0mois comprend celui à 6\u00a0mois.",
        model_source(data.release),
    )
    return Echeances(figure(caption, curve_by_horizon(curve), horizon_table(curve), keys=horizon_key(curve)))


def risk_curve(score: Score) -> RiskCurve:
    """Horizons that the release tells of a company, and the bounds of the last one."""
    told = [(months, getattr(score, f"probability_{months}m")) for months in HORIZONS]
    low, high = score.probability_low, score.probability_high
    points = tuple((months, value) for months, value in told if value is not None)
    if low is None or high is None:
        return RiskCurve(points)
    return RiskCurve(points, low, high, between(low, high))
