from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from signaux_faibles.model.calibrate import Beta
from signaux_faibles.model.thresholds import (
    NOBODY,
    Thresholds,
    best_threshold,
    choose_thresholds,
    f_beta,
    floor_threshold,
)


def _f(probability: np.ndarray, failure: np.ndarray, threshold: float, beta: float) -> float:
    flagged = probability >= threshold
    found = failure[flagged].sum()
    return f_beta(found / flagged.sum(), found / failure.sum(), beta)


@given(
    hnp.arrays(np.float64, 40, elements=st.sampled_from([0.01, 0.1, 0.2, 0.3, 0.5, 0.9])),
    hnp.arrays(np.float32, 40, elements=st.sampled_from([0.0, 1.0])),
    st.sampled_from([0.5, 2.0]),
)
def test_no_threshold_does_better_than_the_best(probability: np.ndarray, failure: np.ndarray, beta: float) -> None:
    failure[0] = 1
    best = best_threshold(probability, failure, beta)
    assert best in probability
    reached = _f(probability, failure, best, beta)
    assert all(_f(probability, failure, t, beta) <= reached + 1e-9 for t in set(probability))


def test_the_moderate_threshold_never_stands_above_the_high_one() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        probability = rng.random(200)
        failure = (rng.random(200) < probability / 3).astype(np.float32)
        failure[0] = 1
        thresholds = choose_thresholds(probability, failure)
        assert thresholds.modere <= thresholds.eleve


def test_f_beta_of_nothing_is_zero() -> None:
    assert f_beta(0.0, 0.0, 0.5) == 0.0
    assert f_beta(0.5, 0.5, 2.0) == 0.5


FOLD = np.array([0.9, 0.8, 0.8, 0.6, 0.5, 0.3]), np.array([1, 0, 1, 0, 1, 0], np.float32)
"""Of the 1, 3, 4, 5 and 6 highest, failed: 1, 2, 2, 3 and 3."""


@pytest.mark.parametrize(
    ("precision", "expected"),
    [(1.0, 0.9), (0.67, 0.9), (0.66, 0.8), (0.61, 0.8), (0.6, 0.5), (0.51, 0.5), (0.5, 0.3), (0.0, 0.3)],
)
def test_a_floor_of_precision_worked_by_hand(precision: float, expected: float) -> None:
    """At 0.6, the four highest are right half of the time and the five highest three times in five: 0.5 keeps to it."""
    assert floor_threshold(*FOLD, precision) == expected


def test_a_floor_that_nothing_reaches_leaves_the_level_empty() -> None:
    probability, failure = np.array([0.9, 0.4]), np.array([0, 1], np.float32)
    assert floor_threshold(probability, failure, 0.6) == NOBODY
    wide = Beta(50.0, 50.0, 0.0)
    assert wide.probability(np.array([1e3])) < NOBODY, "no calibrated probability reaches it"
    found = choose_thresholds(probability, failure, eleve_precision=0.6, modere_precision=0.5)
    assert (found.eleve, found.modere) == (NOBODY, 0.4)


@given(
    hnp.arrays(np.float64, 40, elements=st.sampled_from([0.01, 0.1, 0.2, 0.3, 0.5, 0.9])),
    hnp.arrays(np.float32, 40, elements=st.sampled_from([0.0, 1.0])),
    st.floats(0.01, 1.0),
)
def test_a_floor_is_kept_and_no_lower_threshold_keeps_to_it(
    probability: np.ndarray, failure: np.ndarray, precision: float
) -> None:
    found = floor_threshold(probability, failure, precision)
    kept = [t for t in set(probability) if failure[probability >= t].mean(dtype=np.float64) >= precision]
    assert found == min(kept, default=NOBODY)


def test_each_level_may_have_its_own_way() -> None:
    state = choose_thresholds(*FOLD)
    assert choose_thresholds(*FOLD, eleve_precision=1.0) == Thresholds(0.9, min(0.9, state.modere))
    assert choose_thresholds(*FOLD, modere_precision=1.0).modere == min(state.eleve, 0.9)
