"""Ten groups of sectors: their weight, their economics, and the activity codes that compose them.

Orders of magnitude of French companies of ten employees and more; they are meant to be plausible, not estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from signaux_faibles.domain.naf import naf_sections
from signaux_faibles.synthetic.arrays import Floats


@dataclass(frozen=True)
class SectorGroup:
    """A group of sections of the NAF that behave alike in the simulation."""

    name: str
    sections: str
    share: float
    failure_ratio: float
    wage_eur: float
    turnover_per_head_keur: float
    gross_margin_ratio: float
    ebitda_ratio: float
    ebitda_spread_ratio: float
    stock_days: float
    customer_days: float
    supplier_days: float
    short_time_ratio: float
    season_ratio: float
    covid_ratio: float
    energy_ratio: float


GROUPS = (
    SectorGroup("industry", "BCDE", 0.155, 0.95, 2700, 190, 0.55, 0.070, 0.06, 45, 55, 50, 3.0, 0.02, 0.5, 1.0),
    SectorGroup("construction", "F", 0.170, 1.50, 2500, 135, 0.60, 0.060, 0.05, 10, 60, 45, 1.5, 0.04, 0.6, 0.3),
    SectorGroup("trade", "G", 0.220, 0.95, 2300, 330, 0.28, 0.035, 0.035, 50, 20, 45, 0.6, 0.03, 0.5, 0.2),
    SectorGroup("transport", "H", 0.055, 1.20, 2400, 120, 0.60, 0.060, 0.05, 3, 50, 40, 0.7, 0.02, 0.5, 0.7),
    SectorGroup("hospitality", "I", 0.100, 1.30, 1900, 75, 0.68, 0.080, 0.07, 6, 5, 35, 0.8, 0.15, 1.0, 0.3),
    SectorGroup("information", "J", 0.045, 0.80, 3600, 150, 0.80, 0.080, 0.10, 2, 70, 45, 0.4, 0.01, 0.3, 0.0),
    SectorGroup("finance_real_estate", "KL", 0.045, 0.60, 3300, 260, 0.75, 0.120, 0.12, 2, 40, 45, 0.3, 0.01, 0.3, 0.0),
    SectorGroup("business_services", "MN", 0.155, 0.95, 2700, 100, 0.80, 0.070, 0.08, 3, 65, 40, 0.7, 0.03, 0.4, 0.0),
    SectorGroup("health_social", "PQ", 0.055, 0.40, 2100, 60, 0.85, 0.050, 0.06, 2, 25, 35, 0.2, 0.01, 0.3, 0.05),
    SectorGroup("other", "ARS", 0.0, 0.80, 2000, 95, 0.65, 0.070, 0.08, 25, 30, 40, 0.8, 0.10, 0.8, 0.2),
)
"""The last group takes what the shares of the others leave."""

_FREQUENT_TEXT = (
    "10.71C 25.62B 33.12Z 18.12Z 10.13A 25.11Z 28.99B 22.29A 31.09B 41.20A 41.20B 43.21A 43.22A 43.32A 43.34Z "
    "43.99C 43.12A 43.31Z 45.11Z 45.20A 46.69B 46.90Z 47.11F 47.11D 47.71Z 47.73Z 47.52B 46.73A 49.41A 49.41B "
    "49.39A 52.29B 56.10A 56.10C 55.10Z 56.21Z 56.30Z 62.01Z 62.02A 62.03Z 58.29C 68.31Z 68.32A 64.20Z 70.22Z "
    "69.20Z 71.12B 71.11Z 78.20Z 81.21Z 80.10Z 70.10Z 73.11Z 86.90A 86.10Z 87.10A 88.10A 88.99B 85.59A 01.13Z "
    "96.02A 93.13Z 94.99Z"
)
FREQUENT_CODES = frozenset(_FREQUENT_TEXT.split())
"""Codes that weigh twelve times an ordinary code of their section."""

EXCLUDED_CODES = ("84.11Z", "85.20Z", "85.31Z", "94.11Z", "94.91Z", "64.19Z", "65.12Z", "66.22Z")
"""Activities that the perimeter leaves out, given to the companies meant to be excluded."""

_EXCLUDED_DIVISIONS = frozenset(
    ("84", "85.1", "85.2", "85.3", "85.4", "94.1", "94.2", "94.91", "94.92", "65", "66", "99")
)


def group_shares() -> Floats:
    """Share of each group among companies; they add up to one."""
    shares = np.array([group.share for group in GROUPS])
    shares[-1] = 1.0 - shares.sum()
    return shares


def column(name: str) -> Floats:
    """One characteristic of every group, in the order of `GROUPS`."""
    return np.array([getattr(group, name) for group in GROUPS], dtype=np.float64)


@cache
def codes_of_group(rank: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Activity codes of a group inside the perimeter, and the cumulated weight of each."""
    sections = GROUPS[rank].sections
    financial = ("64.1", "64.3", "64.9")
    codes = tuple(
        code
        for code, section in sorted(naf_sections().items())
        if section in sections and not code.startswith((*_EXCLUDED_DIVISIONS, *financial))
    )
    weights = np.array([12.0 if code in FREQUENT_CODES else 1.0 for code in codes])
    return codes, tuple(np.cumsum(weights) / weights.sum())
