"""Contributions add up to the displayed probability, whatever they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaux_faibles.explain.points import points_of
from signaux_faibles.model.calibrate import Beta, Isotonic
from signaux_faibles.model.calibrate.maps import LEAST, MOST

ROWS = st.lists(st.lists(st.floats(-4, 4, allow_nan=False), min_size=5, max_size=5), min_size=1, max_size=6)


@given(ROWS, st.floats(-5, 0), st.floats(0.2, 3), st.floats(-2, 2))
def test_points_add_up_from_the_base_to_the_probability(
    rows: list[list[float]], base: float, slope: float, intercept: float
) -> None:
    contributions = np.hstack([np.array(rows), np.full((len(rows), 1), base)])
    points = points_of(contributions, Beta(slope, slope, intercept))
    margin = slope * contributions.sum(axis=1) + intercept
    expected = np.clip(1 / (1 + np.exp(-margin)), LEAST, MOST)
    assert points.probability == pytest.approx(expected, rel=1e-12)
    assert points.base + points.by_feature.sum(axis=1) == pytest.approx(points.probability, abs=1e-12)


@given(ROWS)
def test_points_keep_the_sign_of_contributions(rows: list[list[float]]) -> None:
    contributions = np.hstack([np.array(rows), np.full((len(rows), 1), -3.0)])
    points = points_of(contributions, Beta(1.5, 0.7, 0.2)).by_feature
    tiny = np.abs(contributions[:, :-1]) < 1e-12
    assert np.all(tiny | (np.sign(points) == np.sign(contributions[:, :-1])))


def test_at_the_base_points_follow_the_derivative() -> None:
    points = points_of(np.array([[0.3, -0.3, -2.0]]), Beta(1.0, 1.0, 0.0))
    p0 = 1 / (1 + np.exp(2.0))
    assert points.probability[0] == pytest.approx(p0)
    assert points.by_feature[0] == pytest.approx([0.3 * p0 * (1 - p0), -0.3 * p0 * (1 - p0)])


def test_points_add_up_through_a_map_that_is_not_a_line() -> None:
    steps = Isotonic((-4.0, -2.0, 0.0), (0.01, 0.05, 0.4))
    points = points_of(np.array([[1.5, 0.5, -3.0], [0.0, 0.0, -3.0], [-9.0, 1.0, -3.0]]), steps)
    assert points.base == pytest.approx(0.03)
    assert points.probability == pytest.approx([0.225, 0.03, 0.01])
    assert points.base + points.by_feature.sum(axis=1) == pytest.approx(points.probability, abs=1e-15)
