"""Thresholds of the two alert levels: the highest F0.5 for `eleve`, the highest F2 for `modere`.

They are chosen on the calibration fold, never on the fold that is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.model.learners.interface import Doubles, Floats

BETA_ELEVE = 0.5
BETA_MODERE = 2.0


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


def choose_thresholds(probability: Doubles, failure: Floats) -> Thresholds:
    """Thresholds of the two levels; the moderate one never stands above the high one."""
    eleve = best_threshold(probability, failure, BETA_ELEVE)
    return Thresholds(eleve=eleve, modere=min(eleve, best_threshold(probability, failure, BETA_MODERE)))
