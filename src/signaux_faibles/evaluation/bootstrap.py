"""Intervals by drawing companies again: the months of one company are not independent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

RESAMPLES = 200
LOW, HIGH = 0.05, 0.95

Figure = Callable[[Doubles | None], float]
"""Figure of rows under the weight of each; None weighs them all at 1."""


@dataclass(frozen=True)
class Interval:
    """Estimate and its 90 % interval, by bootstrap of whole companies."""

    value: float
    low: float
    high: float


def interval(figure: Figure, company: npt.NDArray[np.int64], *, resamples: int = RESAMPLES) -> Interval:
    """Interval of a figure of rows; draws in which it is not defined are left out.

    Parameters
    ----------
    figure : callable
    company : array of int, shape (n,)
        Number of the company of each row.
    """
    (found,) = intervals([figure], company, resamples=resamples)
    return found


def intervals(
    figures: Sequence[Figure], company: npt.NDArray[np.int64], *, resamples: int = RESAMPLES
) -> list[Interval]:
    """Intervals of several figures of the same rows, on the same draws: their differences are paired."""
    _, codes = np.unique(company, return_inverse=True)
    count, rng = int(codes.max(initial=-1)) + 1, np.random.default_rng(0)
    drawn: list[list[float]] = [[] for _ in figures]
    for _ in range(resamples):
        weight = rng.poisson(1.0, count).astype(np.float64)[codes]
        for values, figure in zip(drawn, figures, strict=True):
            values.append(figure(weight))
    return [_interval(figure(None), np.array(values)) for figure, values in zip(figures, drawn, strict=True)]


def _interval(value: float, drawn: Doubles) -> Interval:
    kept = drawn[~np.isnan(drawn)]
    if len(kept) == 0:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(kept, [LOW, HIGH])
    return Interval(value, float(low), float(high))
