"""Learn at an origin: learners of shares of the companies, and what their scores mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import SqlEngine, TreeEngine, parquet_sql
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake
from signaux_faibles.model.calibrate import Bag, Beta, Calibrator, choose_calibrator, fit_bag
from signaux_faibles.model.learners import Doubles, Fitted, fit
from signaux_faibles.model.matrix import Matrix, read_matrix
from signaux_faibles.model.ranks import with_ranks
from signaux_faibles.model.recipes import Learner, Recipe
from signaux_faibles.model.spark_rows import read_spark_rows
from signaux_faibles.model.splits import EMBARGO_MONTHS, SHARES, Origin, Period, sample_sql, share_of
from signaux_faibles.model.thresholds import NOBODY, Thresholds, choose_thresholds

Say = Callable[[str], None]

FEWEST_FAILURES = 100
"""Rows of failure, some months of a few companies each, below which a year says nothing of the level of a score."""


@dataclass(frozen=True)
class Meaning:
    """What the scores of a learner mean.

    Parameters
    ----------
    calibrator : Calibrator
    bag : Bag
        Maps refitted on companies drawn again, for intervals.
    thresholds : Thresholds
    losses : dict of str to float
        Log-loss of each kind of calibrator on companies left out: why this one was chosen.
    """

    calibrator: Calibrator
    bag: Bag
    thresholds: Thresholds
    losses: dict[str, float]

    def probability(self, log_odds: Doubles) -> Doubles:
        """Calibrated probability of scores in log-odds, shape (n,)."""
        return self.calibrator.probability(log_odds)


@dataclass(frozen=True)
class Lesson:
    """Rows that an origin learns from.

    Parameters
    ----------
    origin : Origin
    rows : Matrix
        Of the months learnt from.
    later : Matrix
        Of the months calibrated on, of the same companies.
    calibration : Period
        Those months: the last year learnt from, or all of them when it holds too few failures to tell anything.
    """

    origin: Origin
    rows: Matrix
    later: Matrix
    calibration: Period


def read_lesson(engine: SqlEngine, lake: Lake, as_of: int, recipe: Recipe, origin: Origin) -> Lesson:
    """Rows of a panel that a recipe learns from at an origin, labelled as they could be then.

    With an engine whose workers grow trees, the values learnt from stay with it; those calibrated on come here.

    Raises
    ------
    StageError
        If the panel or its features were not built, or no row is left.
    """

    def read(period: Period, *, is_learnt: bool = False) -> Matrix:
        files = parquet_sql(current_features(lake, as_of, names=recipe.features, last=period.last_month))
        ((count,),) = engine.rows(f"SELECT COUNT(*) FROM {files} WHERE {period.sql}")
        where = f"{period.sql} AND {sample_sql(int(count), recipe.rows_count)}"
        if is_learnt and engine.is_distributed:
            distant, table = cast(TreeEngine, engine), f"lesson_{recipe.name.replace('-', '_')}"
            return read_spark_rows(distant, lake, as_of, recipe.features, where, known_at=origin.month, table=table)
        return read_matrix(engine, lake, as_of, recipe.features, where, known_at=origin.month)

    told = Period(origin.train.first_month, origin.month) if recipe.learner is Learner.HAZARD else origin.train
    rows, later, calibration = read(told, is_learnt=True), labelled(read(origin.calibration)), origin.calibration
    if later.failure.sum() < FEWEST_FAILURES:
        later, calibration = labelled(read(origin.train)), origin.train
    rows = rows.take(rows.months_observed > 0) if recipe.learner is Learner.HAZARD else labelled(rows)
    if len(rows) == 0 or len(later) == 0:
        raise StageError(
            f"No row to learn from at {format_month(origin.month)}.", todo="Use more companies or a longer history."
        )
    return Lesson(origin, with_ranks(recipe, rows), with_ranks(recipe, later), calibration)


def check_lesson(lesson: Lesson, recipe: Recipe) -> None:
    """Refuse rows whose label was not told at the origin: the embargo is the honesty of every figure.

    Raises
    ------
    StageError
        If some row learnt from or calibrated on is too recent.
    """
    labelled_rows = lesson.rows.month[~np.isnan(lesson.rows.failure)]
    latest = max(int(labelled_rows.max(initial=0)), int(lesson.later.month.max(initial=0)))
    if latest > lesson.origin.month - EMBARGO_MONTHS:
        raise StageError(
            f"Recipe {recipe.name} would learn from {format_month(latest)}, whose outcome was not known at"
            f" {format_month(lesson.origin.month)}.",
            todo=f"Leave {EMBARGO_MONTHS} months between the last month learnt from and the origin.",
        )


@dataclass(frozen=True)
class CrossFit:
    """Learners of shares of the companies.

    Parameters
    ----------
    fitted : tuple of Fitted, length SHARES
        The one of rank k saw no company of share k.
    log_odds : array, shape (n,)
        Of the rows calibrated on, each by the learner that never saw its company.
    share : array of int, shape (n,)
        Of those rows.
    """

    fitted: tuple[Fitted, ...]
    log_odds: Doubles
    share: npt.NDArray[np.int64]


def cross_fit(recipe: Recipe, lesson: Lesson, say: Say) -> CrossFit:
    """Fit a learner for each share of the companies, on the others."""
    share, share_later = share_of(lesson.rows.number), share_of(lesson.later.number)
    log_odds = np.empty(len(lesson.later), np.float64)
    fitted = []
    for k in range(SHARES):
        say(f"learning from the companies of the other shares, {k + 1} of {SHARES}")
        rows = lesson.rows.take(share != k)
        fitted.append(fit(recipe, rows.values, rows.outcome))
        log_odds[share_later == k] = fitted[-1].log_odds(lesson.later.values[share_later == k])
    return CrossFit(tuple(fitted), log_odds, share_later)


def find_meaning(recipe: Recipe, lesson: Lesson, cross: CrossFit, *, but: int | None = None) -> Meaning:
    """Calibrator, interval and thresholds from scores of companies that their learner never saw.

    Parameters
    ----------
    but : int, optional
        Share of the companies left out, when they are to be judged. A score that ranks the others backwards is then
        judged as one that says nothing, rather than refused.

    Raises
    ------
    StageError
        If the rows have a single class, or the score ranks backwards.
    """
    kept = np.ones(len(cross.share), bool) if but is None else cross.share != but
    later, log_odds = lesson.later.take(kept), cross.log_odds[kept]
    try:
        calibrator, losses = choose_calibrator(log_odds, later.failure, later.number * 2654435761 % 4294967296)
        bag = fit_bag(log_odds, later.failure, later.number, recipe.seed)
    except StageError:
        if but is None:
            raise
        return _nothing_to_say(later)
    thresholds = choose_thresholds(
        calibrator.probability(log_odds),
        later.failure,
        eleve_precision=recipe.eleve_precision_ratio,
        modere_precision=recipe.modere_precision_ratio,
    )
    return Meaning(calibrator, bag, thresholds, losses)


def _nothing_to_say(later: Matrix) -> Meaning:
    """Meaning of a score that means nothing: the share of failures for everybody, and nobody flagged."""
    share = (float(later.failure.sum()) + 1) / (len(later) + 2)
    flat = Beta(0.0, 0.0, float(np.log(share / (1 - share))))
    return Meaning(flat, Bag((flat,)), Thresholds(eleve=NOBODY, modere=NOBODY), {})


def labelled(matrix: Matrix) -> Matrix:
    """Rows whose label is known, out of any proceeding: the only ones learnt from."""
    return matrix.take(~np.isnan(matrix.failure))
