"""How sure a probability is: beta maps refitted on companies drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.calibrate.maps import Beta, Doubles, fit_beta

DRAWS = 40
LOW, HIGH = 0.05, 0.95
POINTS = 500


@dataclass(frozen=True)
class Bag:
    """Beta maps fitted on companies drawn again.

    Parameters
    ----------
    maps : tuple of Beta
    """

    maps: tuple[Beta, ...]

    def interval(self, log_odds: Doubles, probability: Doubles) -> tuple[Doubles, Doubles]:
        """Bounds of 90 % around calibrated probabilities, shapes (n,): they always hold the probability."""
        told = np.stack([one.probability(log_odds) for one in self.maps])
        low, high = np.quantile(told, [LOW, HIGH], axis=0)
        return np.minimum(low, probability), np.maximum(high, probability)


def fit_bag(log_odds: Doubles, failure: npt.NDArray[np.floating], company: npt.NDArray[np.int64], seed: int) -> Bag:
    """Fit the maps of a bag, each on as many companies drawn with replacement.

    A draw that holds a single class, or ranks backwards, is drawn again.

    Raises
    ------
    StageError
        If no draw can be fitted.
    """
    rng, maps, tries = np.random.default_rng(seed), list[Beta](), 0
    _, codes = np.unique(company, return_inverse=True)
    count = int(codes.max()) + 1
    # Rows of near scores are put together: a draw then costs a sum, and a fit on some hundreds of points.
    place = np.searchsorted(np.unique(np.quantile(log_odds, np.linspace(0, 1, POINTS + 1)))[1:-1], log_odds)
    place = np.unique(place, return_inverse=True)[1]
    at = np.bincount(place, log_odds) / np.bincount(place)
    while len(maps) < DRAWS:
        tries += 1
        times = np.bincount(rng.integers(0, count, count), minlength=count)[codes].astype(np.float64)
        weight = np.bincount(place, times).astype(np.float64)
        failures = np.bincount(place, times * failure)
        try:
            maps.append(fit_beta(at, failures / np.maximum(weight, 1.0), weight=weight))
        except StageError:
            if tries > 3 * DRAWS:
                raise
    return Bag(tuple(maps))
