"""Rounding that keeps a sum: what an agent adds up by hand must give the figure shown."""

from __future__ import annotations

from collections.abc import Sequence


def round_to_total(values: Sequence[float], total: float, *, decimals: int = 1) -> list[float]:
    """Round values so that they add up to the rounded total.

    Largest remainders are rounded up first; ties keep the order given.

    Parameters
    ----------
    values : sequence of float
        Terms whose exact sum is `total` up to floating-point error.
    total : float
        The sum as it will be shown, before rounding.
    decimals : int
        Digits kept after the decimal point.

    Returns
    -------
    list of float
        One rounded term per value, in order; their sum, once rounded, is `round(total, decimals)`.
    """
    scale = 10**decimals
    # The total is shown rounded by itself: 0.95, which is a little less in binary, reads 0.9 though 9.5 rounds to 10.
    target = round(round(total, decimals) * scale)
    floors = [int(value * scale // 1) for value in values]
    missing = target - sum(floors)
    order = sorted(range(len(values)), key=lambda i: (-(values[i] * scale - floors[i]), i))
    for rank in range(abs(missing)):
        index = order[rank % len(order)] if missing > 0 else order[-1 - rank % len(order)]
        floors[index] += 1 if missing > 0 else -1
    return [units / scale for units in floors]
