"""Figures of a backtest, for one protocol: the ranking, the two levels, the calibration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from signaux_faibles.evaluation.bootstrap import Interval, intervals
from signaux_faibles.evaluation.ranking import Ranking
from signaux_faibles.model.thresholds import BETA_ELEVE, BETA_MODERE, f_beta

Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CALIBRATION_BINS = 10
ELEVE, MODERE = 2, 1


@dataclass(frozen=True)
class Judged:
    """Rows judged.

    Parameters
    ----------
    company, month, origin : arrays of int, shape (n,)
    score, probability : arrays, shape (n,)
        The score ranks, in log-odds; the probability is displayed.
    level : array of int, shape (n,)
        2 high, 1 moderate, 0 none.
    failure : array of 0 and 1, shape (n,)
    effectif_count : array, shape (n,)
        NaN where unknown: it counts for no job.
    """

    company: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    origin: npt.NDArray[np.int64]
    score: Doubles
    probability: Doubles
    level: npt.NDArray[np.int64]
    failure: Doubles
    effectif_count: Doubles

    def __len__(self) -> int:
        return len(self.month)

    def take(self, kept: Mask) -> Judged:
        """Some of the rows."""
        return Judged(**{name: array[kept] for name, array in vars(self).items()})


@dataclass(frozen=True)
class LevelFigures:
    """What happens when a level and those above are flagged.

    Parameters
    ----------
    flagged_share, precision, recall, f_beta : float
        Shares of rows; `f_beta` is F0.5 for the high level, F2 for the moderate one.
    observed_over_expected : float
        Failures of the rows at the level or above, over the sum of their probabilities.
    jobs_recall : float
        Share of the jobs of the companies that failed which stood in flagged companies.
    jobs_found_count : float
        Those jobs, averaged over the months judged.
    """

    flagged_share: float
    precision: float
    recall: float
    f_beta: float
    observed_over_expected: float
    jobs_recall: float
    jobs_found_count: float


@dataclass(frozen=True)
class CalibrationBin:
    """Rows of a tenth of the probabilities: what was announced, what happened."""

    announced: float
    observed: float
    rows_count: int


@dataclass(frozen=True)
class Figures:
    """Everything said of a recipe on a set of rows.

    Parameters
    ----------
    auc, average_precision : Interval
        Means over the origins: two origins have two learners, whose scores do not compare.
    average_precision_by_origin : dict of int to float
    observed_over_expected : float
        Failures over the sum of the probabilities.
    """

    rows_count: int
    companies_count: int
    positives_count: int
    base_rate: float
    auc: Interval
    average_precision: Interval
    average_precision_by_origin: dict[int, float]
    brier: float
    observed_over_expected: float
    eleve: LevelFigures
    modere: LevelFigures
    calibration: tuple[CalibrationBin, ...]


def measure(rows: Judged) -> Figures:
    """Figures of calibrated probabilities and levels against what happened."""
    rankings = rank_by_origin(rows)
    auc, average_precision = intervals([mean_auc(rankings), mean_average_precision(rankings)], rows.company)
    return Figures(
        rows_count=len(rows),
        companies_count=len(np.unique(rows.company)),
        positives_count=int(rows.failure.sum()),
        base_rate=float(rows.failure.mean()),
        auc=auc,
        average_precision=average_precision,
        average_precision_by_origin={origin: ranking.average_precision() for origin, (_, ranking) in rankings.items()},
        brier=float(np.mean((rows.probability - rows.failure) ** 2)),
        observed_over_expected=float(rows.failure.sum() / rows.probability.sum()),
        eleve=level_figures(rows, rows.level >= ELEVE, BETA_ELEVE),
        modere=level_figures(rows, rows.level >= MODERE, BETA_MODERE),
        calibration=calibration(rows.probability, rows.failure),
    )


def figures_of(content: dict[str, Any]) -> Figures:
    """Figures that were written as JSON."""
    return Figures(
        **{
            **content,
            "auc": Interval(**content["auc"]),
            "average_precision": Interval(**content["average_precision"]),
            "average_precision_by_origin": {int(k): v for k, v in content["average_precision_by_origin"].items()},
            "eleve": LevelFigures(**content["eleve"]),
            "modere": LevelFigures(**content["modere"]),
            "calibration": tuple(CalibrationBin(**part) for part in content["calibration"]),
        }
    )


Rankings = dict[int, tuple[Mask, Ranking]]
"""Rows of each origin, and their ranking."""


def rank_by_origin(rows: Judged) -> Rankings:
    """Ranking of the rows of each origin that has both failures and others: of a single class, nothing is ranked."""
    found = {}
    for origin in np.unique(rows.origin).tolist():
        of_origin = rows.origin == origin
        if len(np.unique(rows.failure[of_origin])) == 2:
            found[int(origin)] = of_origin, Ranking(rows.score[of_origin], rows.failure[of_origin])
    return found


def mean_average_precision(rankings: Rankings) -> Callable[[Doubles | None], float]:
    """Average precision averaged over the origins, as a figure of weights."""
    return lambda weight: float(
        np.mean([r.average_precision(None if weight is None else weight[kept]) for kept, r in rankings.values()])
    )


def mean_auc(rankings: Rankings) -> Callable[[Doubles | None], float]:
    """AUC averaged over the origins, as a figure of weights."""
    return lambda weight: float(
        np.mean([r.auc(None if weight is None else weight[kept]) for kept, r in rankings.values()])
    )


def level_figures(rows: Judged, flagged: Mask, beta: float) -> LevelFigures:
    """Figures of flagged rows."""
    jobs = np.nan_to_num(rows.effectif_count, nan=0.0) * rows.failure
    found, lost, saved = (float(x.sum()) for x in (rows.failure[flagged], jobs, jobs[flagged]))
    precision = found / flagged.sum() if flagged.any() else 0.0
    recall = found / float(rows.failure.sum()) if rows.failure.any() else 0.0
    expected = float(rows.probability[flagged].sum())
    return LevelFigures(
        flagged_share=float(flagged.mean()),
        precision=float(precision),
        recall=recall,
        f_beta=f_beta(float(precision), recall, beta),
        observed_over_expected=found / expected if expected else float("nan"),
        jobs_recall=saved / lost if lost else 0.0,
        jobs_found_count=saved / len(np.unique(np.stack([rows.origin, rows.month]), axis=1).T),
    )


def calibration(probability: Doubles, failure: Doubles) -> tuple[CalibrationBin, ...]:
    """Tenths of the probabilities, from the lowest."""
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, CALIBRATION_BINS) if len(part)]
    return tuple(
        CalibrationBin(float(probability[part].mean()), float(failure[part].mean()), len(part)) for part in bins
    )
