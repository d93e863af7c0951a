from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from signaux_faibles.model.thresholds import best_threshold, choose_thresholds, f_beta


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
