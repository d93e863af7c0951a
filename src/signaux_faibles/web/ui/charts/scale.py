"""Graduations of an axis: round numbers, few of them, zero always among them."""

from __future__ import annotations

import math
from dataclasses import dataclass

_FACTORS = (1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)

_NOTHING = 1e-9
"""Extent under which an axis shows nothing but zero."""


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high`, with its graduations."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int


def nice_scale(low: float, high: float, *, intervals: int = 3, whole: bool = False) -> Scale:
    """Axis that holds zero and both values, with as little room as possible beyond them.

    Parameters
    ----------
    low, high : float
        Extreme values to show.
    intervals : int
        Wished number of intervals; the result has one more or one less, and one more again on both sides of zero.
    whole : bool
        True for what is counted (employees): graduations are then whole numbers.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < _NOTHING:
        low, high = 0.0, 1.0
    scales = [_scale(step, low, high) for step in _steps(high - low, intervals, whole=whole)]
    extent = high - low
    return min(scales, key=lambda scale: _cost(scale, extent, intervals))


def risk_scale(highest: float) -> Scale:
    """Axis of probabilities, with room above the highest one, and never beyond certainty."""
    scale = nice_scale(0, 1.08 * highest)
    return scale if scale.high <= 1 else nice_scale(0, 1, intervals=4)


def _cost(scale: Scale, extent: float, intervals: int) -> tuple[bool, float, int, int]:
    """Too many graduations first, then room lost, then distance to what was wished, then decimals."""
    count = len(scale.ticks) - 1
    lost = round((scale.high - scale.low) / extent, 6)
    return count > intervals + 1, lost, abs(count - intervals), scale.decimals


def _steps(extent: float, intervals: int, *, whole: bool) -> list[float]:
    """Round steps that cut an extent in about `intervals`: from one interval more to one less, rounded up."""
    least, most = extent / (intervals + 1), extent / max(intervals - 1, 1)
    first = math.floor(math.log10(least))
    steps = [factor * 10.0**power for power in range(first, first + 3) for factor in _FACTORS]
    if whole:
        steps = [step for step in (*steps, 1.0) if step == round(step) and step >= 1]
    steps = sorted(step for step in steps if step >= least * (1 - 1e-9))
    return [step for step in steps if step < most] + [step for step in steps if step >= most][:1]


def _scale(step: float, low: float, high: float) -> Scale:
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(rank * step for rank in range(first, last + 1))
    return Scale(low=ticks[0], high=ticks[-1], ticks=ticks, decimals=_decimals(step))


def _decimals(step: float) -> int:
    for decimals in range(4):
        if math.isclose(step * 10**decimals, round(step * 10**decimals), rel_tol=1e-9):
            return decimals
    return 4
