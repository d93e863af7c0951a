"""Whether the month scored still resembles the months learnt from: features, missing values and scores.

The population stability index (PSI) compares two distributions cut in tenths of the first: the sum, over the classes,
of the difference of shares times the logarithm of their ratio. Missing values make a class of their own. By usage,
above 0.2 the population is another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

CLASSES = 10
LEAST_SHARE = 1e-4
"""Share given to an empty class: the index would be infinite."""

ALERT_PSI = 0.2
MANY_FEATURES_SHARE = 0.1
"""Share of the features beyond `ALERT_PSI` from which the whole is said to have drifted."""


@dataclass(frozen=True)
class FeatureDrift:
    """How much a feature moved: its index, and its share of missing values before and now."""

    name: str
    label: str
    psi: float
    missing_before_share: float
    missing_now_share: float


@dataclass(frozen=True)
class Drift:
    """How much a scored month differs from the months learnt from.

    Parameters
    ----------
    before, now : str
        Months compared, `2016-01 to 2024-01` (the same month of each year) and `2026-07`.
    rows_before_count, rows_now_count : int
    score_psi : float
    features : tuple of FeatureDrift
        Sorted by index, the highest first.
    """

    before: str
    now: str
    rows_before_count: int
    rows_now_count: int
    score_psi: float
    features: tuple[FeatureDrift, ...]

    @property
    def drifted(self) -> tuple[FeatureDrift, ...]:
        """Features beyond the limit."""
        return tuple(one for one in self.features if one.psi > ALERT_PSI)

    @property
    def is_alarming(self) -> bool:
        """True when the score, or many features, moved beyond the limit."""
        return self.score_psi > ALERT_PSI or len(self.drifted) > MANY_FEATURES_SHARE * len(self.features)


@dataclass(frozen=True)
class Sample:
    """Rows of some months: `values` of shape (n, p), NaN where missing, and `score` of shape (n,)."""

    months: str
    values: Floats
    score: Floats


def drift(before: Sample, now: Sample, features: Sequence[str], labels: Mapping[str, str]) -> Drift:
    """Compare the months scored with those learnt from.

    Parameters
    ----------
    features : sequence of str
        Names of the columns of the values.
    labels : mapping of str to str
        French label of each feature.
    """
    found = [
        FeatureDrift(
            name,
            labels.get(name, name),
            psi(before.values[:, rank], now.values[:, rank]),
            float(np.isnan(before.values[:, rank]).mean()),
            float(np.isnan(now.values[:, rank]).mean()),
        )
        for rank, name in enumerate(features)
    ]
    found.sort(key=lambda one: (-one.psi, one.name))
    return Drift(
        before.months, now.months, len(before.score), len(now.score), psi(before.score, now.score), tuple(found)
    )


def psi(before: Floats, now: Floats) -> float:
    """Population stability index of a quantity, missing values being a class; 0 when nothing moved.

    Classes are tenths of the first distribution; a value that many share makes fewer of them.
    """
    known = before[~np.isnan(before)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, CLASSES + 1)[1:-1])) if len(known) else np.zeros(0)
    expected, found = (_shares(values, edges) for values in (before, now))
    return float(np.sum((found - expected) * np.log(found / expected)))


def _shares(values: Floats, edges: Floats) -> npt.NDArray[np.float64]:
    """Share of each class, the missing last."""
    missing = np.isnan(values)
    counts = np.bincount(np.digitize(values[~missing], edges, right=True), minlength=len(edges) + 1)
    shares = np.append(counts, missing.sum()) / max(len(values), 1)
    return np.maximum(shares, LEAST_SHARE)


def warning(found: Drift) -> str:
    """French sentences on a drift beyond the limit, naming the features; empty when there is none."""
    if not found.is_alarming:
        return ""
    sentences = []
    if found.score_psi > ALERT_PSI:
        sentences.append(
            f"Attention : les scores de ce mois ne se répartissent plus comme ceux des mois appris (indice de stabilité"
            f" {_french(found.score_psi)}, au-delà de {_french(ALERT_PSI)}) ; les niveaux sont à lire avec prudence."
        )
    if found.drifted:
        named = ", ".join(f"« {one.label} » ({_french(one.psi)})" for one in found.drifted[:NAMED])
        others = f", et {len(found.drifted) - NAMED} autres" if len(found.drifted) > NAMED else ""
        start = "Variables qui ont le plus changé" if sentences else "Attention : des variables ont beaucoup changé"
        sentences.append(f"{start} depuis les mois appris : {named}{others}.")
    return " ".join(sentences)


NAMED = 8
"""Features named in a warning."""


def _french(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")
