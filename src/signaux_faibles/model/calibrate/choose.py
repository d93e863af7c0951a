"""Which map: the one that tells companies left out best."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.calibrate.maps import Calibrator, Doubles, fit_beta, fit_isotonic

FOLDS = 4
GAIN = 0.001
"""Share of the log-loss that a map of more parameters must win over a simpler one to be preferred."""

Fit = Callable[[Doubles, npt.ArrayLike], Calibrator]


def _platt(log_odds: Doubles, failure: npt.ArrayLike) -> Calibrator:
    return fit_beta(log_odds, failure, is_line=True)


MAPS: tuple[tuple[str, Fit], ...] = (("platt", _platt), ("beta", fit_beta), ("isotonic", fit_isotonic))
"""The simplest first."""


def choose_calibrator(
    log_odds: Doubles, failure: npt.NDArray[np.floating], fold: npt.NDArray[np.int64]
) -> tuple[Calibrator, dict[str, float]]:
    """Map of the lowest log-loss on companies left out, fitted again on all rows; the log-loss of each that could be.

    Parameters
    ----------
    log_odds, failure : arrays, shape (n,)
        Of scores by learners that saw none of these companies.
    fold : array of int, shape (n,)
        Any number of each company: its remainder by `FOLDS` shares companies out.

    Raises
    ------
    StageError
        If the rows have a single class, or the score ranks backwards.
    """
    losses = {}
    for name, fit in MAPS:
        losses[name] = _loss(fit, log_odds, failure, fold % FOLDS)
    chosen, fit = MAPS[0]
    for name, other in MAPS[1:]:
        if losses[name] < losses[chosen] * (1 - GAIN):
            chosen, fit = name, other
    return fit(log_odds, failure), {name: loss for name, loss in losses.items() if np.isfinite(loss)}


def _loss(fit: Fit, log_odds: Doubles, failure: npt.NDArray[np.floating], fold: npt.NDArray[np.int64]) -> float:
    """Mean log-loss of rows told by a map fitted on the other companies; infinite if some cannot be."""
    total = 0.0
    for k in range(FOLDS):
        out = fold == k
        if len(np.unique(failure[~out])) < 2:
            return float("inf")
        try:
            told = fit(log_odds[~out], failure[~out]).probability(log_odds[out])
        except StageError:
            return float("inf")  # a line may rank backwards where a map that bends does not
        total -= float(np.where(failure[out] > 0, np.log(told), np.log1p(-told)).sum())
    return total / len(failure)
