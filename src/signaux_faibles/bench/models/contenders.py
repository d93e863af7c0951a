"""Who is judged: the yardsticks by their definitions, and our recipe, on the columns of any table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from signaux_faibles.bench.models.columns import Doubles
from signaux_faibles.bench.models.pairs import find_pairs
from signaux_faibles.domain.errors import InputError
from signaux_faibles.model.learners import Floats, fit
from signaux_faibles.model.recipes import FORET, RECIPES, Learner, Recipe

Parameters = Mapping[str, float | int]

FINE: Parameters = {
    "num_boost_round": 300,
    "max_depth": 5,
    "eta": 0.1,
    "subsample": 0.7,
    "colsample_bynode": 0.2,
    "min_child_weight": 0.5,
    "reg_lambda": 1,
}
"""For tables where failures are many, and tell themselves by fine differences."""

ROBUST: Parameters = {
    "num_boost_round": 200,
    "max_depth": 5,
    "eta": 0.05,
    "subsample": 0.7,
    "colsample_bynode": 0.2,
    "min_child_weight": 3,
    "reg_lambda": 5,
}
"""For tables where failures are rare and the past resembles the future from afar."""


@dataclass(frozen=True)
class Candidate:
    """One choice of parameters.

    Parameters
    ----------
    parameters : mapping
        Of the learner.
    forest_weight : float
        Log-odds that each point of probability of a forest adds to the score: the forest ranks the few surest rows
        best, the boosting the others.
    """

    parameters: Parameters
    forest_weight: float = 0.0

    @property
    def settings(self) -> str:
        """Parameters as text: candidates that share them share what is learnt."""
        return repr(sorted(self.parameters.items()))


@dataclass(frozen=True)
class Contender:
    """A way to score rows, fixed in advance but for what inner folds choose.

    Parameters
    ----------
    name, title : str
    recipe : Recipe
        Its features and parameters are replaced by those of the table and of the candidate.
    candidates : tuple of Candidate
    is_widened : bool
        Learnt from too: the rank of each value within its time, when rows have one; the differences and quotients of
        columns that rank rows alike.
    is_compressed : bool
        Each value is replaced by the logarithm of its size, with its sign: a line cannot stand amounts.
    """

    name: str
    title: str
    recipe: Recipe
    candidates: tuple[Candidate, ...]
    is_widened: bool = False
    is_compressed: bool = False

    def scores(
        self, candidates: tuple[Candidate, ...], train: Doubles, failure: Doubles, test: Doubles, *, amounts_count: int
    ) -> list[Doubles]:
        """Log-odds of the rows of `test` by each candidate, learnt from `train`.

        Parameters
        ----------
        train, test : arrays, shape (n, p) and (m, p)
        failure : array of 0 and 1, shape (n,)
        amounts_count : int
            Columns that are amounts of the table, the first ones: those that may be paired.
        """
        learnt, judged = self._given(train, test, amounts_count)
        label = failure.astype(np.float32)
        recipe = replace(self.recipe, features=tuple(f"c{rank}" for rank in range(learnt.shape[1])))
        margins: dict[str, Doubles] = {}
        for candidate in candidates:
            if candidate.settings not in margins:
                fitted = fit(replace(recipe, parameters=candidate.parameters), learnt, label)
                margins[candidate.settings] = fitted.log_odds(judged)
        forest = np.zeros(len(judged))
        if any(candidate.forest_weight for candidate in candidates):
            forest = fit(replace(FOREST, features=recipe.features), learnt, label).score(judged)
        return [margins[candidate.settings] + candidate.forest_weight * forest for candidate in candidates]

    def _given(self, train: Doubles, test: Doubles, amounts_count: int) -> tuple[Floats, Floats]:
        """Columns that it learns from; pairs are found on the rows learnt from."""
        if self.is_widened:
            pairs = find_pairs(train, amounts_count)
            train, test = pairs.widen(train), pairs.widen(test)
        if self.is_compressed:
            train, test = (np.sign(values) * np.log1p(np.abs(values)) for values in (train, test))
        return _single(train), _single(test)


BOOSTING = Recipe(name="boosting", title="Arbres boostés", learner=Learner.BOOSTING, features=())
"""Bare: signs and ranks of our own variables mean nothing in another table."""

FOREST = replace(FORET, positive_share=None, fill_missing_with_zero=False)
"""The forest that the boosting leans on: every row at its own weight, missing values as they are."""

FOREST_WEIGHTS = (0.0, 5.0, 10.0)
TUNED = tuple(Candidate(parameters, weight) for parameters in (FINE, ROBUST) for weight in FOREST_WEIGHTS)


def _yardstick(name: str) -> Contender:
    recipe = RECIPES[name]
    return Contender(name, recipe.title, recipe, (Candidate(recipe.parameters),))


CONTENDERS: tuple[Contender, ...] = (
    _yardstick("foret"),
    _yardstick("foret-manquants"),
    replace(
        _yardstick("foret"),
        name="foret-sans-poids",
        title="Forêt de production, où les défaillances gardent leur part",
        recipe=replace(FORET, positive_share=None),
    ),
    replace(_yardstick("logistique"), is_compressed=True),
    Contender("boosting", "Arbres boostés, appuyés sur une forêt, réglés par plis internes", BOOSTING, TUNED),
    Contender(
        "boosting-elargi",
        "Le même, avec les rangs dans l'année, les écarts et quotients des colonnes qui se répètent",
        BOOSTING,
        TUNED,
        is_widened=True,
    ),
)
"""The first is the one that the others are compared to."""


def find_contenders(names: tuple[str, ...]) -> tuple[Contender, ...]:
    """Contenders of names, in their own order; all of them if none is named.

    Raises
    ------
    InputError
        If a name is not one of them.
    """
    known = {contender.name: contender for contender in CONTENDERS}
    for name in names:
        if name not in known:
            raise InputError(f"Unknown recipe: found {name!r}, expected one of {', '.join(known)}.")
    return tuple(contender for contender in CONTENDERS if not names or contender.name in names)


def _single(values: Doubles) -> Floats:
    """Values in single precision, as learners read them; those too large for it stand at its end."""
    limit = float(np.finfo(np.float32).max)
    return np.clip(values, -limit, limit).astype(np.float32)
