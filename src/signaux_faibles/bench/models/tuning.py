"""One contender on one fold: choose on inner folds, learn on the whole, tell the rows judged."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.bench.models.columns import Doubles
from signaux_faibles.bench.models.contenders import Candidate, Contender
from signaux_faibles.bench.models.protocols import Fold
from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.calibrate.maps import Beta, fit_beta
from signaux_faibles.model.thresholds import choose_thresholds


@dataclass(frozen=True)
class FoldResult:
    """What a contender told of the rows of a fold.

    Parameters
    ----------
    score, probability : arrays, shape (m,)
    is_high, is_moderate : arrays of bool, shape (m,)
    chosen : int
        Rank of the candidate that inner folds preferred.
    """

    score: Doubles
    probability: Doubles
    is_high: npt.NDArray[np.bool_]
    is_moderate: npt.NDArray[np.bool_]
    chosen: int


def run_fold(
    contender: Contender,
    values: Doubles,
    failure: Doubles,
    fold: Fold,
    inner: list[Fold],
    *,
    amounts_count: int,
    told: Callable[[int], None],
) -> FoldResult:
    """Learn on the rows of a fold and tell those left out; nothing is chosen on them.

    Candidates are compared by the log-loss of their calibrated scores on the inner folds; the same scores give the
    calibration and the two thresholds.

    Parameters
    ----------
    values : array, shape (n, p)
    failure : array of 0 and 1, shape (n,)
    inner : list of Fold
        Within the rows learnt from.
    amounts_count : int
        Columns that are amounts of the table, the first ones.
    told : callable
        Given the rows learnt from after each round of learning: one for each inner fold, and one for the whole.
    """

    def scores(candidates: tuple[Candidate, ...], part: Fold) -> list[Doubles]:
        given = contender.scores(
            candidates, values[part.train], failure[part.train], values[part.test], amounts_count=amounts_count
        )
        told(len(part.train))
        return given

    parts = [scores(contender.candidates, part) for part in inner]
    known = np.concatenate([failure[part.test] for part in inner])
    outside = [np.concatenate(given) for given in zip(*parts, strict=True)]
    maps = [_calibrator(score, known) for score in outside]
    losses = [_log_loss(told_by, score, known) for told_by, score in zip(maps, outside, strict=True)]
    chosen = int(np.argmin(losses))
    calibrator = maps[chosen]
    thresholds = choose_thresholds(calibrator.probability(outside[chosen]), known.astype(np.float32))
    (score,) = scores((contender.candidates[chosen],), fold)
    probability = calibrator.probability(score)
    return FoldResult(score, probability, probability >= thresholds.eleve, probability >= thresholds.modere, chosen)


def _calibrator(score: Doubles, failure: Doubles) -> Beta:
    """Platt's line; of a score that ranks backwards, the share of failures is all that can be told."""
    try:
        return fit_beta(score, failure, is_line=True)
    except StageError:
        share = float(failure.mean())
        return Beta(0.0, 0.0, math.log(share / (1 - share)))


def _log_loss(calibrator: Beta, score: Doubles, failure: Doubles) -> float:
    told = calibrator.probability(score)
    return -float(np.where(failure > 0, np.log(told), np.log1p(-told)).mean())
