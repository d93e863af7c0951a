"""What became of past companies with such a score: the figure that an agent understands at once.

The table of bins is made from a backtest (`evaluation.similar`) and kept in the card of the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WIDE = "\u00a0"


@dataclass(frozen=True)
class SimilarBin:
    """Past companies whose probability was of an interval.

    Parameters
    ----------
    least : float
        Lowest probability of the bin; it ends where the next one starts.
    rows_count : int
        Companies at a month.
    companies_count : int
        Different companies.
    rate : float
        Share of the rows followed by a failure within 18 months; it never falls from one bin to the next.
    """

    least: float
    rows_count: int
    companies_count: int
    rate: float


def places_of(bins: Sequence[SimilarBin], probability: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Bin of each probability, shape (n,): one below them all is of the first."""
    starts = np.array([one.least for one in bins])
    return np.maximum(np.searchsorted(starts, probability, side="right") - 1, 0)


def similar_sentence(one: SimilarBin) -> str:
    """French sentence of a bin.

    The count is rounded to the nearest company of a hundred; what is not zero never reads as zero.
    """
    count = round(100 * one.rate)
    horizon = f"dans les 18{WIDE}mois"
    if count == 0:
        return f"Sur 100 entreprises ayant eu un tel score, moins d'une a connu une défaillance {horizon}."
    verb = "une a" if count == 1 else f"{count} ont"
    return f"Sur 100 entreprises ayant eu un tel score, {verb} connu une défaillance {horizon}."
