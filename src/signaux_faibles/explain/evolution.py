"""What has changed since the previous list: the change of probability, by theme and by variable, adding up exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.explain.before import Before
from signaux_faibles.explain.changes import PASSAGES, change_sentence
from signaux_faibles.explain.comparison import Standing
from signaux_faibles.explain.levels import Natures, level_lines, level_of
from signaux_faibles.explain.lines import Lines, Ranks, texts_by_feature
from signaux_faibles.explain.reasons import Reasons
from signaux_faibles.explain.sentences import format_percent
from signaux_faibles.explain.variables import Variables, variables_of
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.model.learners import Doubles, Floats

FIRST = 20_000
"""Lines of evolution come after the reasons of a company."""

NATURES = Natures("evolution", "evolution_variable", "Autres variables du thème, effet de l'ensemble", FIRST)

MODEL_CHANGE = "modele"

EXACT = 1e-12
"""Difference under which two probabilities of one model are the same."""


class Evolution(Reasons):
    """Teller of what the features of the companies were and are.

    Parameters
    ----------
    features : sequence of str, length p
    values : array, shape (n, p)
        Now, for the companies of the list.
    before : Before
    standing : Standing, optional
    """

    def __init__(self, features: Sequence[str], values: Floats, before: Before, standing: Standing | None) -> None:
        super().__init__(features, values, standing)
        self._before = before
        self._row = np.full(len(values), -1, np.intp)
        self._row[before.rank] = np.arange(len(before))

    def sentence(self, company: Ranks, place: Ranks) -> pa.Array:
        """Sentence on both values of each feature."""

        def tell(feature: int, rows: Ranks) -> Sequence[str]:
            old = self._before.values[self._row[company[rows]], feature].tolist()
            new = self._values[company[rows], feature].tolist()
            months, declared = self._before.months, self._features[feature]
            return [change_sentence(declared, *pair, months) for pair in zip(old, new, strict=True)]

        return texts_by_feature(place, tell)


def evolution_lines(
    features: tuple[str, ...], company: Ranks, values: Floats, before: Before, standing: Standing | None
) -> list[Lines]:
    """Lines of the change of those of some companies that were in the previous list.

    The probability that the previous list displayed, plus the line of the model, plus those of the themes, is the
    probability of this list.
    """
    row = np.flatnonzero(np.isin(before.rank, company))
    if not len(row):
        return []
    variables, ranks = variables_of(features), before.rank[row]
    by_feature = before.change.by_feature[row]
    has_moved = _has_moved(before.values[row], values[ranks, : len(features)])
    telling = _telling(features, variables, by_feature, has_moved)
    # What has not moved may weigh more or less beside what has: that is of the rest, there is nothing to tell of it.
    is_told = variables.fold(has_moved.astype(np.float64)) > 0
    level = level_of(variables, by_feature, telling=telling, is_told=is_told)
    teller = Evolution(features, values, before, standing)
    lines = level_lines(NATURES, variables, level, ranks, np.ones(len(row), bool), teller)
    return [_model_lines(before, row), *lines]


def _has_moved(old: Floats, new: Floats) -> npt.NDArray[np.bool_]:
    moved: npt.NDArray[np.bool_] = (old != new) & ~(np.isnan(old) & np.isnan(new))
    return moved


def _telling(
    features: Sequence[str], variables: Variables, by_feature: Doubles, has_moved: npt.NDArray[np.bool_]
) -> Doubles:
    """How well each feature tells the change of its variable, up to the sign of the variable's change.

    The one that gives the quantity itself comes first, when it has moved; then those that have moved, by their points.
    """
    is_quantity = np.array([BY_NAME[name].name in PASSAGES for name in features])
    sign = np.empty_like(by_feature)
    folded = variables.fold(by_feature)
    for rank, columns in enumerate(variables.columns):
        sign[:, columns] = np.where(folded[:, rank] >= 0, 1.0, -1.0)[:, None]
    told = np.where(has_moved, by_feature, by_feature * 1e-6)
    telling: Doubles = np.where(has_moved & is_quantity, sign * 10.0, told)
    return telling


def _model_lines(before: Before, row: Ranks) -> Lines:
    """What the model of this list says otherwise of the month of the previous one; nothing when it says the same."""
    displayed, told = before.displayed[row], before.change.before[row]
    moved = np.flatnonzero(np.abs(told - displayed) > EXACT)
    pairs = zip(told[moved].tolist(), displayed[moved].tolist(), strict=True)
    sentences = [
        f"À la date de la liste précédente, le modèle et les données d'aujourd'hui donnent {format_percent(now)} ; la"
        f" liste affichait {format_percent(then)}."
        for now, then in pairs
    ]
    return Lines(
        nature=NATURES.theme,
        company=before.rank[row][moved],
        place=np.full(len(moved), FIRST),
        points=(told - displayed)[moved],
        theme="",
        feature=MODEL_CHANGE,
        label="Changement de modèle ou de données",
        data_class=DataClass.SCORE.value,
        sentence=pa.array(sentences, pa.string()),
    )
