"""Figures of a ranking and of its two levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from signaux_faibles.model.learners import Doubles
from signaux_faibles.model.thresholds import BETA_ELEVE, BETA_MODERE, Thresholds, f_beta

Metric = Callable[..., float]

RESAMPLES = 200
CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Interval:
    """Estimate and its 90 % interval, by bootstrap of whole companies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class LevelFigures:
    """What happens when everything at or above a threshold is flagged.

    Parameters
    ----------
    threshold : float
        Probability.
    flagged_share, precision, recall, f_beta : float
        Shares of rows; `f_beta` is F0.5 for the high level, F2 for the moderate one.
    jobs_recall : float
        Share of the jobs of the companies that failed which stood in flagged companies.
    jobs_found_count : float
        Those jobs, averaged over the months of the fold.
    """

    threshold: float
    flagged_share: float
    precision: float
    recall: float
    f_beta: float
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
    """Everything said of a model on a set of rows."""

    rows_count: int
    companies_count: int
    positives_count: int
    base_rate: float
    auc: Interval
    average_precision: Interval
    brier: float
    eleve: LevelFigures
    modere: LevelFigures
    calibration: tuple[CalibrationBin, ...]


def measure(
    probability: Doubles,
    failure: npt.NDArray[np.float64],
    *,
    company: npt.NDArray[np.object_],
    effectif_count: npt.NDArray[np.float64],
    months_count: int,
    thresholds: Thresholds,
) -> Figures:
    """Figures of calibrated probabilities against what happened.

    Parameters
    ----------
    probability, failure, company, effectif_count : arrays, shape (n,)
        `failure` is 0 or 1; an unknown headcount (NaN) counts for no job.
    months_count : int
        Months of the fold, to turn row sums of jobs into a monthly average.
    """
    jobs = np.nan_to_num(effectif_count, nan=0.0)
    names, codes = np.unique(company.astype(str), return_inverse=True)
    return Figures(
        rows_count=len(failure),
        companies_count=len(names),
        positives_count=int(failure.sum()),
        base_rate=float(failure.mean()),
        auc=bootstrap(roc_auc_score, failure, probability, codes, len(names)),
        average_precision=bootstrap(average_precision_score, failure, probability, codes, len(names)),
        brier=float(np.mean((probability - failure) ** 2)),
        eleve=_level(probability, failure, jobs, months_count, thresholds.eleve, BETA_ELEVE),
        modere=_level(probability, failure, jobs, months_count, thresholds.modere, BETA_MODERE),
        calibration=_calibration(probability, failure),
    )


def _level(
    probability: Doubles,
    failure: npt.NDArray[np.float64],
    jobs: npt.NDArray[np.float64],
    months_count: int,
    threshold: float,
    beta: float,
) -> LevelFigures:
    flagged = probability >= threshold
    found = float(failure[flagged].sum())
    precision = found / flagged.sum() if flagged.any() else 0.0
    recall = found / failure.sum()
    lost = float((jobs * failure).sum())
    saved = float((jobs * failure)[flagged].sum())
    return LevelFigures(
        threshold=threshold,
        flagged_share=float(flagged.mean()),
        precision=float(precision),
        recall=float(recall),
        f_beta=f_beta(float(precision), float(recall), beta),
        jobs_recall=saved / lost if lost else 0.0,
        jobs_found_count=saved / months_count,
    )


def _calibration(probability: Doubles, failure: npt.NDArray[np.float64]) -> tuple[CalibrationBin, ...]:
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, CALIBRATION_BINS) if len(part)]
    return tuple(
        CalibrationBin(float(probability[part].mean()), float(failure[part].mean()), len(part)) for part in bins
    )


def bootstrap(
    metric: Metric, failure: npt.NDArray[np.float64], score: Doubles, company: npt.NDArray[np.int_], companies: int
) -> Interval:
    """Bootstrap of whole companies: the months of one company are not independent."""
    rng = np.random.default_rng(0)
    values = []
    for _ in range(RESAMPLES):
        weights = rng.poisson(1.0, companies).astype(np.float64)[company]
        kept = weights > 0
        if 0 < failure[kept].sum() < kept.sum():
            values.append(metric(failure[kept], score[kept], sample_weight=weights[kept]))
    low, high = np.quantile(values, [0.05, 0.95])
    return Interval(float(metric(failure, score)), float(low), float(high))
