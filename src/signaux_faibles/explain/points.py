"""From contributions in log-odds to points of probability that add up.

With p0 the base probability, p the displayed one, f0 and f their log-odds and phi_k the contribution of feature k in
log-odds after calibration, feature k gets phi_k (p - p0) / (f - f0) points. The rule does not depend on an order of
features, keeps signs, and its limit when f = f0 is the derivative p0 (1 - p0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.model.calibrate import Calibrator
from signaux_faibles.model.learners import Doubles

NEAR = 1e-9
"""Log-odds so close to the base that the slope of the chord is taken as the derivative."""


@dataclass(frozen=True)
class Points:
    """Explanation of n rows.

    Parameters
    ----------
    base : float
        Probability from which every explanation starts.
    by_feature : array, shape (n, p)
        Points of each feature, in probability.
    probability : array, shape (n,)
        base + sum over features, the displayed probability.
    """

    base: float
    by_feature: Doubles
    probability: Doubles


def points_of(contributions: Doubles, calibrator: Calibrator) -> Points:
    """Points of probability of contributions to a log-odds score.

    Parameters
    ----------
    contributions : array, shape (n, p + 1)
        Contributions of the features to the score, then its base, the same on every row.
    """
    phi = calibrator.slope * contributions[:, :-1]
    base_log_odds = calibrator.slope * contributions[:, -1] + calibrator.intercept
    distance = phi.sum(axis=1)
    base, probability = _logistic(base_log_odds), _logistic(base_log_odds + distance)
    is_near = np.abs(distance) < NEAR
    slope = np.where(is_near, base * (1 - base), (probability - base) / np.where(is_near, 1.0, distance))
    return Points(float(base[0]), phi * slope[:, None], probability)


def _logistic(log_odds: Doubles) -> Doubles:
    probability: Doubles = 1 / (1 + np.exp(-log_odds))
    return probability
