"""Rank of a value among the companies of its month: what a crisis moves together stays where it was.

A month is summed up by quantiles of each feature, so that a company is ranked the same way wherever it is scored. Only
rows of the month itself are used: nothing later can change a rank.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from signaux_faibles.model.learners.interface import Doubles, Floats
from signaux_faibles.model.matrix import Matrix
from signaux_faibles.model.recipes import Recipe

POINTS = 500


@dataclass(frozen=True)
class Grid:
    """Quantiles of the features of a month.

    Parameters
    ----------
    quantiles : array, shape (POINTS + 1, p)
        Rising; NaN throughout for a feature that is known for nobody.
    """

    quantiles: Doubles

    def ranks(self, values: Floats) -> Floats:
        """Rank of each value, from 0 to 1, shape (n, p); values that are equal share the middle of their place."""
        ranks = np.full(values.shape, np.nan, np.float32)
        for column in range(values.shape[1]):
            points, value = self.quantiles[:, column], values[:, column].astype(np.float64)
            is_known = ~np.isnan(value)
            if np.isnan(points[0]) or not is_known.any():
                continue
            below = np.searchsorted(points, value[is_known], side="left")
            above = np.searchsorted(points, value[is_known], side="right")
            ranks[is_known, column] = (below + above) / (2 * len(points))
        return ranks


def grid_of(values: Floats) -> Grid:
    """Quantiles of the rows of one month, shape (n, p); values are taken as they are, never between two."""
    quantiles = np.full((POINTS + 1, values.shape[1]), np.nan)
    for column in range(values.shape[1]):
        known = np.sort(values[:, column][~np.isnan(values[:, column])].astype(np.float64))
        if len(known):
            places = np.rint(np.linspace(0, len(known) - 1, POINTS + 1)).astype(int)
            quantiles[:, column] = known[places]
    return Grid(quantiles)


def with_ranks(recipe: Recipe, rows: Matrix) -> Matrix:
    """Rows with the columns that a recipe asks for: the ranks beside the values, month by month, if it has any."""
    if not recipe.has_ranks:
        return rows
    ranks = np.full(rows.values.shape, np.nan, np.float32)
    for month in np.unique(rows.month):
        of_month = rows.month == month
        values = rows.values[of_month]
        ranks[of_month] = grid_of(values).ranks(values)
    return replace(rows, values=np.concatenate([rows.values, ranks], axis=1))


def fold_ranks(recipe: Recipe, contributions: Doubles) -> Doubles:
    """Contributions of the features alone, shape (n, p + 1): those of their ranks added to theirs, then the base.

    Parameters
    ----------
    contributions : array, shape (n, c + 1)
        Of the columns of the recipe, then the base.
    """
    if not recipe.has_ranks:
        return contributions
    width = len(recipe.features)
    return np.column_stack([contributions[:, :width] + contributions[:, width:-1], contributions[:, -1]])
