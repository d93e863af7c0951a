"""Bounds told beside a level: those of the score, that hold what is displayed, wide where little is known."""

from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.lists.bounds import Bounds, bounds_of

RISK = np.linspace(0.0, 1.0, 21)
"""Twenty-one risks, so that one in twenty is below 0.05 and one in twenty above 0.95."""

EVERY, NOBODY = np.ones(21, np.bool_), np.zeros(21, np.bool_)


def around(risk: np.ndarray, share: float = 0.1) -> Bounds:
    return Bounds(risk * (1 - share), risk + (1 - risk) * share)


def only(*ranks: int) -> np.ndarray:
    return np.isin(np.arange(21), ranks)


def test_without_anybody_unknown_bounds_are_those_of_the_score() -> None:
    found, score = bounds_of(around(RISK), RISK, EVERY, NOBODY), around(RISK)
    np.testing.assert_array_equal(found.low, score.low)
    np.testing.assert_array_equal(found.high, score.high)


def test_a_company_little_known_has_the_spread_of_nine_in_ten_of_the_list() -> None:
    found, score = bounds_of(around(RISK), RISK, EVERY, only(4, 20)), around(RISK)
    assert (found.low[4], found.high[4]) == pytest.approx((0.05, 0.95))
    assert (found.low[20], found.high[20]) == pytest.approx((0.05, 1.0)), "never less wide than its score says"
    others = ~only(4, 20)
    np.testing.assert_array_equal(found.low[others], score.low[others])
    np.testing.assert_array_equal(found.high[others], score.high[others])


def test_companies_in_a_proceeding_do_not_widen_the_list() -> None:
    """Eleven companies have a level, of risks from 0 to 0.5."""
    found = bounds_of(around(RISK), RISK, np.arange(21) <= 10, only(4))
    assert (found.low[4], found.high[4]) == pytest.approx((0.025, 0.475))
    nobody = bounds_of(around(RISK), RISK, NOBODY, only(4))
    assert (nobody.low[4], nobody.high[4]) == pytest.approx((0.18, 0.28))


def test_the_last_digits_of_a_score_never_leave_the_displayed_probability_out_of_its_bounds() -> None:
    displayed = np.array([0.3 - 4e-7, 0.3 + 4e-7, 0.3])
    flat = np.full(3, 0.3)
    found = bounds_of(Bounds(flat, flat), displayed, np.ones(3, np.bool_), np.zeros(3, np.bool_))
    np.testing.assert_array_equal(found.low, [0.3 - 4e-7, 0.3, 0.3])
    np.testing.assert_array_equal(found.high, [0.3, 0.3 + 4e-7, 0.3])
