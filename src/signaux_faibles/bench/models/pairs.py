"""What two columns that say nearly the same thing say by disagreeing.

Two ratios of one balance sheet often rank companies alike; their difference and their quotient then hold what neither
shows to a tree that cuts one column at a time: an exceptional charge, an interest, accounts that do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.bench.models.columns import Doubles

LEAST_CORRELATION = 0.7
MOST_PAIRS = 150


@dataclass(frozen=True)
class Pairs:
    """Ranks of the columns of each pair.

    Parameters
    ----------
    left, right : arrays of int, shape (k,)
    """

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]

    def widen(self, values: Doubles) -> Doubles:
        """Values, then differences, then quotients: shape (n, p + 2k); computed in double precision."""
        left, right = values[:, self.left], values[:, self.right]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            added = np.column_stack([left - right, left / right])
        added[~np.isfinite(added)] = np.nan
        return np.column_stack([values, added])


def find_pairs(values: Doubles, candidates: int) -> Pairs:
    """Pairs of the first columns whose ranks go together most, on the rows learnt from; no label is read.

    Parameters
    ----------
    values : array, shape (n, p)
    candidates : int
        Columns that may be paired, from the first one.
    """
    if candidates < 2:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64))
    ranks = np.column_stack([_ranks(column) for column in values[:, :candidates].T])
    spread = ranks.std(axis=0)
    centred = (ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    correlation = np.abs(centred.T @ centred) / len(values)
    left, right = np.triu_indices(candidates, 1)
    strength = correlation[left, right]
    order = np.argsort(-strength, kind="stable")[:MOST_PAIRS]
    order = order[strength[order] >= LEAST_CORRELATION]
    return Pairs(left[order], right[order])


def _ranks(column: Doubles) -> Doubles:
    """Rank of each value, ties at their middle; a missing value stands at the median."""
    is_known = ~np.isnan(column)
    known = np.where(is_known, column, np.median(column[is_known]) if is_known.any() else 0.0)
    _, place, count = np.unique(known, return_inverse=True, return_counts=True)
    ranks: Doubles = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks
