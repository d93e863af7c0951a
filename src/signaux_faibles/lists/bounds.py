"""Bounds of the probability told beside each level: those of its score, or of the whole list where little is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.explain.explain import HIGH, LOW
from signaux_faibles.model.learners import Doubles


@dataclass(frozen=True)
class Bounds:
    """Bounds at 90 % of the probability displayed for n companies, that they always hold.

    Parameters
    ----------
    low, high : array, shape (n,)
    """

    low: Doubles
    high: Doubles


def bounds_of(
    of_score: Bounds, probability: Doubles, has_level: npt.NDArray[np.bool_], is_unknown: npt.NDArray[np.bool_]
) -> Bounds:
    """Bounds to tell beside each probability.

    The interval of a score says how well the past measures its risk, nothing of what is not known of the company: one
    of which nothing is known may be any of the list, and has the spread of nine companies in ten at least.

    Parameters
    ----------
    of_score : Bounds
        Those of the calibration.
    probability : array, shape (n,)
        Displayed. It may differ in its last digits from that of the score, which is not made from contributions.
    has_level : array of bool, shape (n,)
        False for a company whose proceeding is known: its risk is not one of the list.
    is_unknown : array of bool, shape (n,)
        Companies of which nothing is known but the identity and the headcount.
    """
    low, high = np.minimum(of_score.low, probability), np.maximum(of_score.high, probability)
    if not has_level.any():
        return Bounds(low, high)
    least, most = np.quantile(probability[has_level], [LOW, HIGH])
    return Bounds(np.where(is_unknown, np.minimum(low, least), low), np.where(is_unknown, np.maximum(high, most), high))
