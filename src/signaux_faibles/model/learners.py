"""Learners behind one interface: fit, score, contributions.

A score is what a list is ranked on: a probability for the forest, log-odds for the boosting, before calibration.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xgboost as xgb

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.matrix import Floats
from signaux_faibles.model.recipes import Learner, Recipe

THREADS = 2
"""Fixed: histograms are summed per thread, and the same bytes are wanted on every machine."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A learner that was fitted.

    Parameters
    ----------
    recipe : Recipe
    booster : xgboost.Booster
    """

    recipe: Recipe
    booster: xgb.Booster

    def score(self, values: Floats) -> Doubles:
        """Ranking score of each row, shape (n,): higher is riskier."""
        data = xgb.DMatrix(_prepare(self.recipe, values), nthread=THREADS)
        return np.asarray(self.booster.predict(data, output_margin=True), np.float64)

    def contributions(self, values: Floats) -> Doubles:
        """Contributions of each feature to the score, shape (n, p + 1): the last column is the base.

        They add up to the score (TreeSHAP, path dependent).
        """
        data = xgb.DMatrix(_prepare(self.recipe, values), nthread=THREADS)
        return np.asarray(self.booster.predict(data, pred_contribs=True), np.float64)

    def save(self, path: Path) -> None:
        """Write the booster in XGBoost's open JSON format."""
        self.booster.save_model(path)


def fit(recipe: Recipe, values: Floats, failure: Floats) -> Fitted:
    """Fit a learner on labelled rows.

    Parameters
    ----------
    values : array, shape (n, p)
    failure : array of 0 and 1, shape (n,)

    Raises
    ------
    StageError
        If the rows hold no positive, or no negative.
    """
    positives = float(failure.sum())
    if positives == 0 or positives == len(failure):
        raise StageError(
            f"Nothing to learn: {len(failure)} rows, {int(positives)} positive.",
            todo="Use more companies or a longer history.",
        )
    weights = None
    if recipe.positive_share is not None:
        negatives = len(failure) - positives
        boost = recipe.positive_share / (1 - recipe.positive_share) * negatives / positives
        weights = np.where(failure > 0, boost, 1.0).astype(np.float32)
    data = xgb.DMatrix(_prepare(recipe, values), label=failure, weight=weights, nthread=THREADS)
    parameters, rounds = _parameters(recipe, values.shape[1], failure, weights)
    return Fitted(recipe, xgb.train(parameters, data, num_boost_round=rounds))


def load(recipe: Recipe, path: Path) -> Fitted:
    """Read a booster written by `Fitted.save`."""
    return Fitted(recipe, xgb.Booster(params={"nthread": THREADS}, model_file=path))


def _prepare(recipe: Recipe, values: Floats) -> Floats:
    return np.nan_to_num(values, nan=0.0) if recipe.fill_missing_with_zero else values


def _parameters(
    recipe: Recipe, width: int, failure: Floats, weights: Floats | None
) -> tuple[dict[str, float | int | str], int]:
    parameters: dict[str, float | int | str] = dict(recipe.parameters)
    rounds = int(parameters.pop("num_boost_round", 1))
    parameters |= {"seed": recipe.seed, "nthread": THREADS, "tree_method": "hist"}
    if recipe.learner is Learner.BOOSTING:
        return parameters | {"objective": "binary:logistic"}, rounds
    # One round of parallel trees on the squared error, no shrinkage: leaves hold the mean label of their rows, and
    # splits minimise its variance, which for a binary label is Gini's criterion: a random forest.
    share = float(np.average(failure, weights=weights))
    forest: dict[str, float | int | str] = {
        "objective": "reg:squarederror",
        "base_score": share,
        "eta": 1.0,
        "reg_lambda": 0.0,
        "subsample": 0.632,
        "colsample_bynode": width**0.5 / width,
        "min_child_weight": 1,
    }
    return parameters | forest, 1
