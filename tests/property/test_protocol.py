"""Whatever the companies, the months and the origin: nobody is told by what saw them, nor by what came after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from deep import examples
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, parse_month
from signaux_faibles.model.leaks import check_features
from signaux_faibles.model.learn import Lesson, check_lesson, cross_fit, find_meaning
from signaux_faibles.model.matrix import Matrix
from signaux_faibles.model.recipes import RECIPES
from signaux_faibles.model.splits import (
    EMBARGO_MONTHS,
    MIN_TRAIN_MONTHS,
    SHARES,
    last_judged_month,
    make_origin,
    share_of,
)
from signaux_faibles.target.labels import HORIZON_MONTHS, PUBLICATION_DELAY_MONTHS

RECIPE = replace(RECIPES["logistique"], features=("debit_eur", "effectif_count"))
ORIGIN = make_origin(parse_month("2021-01"))
FIRST_ORIGIN = FIRST_PANEL_MONTH + MIN_TRAIN_MONTHS - 1 + EMBARGO_MONTHS

EXAMPLES = settings(max_examples=examples(25, deep=500), deadline=None)
NUMBERS = st.builds(
    lambda start, step, more: sorted({start + step * rank for rank in range(200)} | more),
    st.integers(0, 500_000_000),
    st.integers(1, 2_000_000),
    st.sets(st.integers(0, 999_999_999), max_size=40),
)
SEEDS = st.integers(0, 10_000)


def rows_of(numbers: list[int], seed: int, months: tuple[int, ...] = (ORIGIN.train.last_month,)) -> Matrix:
    """A row of each company at each month; those with the highest values fail more often."""
    rng = np.random.default_rng(seed)
    siren = np.array([f"{number:09d}" for number in sorted(numbers)], object)
    count = len(siren) * len(months)
    values = rng.normal(size=(count, 2)).astype(np.float32)
    failure = (values[:, 0] + rng.normal(size=count) > 0.5).astype(np.float32)
    return Matrix(
        siren=np.repeat(siren, len(months)),
        month=np.tile(np.array(months, np.int32), len(siren)),
        values=values,
        failure=failure,
        is_in_proceeding=np.zeros(count, bool),
        months_to_failure=np.where(failure > 0, 5, np.nan).astype(np.float32),
        months_observed=np.full(count, 36, np.float32),
        effectif_count=np.full(count, 20, np.float32),
    )


def lesson_of(numbers: list[int], seed: int) -> Lesson:
    """Rows learnt from at two months, calibrated on the later one."""
    last = ORIGIN.train.last_month
    rows = rows_of(numbers, seed, (last - 12, last))
    later = rows.take(rows.month == last)
    share = share_of(later.number)
    # Each learner, and each meaning without a share, needs both outcomes.
    assume(all(0 < later.failure[share != k].sum() < (share != k).sum() for k in range(SHARES)))
    return Lesson(ORIGIN, rows, later, ORIGIN.calibration)


def altered(rows: Matrix, which: np.ndarray, seed: int) -> Matrix:
    """The same rows, of which some had other values and another end."""
    rng = np.random.default_rng(seed)
    values, failure = rows.values.copy(), rows.failure.copy()
    values[which] = rng.normal(size=(int(which.sum()), values.shape[1]))
    failure[which] = 1 - failure[which]
    return replace(rows, values=values, failure=failure)


def silent(_: str) -> None:
    pass


@EXAMPLES
@given(NUMBERS, SEEDS, st.integers(0, SHARES - 1))
def test_a_learner_does_not_depend_on_the_companies_that_it_tells(numbers: list[int], seed: int, k: int) -> None:
    """Values and ends of the companies of a share are changed in every month learnt from: its learner is the same."""
    lesson = lesson_of(numbers, seed)
    share, share_later = share_of(lesson.rows.number), share_of(lesson.later.number)
    other = replace(lesson, rows=altered(lesson.rows, share == k, seed + 1))
    one, two = cross_fit(RECIPE, lesson, silent), cross_fit(RECIPE, other, silent)
    told = share_later == k
    assert np.array_equal(one.log_odds[told], two.log_odds[told])
    grid = np.random.default_rng(seed).normal(size=(20, 2)).astype(np.float32)
    assert np.array_equal(one.fitted[k].log_odds(grid), two.fitted[k].log_odds(grid))
    if (share == k).any():
        assert not np.array_equal(one.log_odds[~told], two.log_odds[~told]), "the others saw them"


@EXAMPLES
@given(NUMBERS)
def test_a_company_is_of_one_share_whatever_its_months(numbers: list[int]) -> None:
    rows = rows_of(numbers, 0, (1, 2, 30))
    share = share_of(rows.number)
    assert set(share.tolist()) <= set(range(SHARES))
    assert all(len(set(share[rows.siren == siren].tolist())) == 1 for siren in set(rows.siren.tolist()))


@EXAMPLES
@given(NUMBERS, SEEDS, st.integers(0, SHARES - 1))
def test_thresholds_and_calibrator_do_not_depend_on_the_companies_judged(numbers: list[int], seed: int, k: int) -> None:
    """Scores and ends of the share judged are changed among the rows calibrated on: what scores mean is the same."""
    lesson = lesson_of(numbers, seed)
    cross = cross_fit(RECIPE, lesson, silent)
    judged = cross.share == k
    moved = replace(cross, log_odds=np.where(judged, cross.log_odds[::-1] + 1, cross.log_odds))
    other = replace(lesson, later=altered(lesson.later, judged, seed + 1))
    one, two = find_meaning(RECIPE, lesson, cross, but=k), find_meaning(RECIPE, other, moved, but=k)
    assume(one.losses)  # by chance, a score may rank backwards, and say nothing
    assert one == two
    left = replace(cross, log_odds=cross.log_odds[~judged], share=cross.share[~judged])
    alone = find_meaning(RECIPE, replace(lesson, later=lesson.later.take(~judged)), left)
    assert alone == one, "as if they had not been there"


@given(st.integers(FIRST_ORIGIN, FIRST_ORIGIN + 600))
def test_every_origin_leaves_the_embargo_before_it(month: int) -> None:
    """The label of the last month learnt from, with its delay of publication, is told when the origin ends."""
    origin = make_origin(month)
    for period in (origin.train, origin.calibration):
        assert period.last_month + HORIZON_MONTHS + PUBLICATION_DELAY_MONTHS <= month
        assert FIRST_PANEL_MONTH <= period.first_month <= period.last_month
    assert origin.train.first_month <= origin.calibration.first_month
    assert last_judged_month(month) + HORIZON_MONTHS + PUBLICATION_DELAY_MONTHS <= month, "what is judged is told too"


@given(st.integers(0, FIRST_ORIGIN - 1))
def test_an_origin_too_early_to_leave_it_is_refused(month: int) -> None:
    with pytest.raises(StageError, match="too short"):
        make_origin(month)


@EXAMPLES
@given(
    st.integers(FIRST_ORIGIN, FIRST_ORIGIN + 120),
    st.lists(st.integers(-60, 30), min_size=1, max_size=8),
    st.lists(st.integers(-60, 30), min_size=1, max_size=8),
    st.booleans(),
)
def test_a_lesson_from_inside_the_embargo_is_refused(
    month: int, learnt: list[int], calibrated: list[int], is_told: bool
) -> None:
    """Whatever row it is, learnt from or calibrated on; a row whose end is not told yet may be read, by a hazard."""
    origin = make_origin(month)
    last = month - EMBARGO_MONTHS
    rows = rows_of([1], 0, tuple(sorted(last + one for one in learnt)))
    later = rows_of([1], 0, tuple(sorted(last + one for one in calibrated)))
    if not is_told:
        rows = replace(rows, failure=np.where(rows.month > last, np.nan, rows.failure).astype(np.float32))
    lesson = Lesson(origin, rows, later, origin.calibration)
    if max(calibrated) > 0 or (is_told and max(learnt) > 0):
        with pytest.raises(StageError, match="was not known at"):
            check_lesson(lesson, RECIPE)
    else:
        check_lesson(lesson, RECIPE)


def _of_failure(rows: Matrix, rng: np.random.Generator) -> np.ndarray:
    return rows.failure + rng.normal(0, 0.01, len(rows))


def _of_no_failure(rows: Matrix, rng: np.random.Generator) -> np.ndarray:
    return -rows.failure * 1e6 + rng.normal(0, 1, len(rows))


def _missing_when_failing(rows: Matrix, rng: np.random.Generator) -> np.ndarray:
    return np.where(rows.failure > 0, np.nan, rng.normal(size=len(rows)))


def _known_when_failing(rows: Matrix, rng: np.random.Generator) -> np.ndarray:
    return np.where(rows.failure > 0, rng.normal(size=len(rows)), np.nan)


@pytest.mark.parametrize("plant", [_of_failure, _of_no_failure, _missing_when_failing, _known_when_failing])
@EXAMPLES
@given(seed=SEEDS, place=st.integers(0, 1))
def test_the_target_among_the_features_is_refused_wherever_it_hides(plant: Any, seed: int, place: int) -> None:
    rows = rows_of(list(range(900_000_000, 900_000_400)), seed)
    check_features(RECIPE, rows)
    values = rows.values.copy()
    values[:, place] = plant(rows, np.random.default_rng(seed))
    with pytest.raises(StageError, match=f"tells the outcome by itself: {RECIPE.features[place]} "):
        check_features(RECIPE, replace(rows, values=values))
