"""Graduations of an axis: round numbers, few of them, zero always among them."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high`, with its graduations."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int


def nice_scale(low: float, high: float, *, intervals: int = 3, whole: bool = False) -> Scale:
    """Axis that holds zero and both values.

    Parameters
    ----------
    low, high : float
        Extreme values to show.
    intervals : int
        Wished number of intervals; the result has that many at most, plus one.
    whole : bool
        True for what is counted (employees): graduations are then whole numbers.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        high = 1.0
    step = _step((high - low) / intervals, whole=whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(rank * step for rank in range(first, last + 1))
    return Scale(low=ticks[0], high=ticks[-1], ticks=ticks, decimals=_decimals(step))


def _step(raw: float, *, whole: bool) -> float:
    if whole and raw <= 1:
        return 1.0
    magnitude = 10.0 ** math.floor(math.log10(raw))
    for factor in _STEPS:
        step = factor * magnitude
        if step >= raw * (1 - 1e-9) and not (whole and step != round(step)):
            return step
    return 10 * magnitude


def _decimals(step: float) -> int:
    for decimals in range(4):
        if math.isclose(step * 10**decimals, round(step * 10**decimals), rel_tol=1e-9):
            return decimals
    return 4
