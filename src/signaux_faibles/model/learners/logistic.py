"""Logistic regression on standardised columns: the model of 2021, and the plainest yardstick."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from signaux_faibles.lake.reading import read_json
from signaux_faibles.model.learners.interface import REMEDY, Doubles, Floats, Outcome, class_weights
from signaux_faibles.model.recipes.declare import Recipe

FILE = "logistic.json"


@dataclass(frozen=True)
class Logistic:
    """A line in log-odds.

    Parameters
    ----------
    recipe : Recipe
    mean, scale, slope : arrays, shape (p,)
        Of each column.
    intercept : float
    """

    recipe: Recipe
    mean: Doubles
    scale: Doubles
    slope: Doubles
    intercept: float

    def score(self, values: Floats) -> Doubles:
        """Log-odds of each row, shape (n,)."""
        odds: Doubles = self._terms(values).sum(axis=1) + self.intercept
        return odds

    def log_odds(self, values: Floats) -> Doubles:
        """Log-odds of each row, shape (n,)."""
        return self.score(values)

    def contributions(self, values: Floats) -> Doubles:
        """Term of each column, shape (n, p + 1), the intercept last; a missing value stands at the mean."""
        terms = self._terms(values)
        return np.column_stack([terms, np.full(len(terms), self.intercept)])

    def save(self, folder: Path) -> None:
        """Write the line as JSON."""
        content = {name: getattr(self, name).tolist() for name in ("mean", "scale", "slope")}
        text = json.dumps(content | {"intercept": self.intercept}, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    def _terms(self, values: Floats) -> Doubles:
        terms: Doubles = self.slope * (_filled(self.recipe, values, self.mean) - self.mean) / self.scale
        return terms


def fit(recipe: Recipe, values: Floats, outcome: Outcome) -> Logistic:
    """Fit the line on labelled rows.

    The penalty is per row, as Spark's `regParam`: scikit-learn's C is its inverse over the sum of weights.
    """
    given = np.nan_to_num(values, nan=0.0) if recipe.fill_missing_with_zero else values
    mean, scale = _moments(given.astype(np.float64))
    weights = class_weights(recipe, outcome.failure)
    total = float(len(values) if weights is None else weights.sum())
    line = LogisticRegression(C=1 / (recipe.parameters["penalty"] * total), max_iter=1000, tol=1e-6)
    line.fit((_filled(recipe, values, mean) - mean) / scale, outcome.failure, sample_weight=weights)
    return Logistic(recipe, mean, scale, line.coef_[0].astype(np.float64), float(line.intercept_[0]))


def load(recipe: Recipe, folder: Path) -> Logistic:
    """Read a line.

    Raises
    ------
    LakeError
        If it is damaged.
    """

    def line(content: dict[str, Any]) -> Logistic:
        mean, scale, slope = (np.array(content[name], np.float64) for name in ("mean", "scale", "slope"))
        return Logistic(recipe, mean, scale, slope, float(content["intercept"]))

    return read_json(folder / FILE, "the line of a model", line, todo=REMEDY)


def _filled(recipe: Recipe, values: Floats, mean: Doubles) -> Doubles:
    """Values in double precision, missing ones at zero if the recipe says so, at the mean of the column otherwise."""
    given = values.astype(np.float64)
    filled: Doubles = np.where(np.isnan(given), 0.0 if recipe.fill_missing_with_zero else mean, given)
    return filled


def _moments(values: Doubles) -> tuple[Doubles, Doubles]:
    """Mean and deviation of the known values of each column; 0 and 1 where there is none, or a single one."""
    is_known = ~np.isnan(values)
    count = np.maximum(is_known.sum(axis=0), 1)
    mean = np.where(is_known, values, 0.0).sum(axis=0) / count
    scale = np.sqrt(np.where(is_known, (values - mean) ** 2, 0.0).sum(axis=0) / count)
    return mean, np.where(scale > 0, scale, 1.0)
