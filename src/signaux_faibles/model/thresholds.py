"""Thresholds of the two alert levels: the highest F0.5 for `eleve`, the highest F2 for `modere`, or what a recipe asks.

They are chosen on the calibration fold, never on the fold that is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.model.learners.interface import Doubles, Floats

BETA_ELEVE = 0.5
BETA_MODERE = 2.0

NOBODY = 1.0
"""Threshold that no calibrated probability reaches: a level without companies."""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which a company is at each level."""

    eleve: float
    modere: float


def f_beta(precision: float, recall: float, beta: float) -> float:
    """F-measure; 0 when both terms are."""
    denominator = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / denominator if denominator > 0 else 0.0


def best_threshold(probability: Doubles, failure: Floats, beta: float) -> float:
    """Observed probability that gives the highest F-measure when it and all above are flagged; the highest of ties."""
    order = np.argsort(-probability, kind="stable")
    sorted_probability = probability[order]
    found = np.cumsum(failure[order], dtype=np.float64)
    flagged = np.arange(1, len(order) + 1)
    score = (1 + beta**2) * found / (beta**2 * found[-1] + flagged)
    is_last_of_tie = np.append(sorted_probability[1:] != sorted_probability[:-1], True)
    score = np.where(is_last_of_tie, score, -1)
    return float(sorted_probability[int(np.argmax(score))])


def floor_threshold(probability: Doubles, failure: Floats, precision: float) -> float:
    """Lowest observed probability such that, of it and all above, at least a share fails; `NOBODY` when none is.

    Precision does not fall steadily as the threshold goes down: a lower threshold that keeps to the floor is taken even
    when one above it does not.
    """
    order = np.argsort(-probability, kind="stable")
    sorted_probability = probability[order]
    found = np.cumsum(failure[order], dtype=np.float64)
    is_last_of_tie = np.append(sorted_probability[1:] != sorted_probability[:-1], True)
    kept = np.flatnonzero(is_last_of_tie & (found / np.arange(1, len(order) + 1) >= precision))
    return float(sorted_probability[kept[-1]]) if len(kept) else NOBODY


def choose_thresholds(
    probability: Doubles,
    failure: Floats,
    *,
    eleve_precision: float | None = None,
    modere_precision: float | None = None,
) -> Thresholds:
    """Thresholds of the two levels; the moderate one never stands above the high one.

    Parameters
    ----------
    probability, failure : array, shape (n,)
        Of companies that their learner never saw.
    eleve_precision, modere_precision : float, optional
        Floor of precision of each level, in the place of its F-measure.
    """

    def chosen(beta: float, precision: float | None) -> float:
        if precision is None:
            return best_threshold(probability, failure, beta)
        return floor_threshold(probability, failure, precision)

    eleve = chosen(BETA_ELEVE, eleve_precision)
    return Thresholds(eleve=eleve, modere=min(eleve, chosen(BETA_MODERE, modere_precision)))
