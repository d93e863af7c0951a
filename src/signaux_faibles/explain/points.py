"""From contributions in log-odds to points of probability that add up.

With p0 the base probability, p the displayed one, f0 and f the scores in log-odds that they come from and phi_k the
contribution of feature k to the latter, feature k gets phi_k (p - p0) / (f - f0) points. The rule does not depend on an
order of features nor on the unit of the scores, keeps signs, and its limit when f = f0 is the slope of the calibrator.
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
    """Points of probability of contributions to a score in log-odds.

    Parameters
    ----------
    contributions : array, shape (n, p + 1)
        Contributions of the features to the score, then its base, the same on every row.
    calibrator : Calibrator
        Any map that never falls: a chord of it is taken, so that it need not be a line.
    """
    phi, start = contributions[:, :-1], contributions[:, -1]
    distance = phi.sum(axis=1)
    base, probability = calibrator.probability(start), calibrator.probability(start + distance)
    return Points(float(base[0]), _share(calibrator, phi, start, probability - base), probability)


@dataclass(frozen=True)
class Change:
    """What moved the probability of n rows between two months, by one model.

    Parameters
    ----------
    before, now : array, shape (n,)
        Probability at each.
    by_feature : array, shape (n, p)
        Points of each feature; `before` plus their sum is `now`.
    """

    before: Doubles
    now: Doubles
    by_feature: Doubles


def change_of(before: Doubles, now: Doubles, calibrator: Calibrator) -> Change:
    """Points of the change between two months: the rule of `points_of`, from the earlier score instead of the base.

    Parameters
    ----------
    before, now : array, shape (n, p + 1)
        Contributions of the same companies at each month, by the same model.
    """
    phi, start = now[:, :-1] - before[:, :-1], before.sum(axis=1)
    earlier, later = calibrator.probability(start), calibrator.probability(now.sum(axis=1))
    return Change(earlier, later, _share(calibrator, phi, start, later - earlier))


def _share(calibrator: Calibrator, phi: Doubles, start: Doubles, gain: Doubles) -> Doubles:
    """Gain of probability of each row shared between its features, shape (n, p).

    Where the way is too short to divide by, what the derivative leaves of the gain (it has none at a kink) is shared by
    the size of the contributions: points add up there too.
    """
    distance = phi.sum(axis=1)
    is_near = np.abs(distance) < NEAR
    slope = np.where(is_near, calibrator.derivative(start), gain / np.where(is_near, 1.0, distance))
    points: Doubles = phi * slope[:, None]
    if not is_near.any():
        return points
    size = np.abs(phi[is_near])
    weight = size / np.maximum(size.sum(axis=1), np.finfo(np.float64).tiny)[:, None]
    left = gain[is_near] - points[is_near].sum(axis=1)
    points[is_near] += weight * left[:, None]
    return points
