"""Whatever the contributions and the calibrator, bars add up: to the risk, and to its change since the last list."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaux_faibles.explain.before import Before
from signaux_faibles.explain.explain import Beside, Detail, explain
from signaux_faibles.explain.points import Points, change_of, points_of
from signaux_faibles.explain.variables import variables_of
from signaux_faibles.features.sets import LEARNT
from signaux_faibles.model.calibrate import Beta, Calibrator, Isotonic

P = len(LEARNT)
CALIBRATORS: tuple[Calibrator, ...] = (
    Beta(1.0, 1.0, 0.0),
    Beta(1.7, 0.4, -0.8),
    Beta(0.0, 0.0, -2.0),
    Isotonic((-6.0, -3.0, -1.0, 2.0), (0.001, 0.02, 0.02, 0.7)),
)


def contributions(seed: int, count: int, scale: float) -> np.ndarray:
    """Random contributions, many of them zero, with the same base for all."""
    rng = np.random.default_rng(seed)
    phi = rng.normal(0, scale, (count, P)) * (rng.uniform(size=(count, P)) < 0.4)
    return np.column_stack([phi, np.full(count, -3.0)])


def told(table: pa.Table, nature: str) -> dict[str, dict[str, float]]:
    """Points by company, then by theme."""
    found: dict[str, dict[str, float]] = {}
    for row in table.to_pylist():
        if row["nature"] == nature:
            of = found.setdefault(row["siren"], {})
            of[row["theme"]] = of.get(row["theme"], 0.0) + row["points"]
    return found


SCALES = st.sampled_from([0.0, 1e-12, 1e-9, 1e-3, 0.3, 2.0])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), SCALES, st.sampled_from(CALIBRATORS))
def test_themes_add_up_to_the_risk_and_variables_to_their_theme(
    seed: int, scale: float, calibrator: Calibrator
) -> None:
    points = points_of(contributions(seed, 3, scale), calibrator)
    siren = ["900000004", "900000012", "900000020"]
    values = np.zeros((3, P), np.float32)
    table = explain(LEARNT, siren, values, points, [Detail.FEATURES, Detail.THEMES, Detail.FEATURES])
    base, themes, variables = told(table, "base"), told(table, "theme"), told(table, "variable")
    for rank, company in enumerate(siren):
        total = base[company][""] + sum(themes[company].values())
        assert total == pytest.approx(points.probability[rank], abs=1e-12)
    assert variables.keys() <= {siren[0], siren[2]}
    for company in (siren[0], siren[2]):
        for theme, total in themes[company].items():
            assert variables.get(company, {}).get(theme, 0.0) == pytest.approx(total, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), SCALES, SCALES, st.sampled_from(CALIBRATORS))
def test_changes_add_up_from_the_list_before_to_this_one(
    seed: int, scale: float, moved: float, calibrator: Calibrator
) -> None:
    """Also when another model displayed another risk: the difference is a line of its own."""
    siren = ["900000004", "900000012", "900000020"]
    now = contributions(seed, 3, scale)
    rank = np.array([0, 2])
    old = now[rank] + np.column_stack([contributions(seed + 1, 2, moved)[:, :-1], np.zeros(2)])
    change = change_of(old, now[rank], calibrator)
    displayed = np.array([change.before[0], 0.123])
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 3, (3, P)).astype(np.float32)
    before = Before(3, rank, rng.integers(0, 3, (2, P)).astype(np.float32), change, displayed)
    points = points_of(now, calibrator)
    table = explain(LEARNT, siren, values, points, [Detail.FEATURES, Detail.NONE, Detail.THEMES], Beside(before))
    changes, variables = told(table, "evolution"), told(table, "evolution_variable")
    assert changes.keys() == {siren[0], siren[2]}
    for place, company in enumerate((siren[0], siren[2])):
        total = displayed[place] + sum(changes[company].values())
        assert total == pytest.approx(points.probability[rank[place]], abs=1e-12)
        for theme, part in changes[company].items():
            if theme:
                assert variables.get(company, {}).get(theme, 0.0) == pytest.approx(part, abs=1e-12)
    assert "" not in changes[siren[0]], "the same model says the same of the month before"
    assert abs(changes[siren[2]].get("", 0.0) - (change.before[1] - 0.123)) < 1e-12


@given(st.integers(0, 10_000), SCALES)
def test_folding_to_variables_loses_nothing(seed: int, scale: float) -> None:
    by_feature = contributions(seed, 4, scale)[:, :-1]
    variables = variables_of(LEARNT)
    assert sorted(np.concatenate(variables.columns).tolist()) == list(range(P))
    assert variables.fold(by_feature).sum(axis=1) == pytest.approx(by_feature.sum(axis=1), abs=1e-12)


def test_points_add_up_at_a_kink_too() -> None:
    """Within a billionth of a kink the derivative is of one side only: what it misses is shared out."""
    steps = Isotonic((-4.0, -3.0, 0.0), (0.01, 0.05, 0.9))
    now = np.array([[3e-10, 2e-10, -3.0], [-3e-10, 1e-10, -3.0]])
    points = points_of(now, steps)
    assert isinstance(points, Points)
    assert points.base + points.by_feature.sum(axis=1) == pytest.approx(points.probability, abs=1e-15)
