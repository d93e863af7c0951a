"""Explain the companies of a list: the base, the themes, and the features of those that are flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.theme import Theme
from signaux_faibles.explain.points import Points, points_of
from signaux_faibles.explain.sentences import sentence_of
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.features.declare import Feature
from signaux_faibles.model.learners import Doubles, Floats
from signaux_faibles.model.train import Model

SMALL = 0.0005
"""Features of fewer points (0.05 point of percentage) are added up in one line per theme."""

Row = dict[str, object]


class Detail(Enum):
    """How far a company is explained."""

    NONE = "none"
    THEMES = "themes"
    FEATURES = "features"


def points_of_rows(model: Model, contributions: Doubles) -> Points:
    """Points of rows that were scored; their probability is the one to display, so that bars add up to it exactly.

    Parameters
    ----------
    contributions : array, shape (n, p + 1)

    Raises
    ------
    StageError
        If the model is not of a kind whose contributions add up in log-odds.
    """
    if not model.recipe.learner.is_additive:
        raise StageError(
            f"Recipe {model.recipe.name} is a yardstick: its contributions do not add up in log-odds.",
            todo="Make lists with the recipe boosting.",
        )
    return points_of(contributions, model.meaning.calibrator)


def explain(model: Model, siren: Sequence[str], values: Floats, points: Points, kinds: Sequence[Detail]) -> pa.Table:
    """Explanation of the companies of a list.

    Parameters
    ----------
    siren : sequence of str, length n
    values : array, shape (n, p)
    points : Points of the same rows
    kinds : sequence of Detail, length n
        How far each company is explained.

    Returns
    -------
    pyarrow.Table
        With the columns of the release table `explications`.
    """
    features = [BY_NAME[name] for name in model.recipe.features]
    themes = _themes(features, points.by_feature)
    rows: list[Row] = []
    for rank, number in enumerate(siren):
        if kinds[rank] is Detail.NONE:
            continue
        lines = [_line("base", None, "", "Risque moyen de départ", points.base, DataClass.SCORE)]
        ordered = sorted(themes, key=lambda theme: -themes[theme].total[rank])
        lines += [_theme_line(theme, features, values[rank], themes[theme], rank) for theme in ordered]
        if kinds[rank] is Detail.FEATURES:
            for theme in ordered:
                lines += _feature_lines(theme, features, values[rank], points.by_feature[rank])
        rows += [{"siren": number, "rang": place, **line} for place, line in enumerate(lines)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@dataclass(frozen=True)
class _ThemePoints:
    """Points of a theme for n companies, and the feature that tells it best for each."""

    total: Doubles
    strongest: npt.NDArray[np.intp]


def _themes(features: Sequence[Feature], by_feature: Doubles) -> dict[Theme, _ThemePoints]:
    themes = {}
    for theme in Theme:
        columns = np.array([i for i, feature in enumerate(features) if feature.theme is theme])
        part = by_feature[:, columns]
        total = part.sum(axis=1)
        # A theme is told by the feature that pulls the way the theme does, most strongly.
        strongest = np.where(total >= 0, part.argmax(axis=1), part.argmin(axis=1))
        themes[theme] = _ThemePoints(total, columns[strongest])
    return themes


def _theme_line(theme: Theme, features: Sequence[Feature], values: Floats, points: _ThemePoints, rank: int) -> Row:
    index = points.strongest[rank]
    feature = features[index]
    line = _line("theme", theme, "", theme.label, float(points.total[rank]), feature.data_class)
    return line | {"sentence": _sentence(feature, values[index])}


def _feature_lines(theme: Theme, features: Sequence[Feature], values: Floats, points: Doubles) -> list[Row]:
    ranks = sorted((i for i, f in enumerate(features) if f.theme is theme), key=lambda i: -abs(points[i]))
    lines = []
    for i in ranks:
        if abs(points[i]) >= SMALL:
            feature, value = features[i], float(values[i])
            lines.append(
                _line("variable", theme, feature.name, feature.label, float(points[i]), feature.data_class)
                | {
                    "value": None if np.isnan(value) else value * (100 if feature.percent else 1),
                    "unit": feature.unit,
                    "sentence": _sentence(feature, values[i]),
                }
            )
    rest = float(sum(points[i] for i in ranks if abs(points[i]) < SMALL))
    if rest:
        lines.append(
            _line("variable", theme, "autres", "Autres variables du thème", rest, features[ranks[0]].data_class)
        )
    return lines


def _sentence(feature: Feature, value: np.float32) -> str:
    return sentence_of(feature, None if np.isnan(value) else float(value))


def _line(nature: str, theme: Theme | None, feature: str, label: str, points: float, data_class: DataClass) -> Row:
    return {
        "nature": nature,
        "theme": theme.value if theme else "",
        "feature": feature,
        "label": label,
        "points": points,
        "value": None,
        "unit": "",
        "sentence": "",
        "direction": "hausse" if points > 0 else "baisse",
        "data_class": data_class.value,
    }


SCHEMA = pa.schema(
    [
        ("siren", pa.string()),
        ("rang", pa.int32()),
        ("nature", pa.string()),
        ("theme", pa.string()),
        ("feature", pa.string()),
        ("label", pa.string()),
        ("points", pa.float64()),
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("sentence", pa.string()),
        ("direction", pa.string()),
        ("data_class", pa.string()),
    ]
)
