"""Points folded to variables and to themes, each told by the feature that pulls most the way it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.theme import Theme
from signaux_faibles.explain.lines import Lines, Ranks, words
from signaux_faibles.explain.selection import select
from signaux_faibles.explain.variables import Variables
from signaux_faibles.model.learners import Doubles

SMALL = 0.0005
"""Variables of fewer points (0.05 point of percentage) are added up in one line per theme."""

OTHERS = "autres"

PER_THEME = 1_000
"""Places kept for the variables of a theme."""


@dataclass(frozen=True)
class Natures:
    """Names of the lines of themes and of variables, and where they begin among those of a company.

    Parameters
    ----------
    theme, variable : str
    others : str
        Label of the variables of a theme that have no line of their own.
    first : int
    has_marks : bool
        Variables are marked as concerning or reassuring.
    """

    theme: str
    variable: str
    others: str
    first: int = 0
    has_marks: bool = False


@dataclass(frozen=True)
class Level:
    """Points of n companies.

    Parameters
    ----------
    by_variable : array, shape (n, b)
    is_shown : array of bool, shape (n, b)
        Variables that have a line of their own.
    told_by : array of int, shape (n, b)
        Feature that tells each variable.
    themes : tuple of Theme, length t
        Those that the model has.
    by_theme : array, shape (n, t)
    strongest : array of int, shape (n, t)
        Variable that tells each theme.
    """

    by_variable: Doubles
    is_shown: npt.NDArray[np.bool_]
    told_by: Ranks
    themes: tuple[Theme, ...]
    by_theme: Doubles
    strongest: Ranks


class Teller(Protocol):
    """What may be told of a feature of a company."""

    def value(self, company: Ranks, place: Ranks) -> Doubles:
        """Values shown, NaN where unknown, shape (m,)."""

    def unit(self, place: Ranks) -> pa.Array:
        """Units of the values shown."""

    def sentence(self, company: Ranks, place: Ranks) -> pa.Array:
        """French sentences."""

    def comparison(self, company: Ranks, place: Ranks) -> pa.Array:
        """Comparisons with the companies of the same trade."""

    def data_class(self, place: Ranks) -> pa.Array:
        """Classes of what is told."""

    def name(self, place: Ranks) -> pa.Array:
        """Names of the features."""


def level_of(
    variables: Variables,
    by_feature: Doubles,
    *,
    telling: Doubles | None = None,
    is_told: npt.NDArray[np.bool_] | None = None,
) -> Level:
    """Fold the points of n companies.

    Parameters
    ----------
    by_feature : array, shape (n, p)
    telling : array, shape (n, p), optional
        How well each feature tells its variable, up to its sign; its points by default.
    is_told : array of bool, shape (n, b), optional
        Variables of which there is something to tell; all by default. The others have no line of their own, and tell
        their theme only when no other does.
    """
    by_variable = variables.fold(by_feature)
    told = np.ones(by_variable.shape, bool) if is_told is None else is_told
    weight = by_feature if telling is None else telling
    told_by = np.empty(by_variable.shape, np.intp)
    for rank, columns in enumerate(variables.columns):
        told_by[:, rank] = columns[_pulling(weight[:, columns], by_variable[:, rank])]
    themes, loud = tuple(theme for theme in Theme if theme in variables.themes), np.where(told, 1.0, 1e-6) * by_variable
    by_theme, strongest = np.empty((len(by_feature), len(themes))), np.empty((len(by_feature), len(themes)), np.intp)
    for rank, theme in enumerate(themes):
        columns = variables.of_theme(theme)
        by_theme[:, rank] = by_variable[:, columns].sum(axis=1)
        strongest[:, rank] = columns[_pulling(loud[:, columns], by_theme[:, rank])]
    return Level(by_variable, told & (np.abs(by_variable) >= SMALL), told_by, themes, by_theme, strongest)


def _pulling(part: Doubles, total: Doubles) -> Ranks:
    """Column of each row that pulls most the way of its total."""
    column: Ranks = np.where(total >= 0, part.argmax(axis=1), part.argmin(axis=1))
    return column


def level_lines(
    natures: Natures,
    variables: Variables,
    level: Level,
    company: Ranks,
    is_detailed: npt.NDArray[np.bool_],
    teller: Teller,
) -> list[Lines]:
    """Lines of the themes of n companies, by falling points, and of the variables of those detailed, by weight.

    Parameters
    ----------
    company : array of int, shape (n,)
        Their ranks in the list.
    """
    order = _places(-level.by_theme)
    row, column = (one.ravel() for one in np.indices(level.by_theme.shape))
    place = level.told_by[row, level.strongest[row, column]]
    themes = Lines(
        nature=natures.theme,
        company=company[row],
        place=natures.first + 1 + order[row, column],
        points=level.by_theme[row, column],
        theme=words([theme.value for theme in level.themes], column),
        feature="",
        label=words([theme.label for theme in level.themes], column),
        data_class=teller.data_class(place),
        told_by=teller.name(place),
        sentence=teller.sentence(company[row], place),
        comparison=teller.comparison(company[row], place),
    )
    detailed = np.flatnonzero(is_detailed)
    return [themes, *(_variable_lines(natures, variables, level, company, detailed, order, teller))]


def _variable_lines(
    natures: Natures,
    variables: Variables,
    level: Level,
    company: Ranks,
    detailed: Ranks,
    order: Ranks,
    teller: Teller,
) -> list[Lines]:
    points = level.by_variable[detailed]
    theme_of = np.array([level.themes.index(theme) for theme in variables.themes], np.intp)
    first = natures.first + PER_THEME * (1 + order[detailed])
    within = _places(-np.abs(points))
    is_shown = level.is_shown[detailed]
    row, column = np.nonzero(is_shown)
    told, place = company[detailed[row]], level.told_by[detailed[row], column]
    shown = Lines(
        nature=natures.variable,
        company=told,
        place=first[row, theme_of[column]] + within[row, column],
        points=points[row, column],
        theme=words([theme.value for theme in variables.themes], column),
        feature=words([group.code for group in variables.groups], column),
        label=words([group.label for group in variables.groups], column),
        data_class=teller.data_class(place),
        told_by=teller.name(place),
        unit=teller.unit(place),
        sentence=teller.sentence(told, place),
        comparison=teller.comparison(told, place),
        value=teller.value(told, place),
        mark=select(points)[row, column] if natures.has_marks else None,
    )
    rest = np.where(is_shown, 0.0, points)
    by_theme = np.column_stack([rest[:, theme_of == rank].sum(axis=1) for rank in range(len(level.themes))])
    row, column = np.nonzero(by_theme)
    classes = [variables.data_classes[int(np.argmax(theme_of == rank))].value for rank in range(len(level.themes))]
    others = Lines(
        nature=natures.variable,
        company=company[detailed[row]],
        place=first[row, column] + PER_THEME - 1,
        points=by_theme[row, column],
        theme=words([theme.value for theme in level.themes], column),
        feature=OTHERS,
        label=natures.others,
        data_class=words(classes, column),
    )
    return [shown, others]


def _places(weight: Doubles) -> Ranks:
    """Place of each column in the rising order of its row; equal ones keep their order."""
    return np.argsort(np.argsort(weight, axis=1, kind="stable"), axis=1, kind="stable")
