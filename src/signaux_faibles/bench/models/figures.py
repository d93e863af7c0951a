"""What is said of a contender: figures on all judged rows, their intervals, and their spread over folds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.bench.models.columns import Doubles
from signaux_faibles.bench.models.ranking import rank
from signaux_faibles.model.thresholds import BETA_ELEVE, BETA_MODERE, f_beta

Flags = npt.NDArray[np.bool_]

RESAMPLES = 500
LEVEL = 0.95
FIGURES = ("auc", "average_precision", "brier", "f_05", "f_2", "top_decile_capture")


@dataclass(frozen=True)
class Told:
    """What a contender told of the judged rows, and what happened.

    Parameters
    ----------
    score, probability : arrays, shape (n,)
        Ranking score in log-odds, and calibrated probability.
    is_high, is_moderate : arrays of bool, shape (n,)
        At or above the thresholds chosen on the rows learnt from.
    failure : array of 0 and 1, shape (n,)
    cluster : array of int, shape (n,)
        Who the row is of: rows of one are resampled together.
    fold : array of int, shape (n,)
    """

    score: Doubles
    probability: Doubles
    is_high: Flags
    is_moderate: Flags
    failure: Doubles
    cluster: npt.NDArray[np.int64]
    fold: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation over folds."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class Figures:
    """Everything said of a contender.

    Parameters
    ----------
    pooled : dict of str to Estimate
        Each of `FIGURES` on all judged rows together.
    resampled : array, shape (RESAMPLES, 6)
        The same on each resampling; the draws are the same for every contender, so that differences are paired.
    folds : dict of str to Spread
        AUC and average precision within folds.
    high, moderate : tuple of float
        Precision and recall of each level.
    """

    pooled: dict[str, Estimate]
    resampled: Doubles
    folds: dict[str, Spread]
    high: tuple[float, float]
    moderate: tuple[float, float]


def measure(told: Told) -> Figures:
    """Figures of what a contender told."""
    ones = np.ones(len(told.failure))
    ranking = rank(told.score, told.failure)

    def all_figures(weight: Doubles) -> list[float]:
        return [
            ranking.auc(weight),
            ranking.average_precision(weight),
            float(weight @ (told.probability - told.failure) ** 2 / weight.sum()),
            f_beta(*_precision_recall(told.is_high, told.failure, weight), BETA_ELEVE),
            f_beta(*_precision_recall(told.is_moderate, told.failure, weight), BETA_MODERE),
            ranking.top_capture(weight),
        ]

    resampled = np.array([all_figures(weight) for weight in _draws(told)])
    values = all_figures(ones)
    return Figures(
        pooled={
            name: Estimate(value, *_interval(resampled[:, place]))
            for place, (name, value) in enumerate(zip(FIGURES, values, strict=True))
        },
        resampled=resampled,
        folds=_by_fold(told),
        high=_precision_recall(told.is_high, told.failure, ones),
        moderate=_precision_recall(told.is_moderate, told.failure, ones),
    )


def difference(figures: Figures, yardstick: Figures, name: str) -> Estimate:
    """How much a figure stands above that of a yardstick on the same rows, with a paired interval."""
    place = FIGURES.index(name)
    value = figures.pooled[name].value - yardstick.pooled[name].value
    return Estimate(value, *_interval(figures.resampled[:, place] - yardstick.resampled[:, place]))


def _draws(told: Told) -> Iterator[Doubles]:
    """Weights of rows, each cluster drawn whole; draws without a failure or a survivor tell nothing."""
    rng = np.random.default_rng(0)
    count, drawn = int(told.cluster.max()) + 1, 0
    while drawn < RESAMPLES:
        weight = rng.poisson(1.0, count).astype(np.float64)[told.cluster]
        if 0 < weight @ told.failure < weight.sum():
            drawn += 1
            yield weight


def _interval(values: Doubles) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _precision_recall(is_flagged: Flags, failure: Doubles, weight: Doubles) -> tuple[float, float]:
    found = float(weight[is_flagged] @ failure[is_flagged])
    flagged = float(weight[is_flagged].sum())
    return (found / flagged if flagged else 0.0, found / float(weight @ failure))


def _by_fold(told: Told) -> dict[str, Spread]:
    aucs, precisions = [], []
    for fold in np.unique(told.fold):
        rows = told.fold == fold
        ranking, ones = rank(told.score[rows], told.failure[rows]), np.ones(int(rows.sum()))
        aucs.append(ranking.auc(ones))
        precisions.append(ranking.average_precision(ones))
    return {
        name: Spread(float(np.mean(values)), float(np.std(values)))
        for name, values in (("auc", aucs), ("average_precision", precisions))
    }
