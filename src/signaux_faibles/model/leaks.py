"""Refuse what is too good to be true: a feature that tells the outcome by itself."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.learners import Doubles, Floats
from signaux_faibles.model.matrix import Matrix
from signaux_faibles.model.recipes import Recipe

TOO_GOOD_AUC = 0.97
"""AUC of a feature alone beyond which it knows the outcome: real early signs stay far below."""

MOST_ROWS, FEWEST_POSITIVES = 50_000, 30


def check_features(recipe: Recipe, rows: Matrix) -> None:
    """Refuse features that rank failures almost perfectly by themselves: the target is among them.

    Raises
    ------
    StageError
        With the features.
    """
    step = max(1, len(rows) // MOST_ROWS)
    values, failure = rows.values[::step], rows.failure[::step]
    known = ~np.isnan(failure)
    values, failure = values[known], failure[known]
    if failure.sum() < FEWEST_POSITIVES:
        return
    leaks = [name for rank, name in enumerate(recipe.features) if _alone(values[:, rank].astype(np.float64), failure)]
    if leaks:
        raise StageError(
            f"Recipe {recipe.name} reads what tells the outcome by itself: {', '.join(leaks)} (AUC alone above"
            f" {TOO_GOOD_AUC}).",
            todo="Remove it from the features, or find what it knows of the future.",
        )


def _alone(value: Doubles, failure: Floats) -> bool:
    is_missing = np.isnan(value)
    if is_missing.all():
        return False
    # Missing may be the leak: it is tried at both ends.
    low, high = (np.where(is_missing, end, value) for end in (np.nanmin(value) - 1, np.nanmax(value) + 1))
    found = [float(roc_auc_score(failure, filled)) for filled in (low, high)]
    return max(max(one, 1 - one) for one in found) > TOO_GOOD_AUC
