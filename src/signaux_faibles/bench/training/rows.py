"""Rows like those of a panel, made again as often as they are read, so that they are never all in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import xgboost as xgb

from signaux_faibles.model.learners import Floats, Outcome
from signaux_faibles.target.labels import LONGEST_HORIZON_MONTHS

MONTHS = 36
"""Of each company."""

COMPANIES_AT_ONCE = 2_500

MEMORY = 0.95
"""Of a month in the next one, for the state behind each column."""

RARITY = 7.3
"""Log-odds against a failure of a company like the others: about one row in sixty is positive."""


@dataclass(frozen=True)
class Rows:
    """So many rows of so many columns.

    Parameters
    ----------
    rows_count, columns_count : int
    seed : int
    """

    rows_count: int
    columns_count: int
    seed: int = 1

    def batches(self) -> Iterator[tuple[Floats, Outcome]]:
        """Values and what happened, some companies at a time; the same ones at each reading."""
        left, rank = self.rows_count, 0
        while left > 0:
            values, outcome = self._batch(rank)
            kept = min(left, len(values))
            yield (values[:kept], _first(outcome, kept))
            left, rank = left - kept, rank + 1

    def whole(self) -> tuple[Floats, Outcome]:
        """All of them, for those that fit in memory."""
        parts = list(self.batches())
        columns = zip(*((o.failure, o.months_to_failure, o.months_observed) for _, o in parts), strict=True)
        return np.concatenate([values for values, _ in parts]), Outcome(*(np.concatenate(one) for one in columns))

    def _batch(self, rank: int) -> tuple[Floats, Outcome]:
        """Companies of a batch, month after month: a third of the columns are amounts, a third of those mostly zero."""
        rng = np.random.default_rng([self.seed, rank])
        shape = (COMPANIES_AT_ONCE, self.columns_count)
        states = np.empty((MONTHS, *shape), np.float32)
        states[0] = rng.standard_normal(shape, np.float32)
        for month in range(1, MONTHS):
            states[month] = MEMORY * states[month - 1]
            states[month] += np.float32((1 - MEMORY**2) ** 0.5) * rng.standard_normal(shape, np.float32)
        odds = states[..., : min(12, self.columns_count)].sum(axis=2) / 2 - RARITY
        hazard = 1 / (1 + np.exp(-odds)) / 3
        values = states
        values[..., ::3] = np.exp(2 * values[..., ::3])
        values[..., ::9] = np.where(values[..., ::9] > 20, values[..., ::9], 0)
        # A source that does not know a company says nothing of it, in any month.
        missing = rng.random(shape) < np.linspace(0, 0.7, self.columns_count)
        values[:, missing] = np.nan
        months = rng.exponential(18 / np.maximum(18 * hazard, 1e-6)).astype(np.float32) + 1
        return values.reshape(-1, self.columns_count), _outcome(np.ceil(months).ravel(), rng)


def _outcome(months: Floats, rng: np.random.Generator) -> Outcome:
    observed = rng.integers(3, LONGEST_HORIZON_MONTHS + 1, len(months)).astype(np.float32)
    ahead = np.where(months <= observed, months, np.nan).astype(np.float32)
    return Outcome((months <= 18).astype(np.float32), ahead, observed)


def _first(outcome: Outcome, kept: int) -> Outcome:
    return Outcome(*(None if array is None else array[:kept] for array in vars(outcome).values()))  # type: ignore[arg-type]


class Stream(xgb.DataIter):  # type: ignore[misc]  # XGBoost is not typed
    """Rows given to XGBoost batch after batch, at each of its readings."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._batches = rows.batches()
        super().__init__()

    def next(self, input_data: Callable[..., None]) -> bool:
        """Give the next batch; False when there is none."""
        for values, outcome in self._batches:
            input_data(data=values, label=outcome.failure)
            return True
        return False

    def reset(self) -> None:
        """Read again from the first batch."""
        self._batches = self._rows.batches()
