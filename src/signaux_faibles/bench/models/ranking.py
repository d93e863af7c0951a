"""Figures of a ranking under any weights of its rows: what a bootstrap needs many times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.bench.models.columns import Doubles

TOP_SHARE = 0.10


@dataclass(frozen=True)
class Ranking:
    """Rows from the riskiest, sorted once.

    Parameters
    ----------
    order : array of int, shape (n,)
    ends : array of int, shape (g,)
        Last place of each group of equal scores.
    failure : array, shape (n,)
        0 or 1, in that order.
    """

    order: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    failure: Doubles

    def auc(self, weight: Doubles) -> float:
        """Share of (failure, survivor) pairs ranked the right way; ties count for half."""
        found, flagged = self._cumulated(weight)
        positives, negatives = found[-1], flagged[-1] - found[-1]
        gained = np.diff(flagged - found, prepend=0.0)
        above = found - np.diff(found, prepend=0.0) / 2
        return float(gained @ above / (positives * negatives))

    def average_precision(self, weight: Doubles) -> float:
        """Precision averaged over failures, each at the place where its group of equal scores ends."""
        found, flagged = self._cumulated(weight)
        precision = np.divide(found, flagged, out=np.zeros_like(found), where=flagged > 0)
        return float(np.diff(found, prepend=0.0) @ precision / found[-1])

    def top_capture(self, weight: Doubles) -> float:
        """Share of failures among the tenth ranked first; of equal scores at its edge, their share."""
        found, flagged = self._cumulated(weight)
        edge = TOP_SHARE * flagged[-1]
        return float(np.interp(edge, np.append(0.0, flagged), np.append(0.0, found)) / found[-1])

    def _cumulated(self, weight: Doubles) -> tuple[Doubles, Doubles]:
        ordered = weight[self.order]
        return np.cumsum(ordered * self.failure)[self.ends], np.cumsum(ordered)[self.ends]


def rank(score: Doubles, failure: Doubles) -> Ranking:
    """Ranking of rows by a score, higher is riskier."""
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    return Ranking(order, ends, failure[order].astype(np.float64))
