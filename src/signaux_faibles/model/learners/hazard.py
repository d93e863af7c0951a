"""Discrete-time hazard: probability of a failure within 1 to 36 months, which never falls as months pass.

Time ahead is cut in intervals; one booster learns, from the features and the rank of the interval, the probability
that a company which reached it fails within it. A row whose future is told for a few months only teaches the first
intervals: recent months are not lost. A company that closes without proceeding stays among those that do not fail, so
that the curve is the share of companies that do (its cumulative incidence), as the label of 18 months is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.learners.boosting import OBJECTIVE
from signaux_faibles.model.learners.distant import with_column
from signaux_faibles.model.learners.interface import Doubles, Floats, Outcome, log_odds_of
from signaux_faibles.model.learners.trees import Trees, grow, matrix, monotone, read
from signaux_faibles.model.recipes.declare import Recipe
from signaux_faibles.target.labels import HORIZON_MONTHS, LONGEST_HORIZON_MONTHS

EDGES_MONTHS = (0, 3, 6, 9, 12, 18, 24, LONGEST_HORIZON_MONTHS)
"""Ends of the intervals; the hazard is the same at every month of one."""

SURVIVED_KEPT = 2
"""Intervals kept of those that a row survived, weighted for the others: learning costs about twice a single label."""


@dataclass(frozen=True)
class Hazard(Trees):
    """Trees of a hazard; a score is the log-odds of a failure within 18 months."""

    def score(self, values: Floats) -> Doubles:
        """Log-odds of a failure within 18 months, shape (n,)."""
        return log_odds_of(self.curve(values)[:, HORIZON_MONTHS - 1])

    def log_odds(self, values: Floats) -> Doubles:
        """Log-odds of a failure within 18 months, shape (n,)."""
        return self.score(values)

    def contributions(self, values: Floats) -> Doubles:
        """Refuse: a probability made of several hazards has no sum of contributions.

        Raises
        ------
        StageError
            Always.
        """
        raise StageError(
            f"Recipe {self.recipe.name} gives curves, not reasons: its contributions do not add up.",
            todo="Explain with the recipe boosting.",
        )

    def curve(self, values: Floats) -> Doubles:
        """Probability of a failure within 1 to 36 months, shape (n, 36), never falling along a row."""
        survival = np.empty((len(values), LONGEST_HORIZON_MONTHS), np.float64)
        log_alive = np.zeros(len(values), np.float64)
        for rank, (first, last) in enumerate(_intervals()):
            margin = self.margin(_with_rank(values, rank))
            log_survived = -np.logaddexp(0.0, margin)  # log(1 - hazard)
            for month in range(first, last):
                survival[:, month] = log_alive + log_survived * (month + 1 - first) / (last - first)
            log_alive = log_alive + log_survived
        probability: Doubles = -np.expm1(survival)
        return probability


def fit(recipe: Recipe, values: Floats, outcome: Outcome) -> Hazard:
    """Fit the hazard on rows, each with what is known of its months ahead.

    Raises
    ------
    StageError
        If the months to failure are not told.
    """
    if outcome.months_to_failure is None or outcome.months_observed is None:
        raise StageError(f"Recipe {recipe.name} learns from months to failure, which these rows do not tell.")
    row, rank, failed, weight = person_periods(outcome.months_to_failure, outcome.months_observed, recipe.seed)
    data = matrix(recipe, _with_rank(values[row], rank), failed, weight)
    rounds = int(recipe.parameters["num_boost_round"])
    return Hazard(recipe, grow(recipe, data, {"objective": OBJECTIVE, **monotone(recipe, added=1)}, rounds=rounds))


def load(recipe: Recipe, folder: Path) -> Hazard:
    """Read a hazard."""
    return Hazard(recipe, read(folder))


Integers = npt.NDArray[np.int64]


def person_periods(
    months_to_failure: Floats, months_observed: Floats, seed: int
) -> tuple[Integers, Integers, Floats, Floats]:
    """Intervals that rows teach: rank of the row, rank of the interval, 1 if it failed there, weight.

    An interval is told when the whole of it is observed: counting failures already known in one that is not over, where
    survivors cannot be told yet, would bend the rate. All intervals of failure are kept, and `SURVIVED_KEPT` of the
    others of each row, drawn at random and weighted so that they stand for all.
    """
    never = np.nan_to_num(months_to_failure, nan=np.inf)
    ends = np.array(EDGES_MONTHS[1:])
    starts = np.array(EDGES_MONTHS[:-1])
    is_told = months_observed[:, None] >= ends
    failed = is_told & (never[:, None] > starts) & (never[:, None] <= ends)
    survived = is_told & (never[:, None] > ends)
    order = np.random.default_rng(seed).random(survived.shape)
    order[~survived] = np.inf
    place = order.argsort(axis=1).argsort(axis=1)
    kept = survived & (place < SURVIVED_KEPT)
    told = survived.sum(axis=1)
    row, rank = np.nonzero(failed | kept)
    is_failure = failed[row, rank]
    weight = np.where(is_failure, 1.0, told[row] / np.minimum(np.maximum(told[row], 1), SURVIVED_KEPT))
    return row, rank, is_failure.astype(np.float32), weight.astype(np.float32)


def _intervals() -> list[tuple[int, int]]:
    return list(pairwise(EDGES_MONTHS))


def _with_rank(values: Floats, rank: int | Integers) -> Floats:
    column = np.full(len(values), rank, np.float32) if isinstance(rank, int) else rank.astype(np.float32)
    return with_column(values, column)
