"""The maps from the log-odds of a score to a probability: Platt's line, beta, isotonic."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from signaux_faibles.domain.errors import StageError

Doubles = npt.NDArray[np.float64]

LEAST, MOST = 1e-6, 1 - 1e-6
"""Probabilities are kept within these: nothing is certain."""


class Calibrator(Protocol):
    """Map that never falls."""

    @property
    def kind(self) -> str:
        """Name by which it is stored."""

    def probability(self, log_odds: Doubles) -> Doubles:
        """Probability at each log-odds of a score, shape (n,)."""

    def derivative(self, log_odds: Doubles) -> Doubles:
        """Slope of the probability there, shape (n,): what a small contribution is worth."""


@dataclass(frozen=True)
class Beta:
    """Beta calibration: three parameters; Platt's line when `low` and `high` are equal.

    The log-odds of the probability are `low log s - high log(1 - s) + intercept`, s being the score as a probability
    (Kull, Silva Filho and Flach, 2017).

    Parameters
    ----------
    low, high : float
        Slopes where scores are low, and where they are high; never negative.
    intercept : float
    """

    low: float
    high: float
    intercept: float

    @property
    def kind(self) -> str:
        """`platt` or `beta`."""
        return "platt" if self.low == self.high else "beta"

    def log_odds(self, log_odds: Doubles) -> Doubles:
        """Calibrated log-odds, shape (n,)."""
        softplus = np.logaddexp(0.0, log_odds)
        calibrated: Doubles = self.low * (log_odds - softplus) + self.high * softplus + self.intercept
        return calibrated

    def probability(self, log_odds: Doubles) -> Doubles:
        """Probability, shape (n,)."""
        probability: Doubles = np.clip(expit(self.log_odds(log_odds)), LEAST, MOST)
        return probability

    def derivative(self, log_odds: Doubles) -> Doubles:
        """Slope of the probability, shape (n,)."""
        probability, share = expit(self.log_odds(log_odds)), expit(log_odds)
        slope: Doubles = probability * (1 - probability) * (self.low * (1 - share) + self.high * share)
        return slope


@dataclass(frozen=True)
class Isotonic:
    """Steps joined by lines: the probability at given log-odds, straight between, flat outside.

    Parameters
    ----------
    at, probabilities : tuple of float
        Log-odds of the points and what they are told, both rising.
    """

    at: tuple[float, ...]
    probabilities: tuple[float, ...]

    @property
    def kind(self) -> str:
        """`isotonic`."""
        return "isotonic"

    def probability(self, log_odds: Doubles) -> Doubles:
        """Probability, shape (n,)."""
        return np.clip(np.interp(log_odds, self.at, self.probabilities), LEAST, MOST)

    def derivative(self, log_odds: Doubles) -> Doubles:
        """Slope of the line there, shape (n,)."""
        at, probabilities = np.array(self.at), np.array(self.probabilities)
        slopes = np.concatenate([[0.0], np.diff(probabilities) / np.diff(at), [0.0]])
        slope: Doubles = slopes[np.searchsorted(at, log_odds, side="right")]
        return slope


def fit_beta(
    log_odds: Doubles, failure: npt.ArrayLike, *, weight: Doubles | None = None, is_line: bool = False
) -> Beta:
    """Fit beta calibration by maximum likelihood, or Platt's line.

    Parameters
    ----------
    log_odds : array, shape (n,)
    failure : array, shape (n,)
        0 or 1, or the share of failures when a row stands for several.
    weight : array, shape (n,), optional
        Rows that each row stands for.
    is_line : bool
        One slope for low and high scores.

    Raises
    ------
    StageError
        If the rows have a single class, or the score ranks backwards.
    """
    label = np.asarray(failure, np.float64)
    rows = np.ones(len(label)) if weight is None else weight
    total, positives = float(rows.sum()), float(rows @ label)
    if not 0 < positives < total:
        raise StageError(f"Nothing to calibrate on: {total:.0f} rows of a single class.", todo="Use more companies.")
    softplus = np.logaddexp(0.0, log_odds)
    slopes = [log_odds] if is_line else [log_odds - softplus, softplus]
    columns = np.column_stack([*slopes, np.ones(len(label))])

    def loss(parameters: Doubles) -> tuple[float, Doubles]:
        odds = columns @ parameters
        gradient = columns.T @ (rows * (expit(odds) - label)) / total
        return float(rows @ (np.logaddexp(0.0, odds) - label * odds)) / total, gradient

    start = np.array([1.0] * len(slopes) + [0.0])
    bounds = [(0.0, None)] * len(slopes) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "maxiter": 500})
    *slope, intercept = (float(value) for value in found.x)
    if max(slope) <= 0:
        raise StageError(
            "The score ranks companies backwards on the calibration fold.", todo="Use more companies or another recipe."
        )
    return Beta(slope[0], slope[-1], intercept)


def fit_isotonic(log_odds: Doubles, failure: npt.ArrayLike) -> Isotonic:
    """Fit an isotonic map, each step shrunk to its middle so that no two companies far apart are told the same."""
    label = np.asarray(failure, np.float64)
    fitted = IsotonicRegression(increasing=True).fit_transform(log_odds, label)
    order = np.argsort(log_odds, kind="stable")
    steps, first = np.unique(fitted[order], return_index=True)
    groups = np.split(log_odds[order], first[1:])
    at = np.array([float(group.mean()) for group in groups])
    keep = np.concatenate([[True], np.diff(at) > 0])
    return Isotonic(tuple(at[keep].tolist()), tuple(steps[keep].tolist()))


def describe(calibrator: Calibrator) -> dict[str, object]:
    """What is stored of a map."""
    return {"kind": calibrator.kind, **asdict(calibrator)}  # type: ignore[call-overload]


def read_calibrator(stored: dict[str, object]) -> Calibrator:
    """Map that was stored by `describe`."""
    values = {name: value for name, value in stored.items() if name != "kind"}
    if stored["kind"] == "isotonic":
        return Isotonic(*(tuple(values[name]) for name in ("at", "probabilities")))  # type: ignore[arg-type]
    return Beta(**values)  # type: ignore[arg-type]
