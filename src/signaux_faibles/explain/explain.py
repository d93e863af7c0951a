"""Explain the companies of a list: the base, the themes, the variables of those alerted, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.explain.before import Before
from signaux_faibles.explain.comparison import Standing
from signaux_faibles.explain.evolution import evolution_lines
from signaux_faibles.explain.levels import Natures, level_lines, level_of
from signaux_faibles.explain.lines import SCHEMA, Lines, Ranks, assemble, words
from signaux_faibles.explain.points import Points, points_of
from signaux_faibles.explain.reasons import Reasons
from signaux_faibles.explain.sentences import format_percent
from signaux_faibles.explain.similar import SimilarBin, places_of, similar_sentence
from signaux_faibles.explain.variables import variables_of
from signaux_faibles.model.learners import Doubles, Floats
from signaux_faibles.model.score import check_model_explains
from signaux_faibles.model.train import Model

__all__ = ["SCHEMA", "Beside", "Detail", "explain", "points_of_rows"]

NATURES = Natures("theme", "variable", "Autres variables du thème", has_marks=True)

CHUNK = 20_000
"""Companies explained at a time: what a list takes in memory does not depend on its length."""

SIMILAR_PLACE = 100_000
"""The line of similar cases is the last of a company."""

UNKNOWN = (
    "Rien n'est connu de cette entreprise que son identité et son effectif : son risque est celui des entreprises dont"
    " on ne sait pas davantage, et peut être celui de toute autre. Neuf entreprises sur dix de cette liste ont un"
    " risque de {low} à {high}."
)
"""What is known of nobody in particular has the spread of everybody: no narrower interval would be honest."""

LOW, HIGH = 0.05, 0.95


class Detail(Enum):
    """How far a company is explained."""

    NONE = "none"
    THEMES = "themes"
    FEATURES = "features"


@dataclass(frozen=True)
class Beside:
    """What the n companies of a list are seen beside.

    Parameters
    ----------
    before : Before, optional
        Themselves at the previous list.
    standing : Standing, optional
        Those of their trade.
    similar : sequence of SimilarBin
        Past companies of such scores.
    is_unknown : array of bool, shape (n,), optional
        Companies of which nothing is known but the identity and the headcount.
    """

    before: Before | None = None
    standing: Standing | None = None
    similar: Sequence[SimilarBin] = field(default=())
    is_unknown: npt.NDArray[np.bool_] | None = None


def points_of_rows(model: Model, contributions: Doubles) -> Points:
    """Points of rows that were scored; their probability is the one to display, so that bars add up to it exactly.

    Parameters
    ----------
    contributions : array, shape (n, p + 1)
        Of the features, then the base.

    Raises
    ------
    StageError
        If the model is not of a kind whose contributions add up in log-odds.
    """
    check_model_explains(model)
    return points_of(contributions, model.meaning.calibrator)


def explain(
    features: tuple[str, ...],
    siren: Sequence[str],
    values: Floats,
    points: Points,
    kinds: Sequence[Detail],
    beside: Beside | None = None,
) -> pa.Table:
    """Explanation of the companies of a list.

    Parameters
    ----------
    features : tuple of str, length p
        Those of the model.
    siren : sequence of str, length n
    values : array, shape (n, p)
        In this order; what follows them is not read.
    points : Points of the same rows
    kinds : sequence of Detail, length n
        How far each company is explained.
    beside : Beside, optional

    Returns
    -------
    pyarrow.Table
        With the columns of the release table `explications`, by company in the order given.
    """
    seen = beside or Beside()
    of = {kind: np.array([one is kind for one in kinds], bool) for kind in Detail}
    told = np.flatnonzero(~of[Detail.NONE])
    said = _said_of_unknown(points.probability[told])
    tables = [SCHEMA.empty_table()]
    for start in range(0, len(told), CHUNK):
        company = told[start : start + CHUNK]
        parts = _reason_lines(features, company, values, points, of[Detail.FEATURES], seen, said)
        if seen.before is not None:
            parts += evolution_lines(features, company, values, seen.before, seen.standing)
        tables.append(assemble(parts, siren))
    return pa.concat_tables(tables)


def _reason_lines(
    features: tuple[str, ...],
    company: Ranks,
    values: Floats,
    points: Points,
    is_detailed: npt.NDArray[np.bool_],
    beside: Beside,
    said: str,
) -> list[Lines]:
    variables = variables_of(features)
    level = level_of(variables, points.by_feature[company])
    teller = Reasons(features, values, beside.standing)
    parts = [_base_lines(company, points.base, beside.is_unknown, said)]
    parts += level_lines(NATURES, variables, level, company, is_detailed[company], teller)
    detailed = company[is_detailed[company]]
    if beside.similar and len(detailed):
        parts.append(_similar_lines(detailed, points.probability[detailed], beside.similar))
    return parts


def _said_of_unknown(probability: Doubles) -> str:
    """Sentence on a company of which nothing is known, beside the risks of all those explained, shape (n,)."""
    if not len(probability):
        return ""
    low, high = (format_percent(float(value)) for value in np.quantile(probability, [LOW, HIGH]))
    return UNKNOWN.format(low=low, high=high)


def _base_lines(company: Ranks, base: float, is_unknown: npt.NDArray[np.bool_] | None, said: str) -> Lines:
    unknown = np.zeros(len(company), bool) if is_unknown is None else is_unknown[company]
    return Lines(
        nature="base",
        company=company,
        place=np.zeros(len(company), np.intp),
        points=np.full(len(company), base),
        theme="",
        feature="",
        label="Risque moyen de départ",
        data_class=DataClass.SCORE.value,
        sentence=words(["", said], unknown.astype(np.int8)),
    )


def _similar_lines(company: Ranks, probability: Doubles, bins: Sequence[SimilarBin]) -> Lines:
    place = places_of(bins, probability)
    return Lines(
        nature="similaires",
        company=company,
        place=np.full(len(company), SIMILAR_PLACE),
        points=np.full(len(company), np.nan),
        theme="",
        feature="",
        label="Cas semblables",
        data_class=DataClass.SCORE.value,
        unit="%",
        sentence=words([similar_sentence(one) for one in bins], place),
        value=100 * np.array([one.rate for one in bins])[place],
    )
