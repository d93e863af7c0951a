"""What the learners made of XGBoost's trees share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xgboost as xgb

from signaux_faibles.domain.errors import LakeError
from signaux_faibles.features.signs import SIGNS
from signaux_faibles.model.learners.distant import DistantRows, Labelled
from signaux_faibles.model.learners.interface import REMEDY, Doubles, Floats
from signaux_faibles.model.recipes.declare import RANK_PREFIX, Recipe

THREADS = 2
"""Fixed: histograms are summed per thread, and the same bytes are wanted on every machine."""

FILE = "booster.json"


@dataclass(frozen=True)
class Trees:
    """Trees of a recipe.

    Parameters
    ----------
    recipe : Recipe
    booster : xgboost.Booster
    """

    recipe: Recipe
    booster: xgb.Booster

    def margin(self, values: Floats) -> Doubles:
        """Sum of the leaves of each row, shape (n,)."""
        told = self.booster.inplace_predict(_filled(self.recipe, values), predict_type="margin")
        return np.asarray(told, np.float64)

    def contributions(self, values: Floats) -> Doubles:
        """Contributions of each column to the margin, shape (n, p + 1), the base last."""
        rows = xgb.DMatrix(_filled(self.recipe, values), nthread=THREADS)
        return np.asarray(self.booster.predict(rows, pred_contribs=True), np.float64)

    def save(self, folder: Path) -> None:
        """Write the trees in XGBoost's open JSON."""
        self.booster.save_model(folder / FILE)


def matrix(recipe: Recipe, values: Floats, label: Floats, weight: Floats | None = None) -> xgb.DMatrix | Labelled:
    """Rows to learn from, cut into bins; missing values as the recipe wants them."""
    if isinstance(values, DistantRows):
        same = np.ones(len(values), np.float32)
        return Labelled(values, label, same if weight is None else weight, recipe.fill_missing_with_zero)
    return xgb.QuantileDMatrix(_filled(recipe, values), label=label, weight=weight, nthread=THREADS)


def grow(
    recipe: Recipe, data: xgb.DMatrix | Labelled, parameters: Mapping[str, float | int | str], *, rounds: int
) -> xgb.Booster:
    """Grow trees where the rows are: the parameters of the recipe, then those of its learner."""
    own = {name: value for name, value in recipe.parameters.items() if name != "num_boost_round"}
    wanted = {**own, "seed": recipe.seed, "tree_method": "hist", **parameters}
    if isinstance(data, Labelled):
        return data.grow(wanted, rounds=rounds)
    return xgb.train({**wanted, "nthread": THREADS}, data, num_boost_round=rounds)


def monotone(recipe: Recipe, *, added: int = 0) -> dict[str, float | int | str]:
    """Way that the score may move with each column, where the trade knows it, if the recipe asks for it.

    Parameters
    ----------
    added : int
        Columns after those of the recipe, that may move it either way.
    """
    if not recipe.is_monotone:
        return {}
    signs = [*(SIGNS.get(name.removeprefix(RANK_PREFIX), 0) for name in recipe.columns), *([0] * added)]
    return {"monotone_constraints": f"({','.join(str(sign) for sign in signs)})"}


def _filled(recipe: Recipe, values: Floats) -> Floats:
    return np.nan_to_num(values, nan=0.0) if recipe.fill_missing_with_zero else values


def read(folder: Path) -> xgb.Booster:
    """Read what `Trees.save` wrote.

    Raises
    ------
    LakeError
        If it is damaged.
    """
    path = folder / FILE
    try:
        return xgb.Booster(params={"nthread": THREADS}, model_file=path)
    except (xgb.core.XGBoostError, OSError, ValueError):
        raise LakeError(f"{path} cannot be read as the trees of a model: found damaged.", todo=REMEDY) from None
