"""Past and future within what was known at a month: trials are judged as the recipe itself will be.

Each fold is an origin earlier than the month: learnt from the companies of some shares on what had been told by then,
judged on those of the share left out, over the year that followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.evaluation.ranking import Ranking
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake
from signaux_faibles.model.learn import Lesson, Say, check_lesson, labelled, read_lesson
from signaux_faibles.model.learners import Doubles, fit
from signaux_faibles.model.matrix import Matrix, read_matrix
from signaux_faibles.model.ranks import with_ranks
from signaux_faibles.model.recipes import Recipe
from signaux_faibles.model.splits import Period, last_judged_month, make_origin, sample_sql, share_of

FOLDS = 3
JUDGED_MONTHS = 12
LEFT_OUT = 0
"""Share of the companies that is judged."""


@dataclass(frozen=True)
class InnerFold:
    """Rows of one origin.

    Parameters
    ----------
    lesson : Lesson
    judged : Matrix
        Of companies and months that the lesson has not.
    """

    lesson: Lesson
    judged: Matrix

    @property
    def name(self) -> str:
        """Month of the origin."""
        return format_month(self.lesson.origin.month)

    def average_precision(self, recipe: Recipe) -> float:
        """Average precision of a recipe, learnt on the lesson, over the rows judged."""
        rows = self.lesson.rows
        fitted = fit(recipe, rows.values, rows.outcome)
        score: Doubles = fitted.score(self.judged.values)
        return Ranking(score, self.judged.failure.astype(np.float64)).average_precision()


def inner_origins(as_of: int) -> list[int]:
    """Latest origins whose following year can be judged with what is known at a month, in order.

    Raises
    ------
    StageError
        If the history before it is too short for one.
    """
    last = last_judged_month(as_of) - JUDGED_MONTHS + 1
    make_origin(last)
    return [month for month in range(last - 12 * (FOLDS - 1), last + 1, 12) if _can_learn(month)]


def read_folds(lake: Lake, recipe: Recipe, as_of: int, rows_count: int, say: Say) -> list[InnerFold]:
    """Rows of the inner origins of a month, of the panel of that month.

    Parameters
    ----------
    rows_count : int
        Most rows learnt from, and most rows judged, at each origin.

    Raises
    ------
    StageError
        If the panel or its features were not built, or a year judged has no failure or nothing else.
    """
    small = replace(recipe, rows_count=rows_count)
    with Engine(lake.scratch / "tune") as engine:
        return list(_folds(engine, lake, small, as_of, say))


def _folds(engine: Engine, lake: Lake, recipe: Recipe, as_of: int, say: Say) -> Iterator[InnerFold]:
    for month in inner_origins(as_of):
        say(f"reading what was known in {format_month(month)}")
        lesson = read_lesson(engine, lake, as_of, recipe, make_origin(month))
        check_lesson(lesson, recipe)
        rows = lesson.rows.take(share_of(lesson.rows.number) != LEFT_OUT)
        judged = _read_judged(engine, lake, recipe, as_of, Period(month, month + JUDGED_MONTHS - 1))
        failures = int(judged.failure.sum())
        if not 0 < failures < len(judged):
            raise StageError(
                f"The year after {format_month(month)} cannot judge a trial: {len(judged):,} rows, {failures} of"
                " failure.",
                todo="Use more companies or a longer history.",
            )
        yield InnerFold(replace(lesson, rows=rows), judged)


def _read_judged(engine: Engine, lake: Lake, recipe: Recipe, as_of: int, period: Period) -> Matrix:
    files = parquet_sql(current_features(lake, as_of, names=recipe.features, first=period.first_month))
    ((count,),) = engine.rows(f"SELECT COUNT(*) FROM {files} WHERE {period.sql}")
    where = f"{period.sql} AND {sample_sql(int(count), recipe.rows_count)}"
    rows = labelled(read_matrix(engine, lake, as_of, recipe.features, where, known_at=as_of))
    is_judged: npt.NDArray[np.bool_] = share_of(rows.number) == LEFT_OUT
    return with_ranks(recipe, rows).take(is_judged)


def _can_learn(month: int) -> bool:
    try:
        make_origin(month)
    except StageError:
        return False
    return True
