"""Rows that stay with the workers of an engine, in the place of an array of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from signaux_faibles.model.learners.interface import Floats

Kept = npt.NDArray[np.bool_] | npt.NDArray[np.int64]
Parameters = Mapping[str, float | int | str]


class DistantRows(ABC):
    """Values of rows that the program does not hold: it says which ones, how they are labelled, and gets trees back.

    A learner made of trees is given them as it is given an array: what it asks of one is here.
    """

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    def __len__(self) -> int:
        return self.shape[0]

    @abstractmethod
    def __getitem__(self, kept: Kept) -> DistantRows:
        """Some of the rows, as many times as they are named."""

    @abstractmethod
    def with_column(self, column: Floats) -> DistantRows:
        """The rows with one more column, shape (n,), that the program knows; after the others."""

    @abstractmethod
    def grow(self, labelled: Labelled, parameters: Parameters, *, rounds: int) -> xgb.Booster:
        """Trees grown where the rows are."""


@dataclass(frozen=True)
class Labelled:
    """Distant rows to learn from.

    Parameters
    ----------
    rows : DistantRows
    label, weight : array, shape (n,)
    fill_missing_with_zero : bool
    """

    rows: DistantRows
    label: Floats
    weight: Floats
    fill_missing_with_zero: bool

    def grow(self, parameters: Parameters, *, rounds: int) -> xgb.Booster:
        """Trees grown where the rows are."""
        return self.rows.grow(self, parameters, rounds=rounds)


def as_values(rows: DistantRows) -> Floats:
    """Distant rows where an array is declared: learners read nothing of either but through `trees`."""
    return cast(Floats, rows)


def with_column(values: Floats, column: Floats) -> Floats:
    """Rows with one more column, shape (n,), after the others; wherever they are."""
    if isinstance(values, DistantRows):
        return as_values(values.with_column(column))
    return np.concatenate([values, column[:, None].astype(np.float32)], axis=1)
