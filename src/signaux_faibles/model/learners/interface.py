"""What every learner is given and gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.recipes.declare import Recipe

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

EDGE = 1e-6
"""Scores that are probabilities are kept this far from 0 and 1 before their log-odds are taken."""

REMEDY = "Restore the model from a copy, or remove its folder and train it again with `signaux train`."
"""What to do about a damaged file of a learner."""


@dataclass(frozen=True)
class Outcome:
    """What happened to n rows.

    Parameters
    ----------
    failure : array, shape (n,)
        1 if a proceeding opens within the horizon, 0 if not; NaN when not known yet, for a hazard only.
    months_to_failure : array, shape (n,), optional
        Months to that opening, NaN when none was observed.
    months_observed : array, shape (n,), optional
        Months after the row of which everything is told; a closure without proceeding ends nothing.
    """

    failure: Floats
    months_to_failure: Floats | None = None
    months_observed: Floats | None = None


class Fitted(Protocol):
    """A learner that was fitted."""

    @property
    def recipe(self) -> Recipe:
        """Recipe it was fitted by."""

    def score(self, values: Floats) -> Doubles:
        """Ranking score of each row, shape (n,): higher is riskier."""

    def log_odds(self, values: Floats) -> Doubles:
        """Score of each row in log-odds, shape (n,), before calibration."""

    def contributions(self, values: Floats) -> Doubles:
        """Contributions of each column to the score, shape (n, p + 1): the last one is the base.

        They add up to the score (TreeSHAP, path dependent, for trees).
        """

    def save(self, folder: Path) -> None:
        """Write it in its open format."""


def log_odds_of(probability: Doubles) -> Doubles:
    """Log-odds of scores that are probabilities."""
    clipped = np.clip(probability, EDGE, 1 - EDGE)
    odds: Doubles = np.log(clipped / (1 - clipped))
    return odds


def class_weights(recipe: Recipe, failure: Floats) -> Floats | None:
    """Weight of each row that gives positives the share of the recipe, None when it asks for none."""
    if recipe.positive_share is None:
        return None
    positives = float(failure.sum())
    odds = recipe.positive_share / (1 - recipe.positive_share)
    return np.where(failure > 0, odds * (len(failure) - positives) / positives, 1.0).astype(np.float32)


def check_two_classes(outcome: Outcome) -> None:
    """Refuse rows of a single class.

    Raises
    ------
    StageError
        With the rows found.
    """
    positives, rows = int(np.nansum(outcome.failure)), int((~np.isnan(outcome.failure)).sum())
    if not 0 < positives < rows:
        raise StageError(
            f"Nothing to learn: {rows} rows, {positives} positive.", todo="Use more companies or a longer history."
        )
