"""Risk at every horizon: what rows teach, and what the curve says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.learners import Outcome, fit
from signaux_faibles.model.learners.hazard import EDGES_MONTHS, SURVIVED_KEPT, Hazard, person_periods
from signaux_faibles.model.recipes import RECIPES

QUICK = replace(
    RECIPES["hasard"],
    features=("a", "b"),
    parameters={"num_boost_round": 60, "max_depth": 3, "eta": 0.2, "min_child_weight": 1},
)
NAN = np.nan


def _told(months_to_failure: float, observed: float) -> tuple[list[int], list[int], list[float]]:
    ahead, seen = np.array([months_to_failure], np.float32), np.array([observed], np.float32)
    _, rank, failed, weight = person_periods(ahead, seen, seed=1)
    return rank.tolist(), failed.tolist(), weight.tolist()


def test_a_failure_teaches_its_interval_and_what_was_survived_before() -> None:
    rank, failed, weight = _told(7, 36)  # edges 0, 3, 6, 9
    assert dict(zip(rank, failed, strict=True)) == {0: 0, 1: 0, 2: 1}
    assert weight == [1, 1, 1]


def test_a_future_told_for_a_few_months_teaches_the_first_intervals_only() -> None:
    assert _told(NAN, 5) == ([0], [0], [1])
    assert _told(NAN, 2) == ([], [], [])
    assert _told(2, 2) == ([], [], []), "a failure counts once the survivors of its interval can be told"
    assert _told(2, 3) == ([0], [1], [1])


def test_survived_intervals_are_drawn_and_stand_for_all() -> None:
    rows = 4000
    ahead, seen = np.full(rows, NAN, np.float32), np.full(rows, 36, np.float32)
    row, rank, failed, weight = person_periods(ahead, seen, seed=1)
    intervals = len(EDGES_MONTHS) - 1
    assert np.bincount(row).tolist() == [SURVIVED_KEPT] * rows
    assert not failed.any()
    assert weight.sum() == pytest.approx(rows * intervals)
    share = np.bincount(rank, weights=weight) / rows
    assert share == pytest.approx(np.ones(intervals), abs=0.1)


def test_the_curve_is_the_share_of_companies_that_fail_in_time() -> None:
    """Failures at a constant monthly rate, two groups: the curve of each, at every horizon, never falling."""
    rng = np.random.default_rng(2)
    rows = 60_000
    group = rng.integers(0, 2, rows)
    monthly = np.where(group == 1, 0.02, 0.004)
    ahead = np.ceil(rng.exponential(-1 / np.log1p(-monthly))).astype(np.float32)
    seen = rng.integers(0, 37, rows).astype(np.float32)
    ahead[ahead > seen] = NAN
    values = np.column_stack([group, rng.normal(size=rows)]).astype(np.float32)
    failure = np.where(seen >= 18, (ahead <= 18).astype(float), NAN).astype(np.float32)
    fitted = fit(QUICK, values, Outcome(failure, ahead, seen))
    assert isinstance(fitted, Hazard)
    curve = fitted.curve(np.array([[0, 0], [1, 0]], np.float32))
    assert curve.shape == (2, 36)
    assert (np.diff(curve, axis=1) >= 0).all()
    for months in (3, 6, 12, 18, 36):
        for one, rate in enumerate((0.004, 0.02)):
            assert curve[one, months - 1] == pytest.approx(1 - (1 - rate) ** months, rel=0.15)
    at_18 = curve[:, 17]
    assert fitted.score(np.array([[0, 0], [1, 0]], np.float32)) == pytest.approx(np.log(at_18 / (1 - at_18)))


def test_a_hazard_has_no_reasons() -> None:
    values = np.array([[0, 0], [1, 1]] * 50, np.float32)
    ahead = np.where(values[:, 0] > 0, 2, NAN).astype(np.float32)
    fitted = fit(QUICK, values, Outcome(values[:, 0], ahead, np.full(100, 36, np.float32)))
    with pytest.raises(StageError, match="contributions do not add up"):
        fitted.contributions(values)


def test_labels_alone_do_not_make_a_hazard() -> None:
    with pytest.raises(StageError, match="months to failure"):
        fit(QUICK, np.zeros((4, 2), np.float32), np.array([0, 1, 0, 1], np.float32))


def test_a_risk_never_falls_where_the_trade_says_that_it_rises() -> None:
    """Debts that save companies, in the rows learnt from, are not believed."""
    rng = np.random.default_rng(5)
    recipe = replace(QUICK, features=("debit_sur_cotisation_months", "b"))
    values = rng.normal(size=(6000, 2)).astype(np.float32)
    risk = 1 / (1 + np.exp(2.5 * values[:, 0]))
    ahead = np.where(rng.random(6000) < risk, rng.integers(1, 30, 6000), NAN).astype(np.float32)
    outcome = Outcome((ahead <= 18).astype(np.float32), ahead, np.full(6000, 36, np.float32))
    debts = np.column_stack([np.linspace(-2, 2, 9), np.zeros(9)]).astype(np.float32)
    fitted = fit(recipe, values, outcome)
    assert isinstance(fitted, Hazard)
    assert np.all(np.diff(fitted.curve(debts), axis=0) >= -1e-9)
    free = fit(replace(recipe, is_monotone=False), values, outcome)
    assert isinstance(free, Hazard)
    assert np.diff(free.curve(debts), axis=0).min() < -0.05
