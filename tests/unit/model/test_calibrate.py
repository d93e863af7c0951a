from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.calibrate import Beta, Isotonic, choose_calibrator, describe, fit_bag, read_calibrator
from signaux_faibles.model.calibrate.maps import LEAST, MOST, fit_beta, fit_isotonic

Drawn = tuple[np.ndarray, np.ndarray]


def _drawn(true: Beta, rows: int = 60_000, seed: int = 1) -> Drawn:
    """Scores, and failures drawn from a map of them."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-3, 1.5, rows)
    return log_odds, (rng.random(rows) < true.probability(log_odds)).astype(float)


def test_a_beta_map_finds_the_map_that_drew_the_failures() -> None:
    true = Beta(0.6, 1.4, -0.5)
    log_odds, failure = _drawn(true)
    found = fit_beta(log_odds, failure)
    grid = np.array([-5.0, -3.0, -1.0, 0.5])
    assert found.probability(grid) == pytest.approx(true.probability(grid), rel=0.1)


def test_a_line_undoes_the_oversampling() -> None:
    """Odds multiplied by a constant, as when positives are given more weight: the line divides them."""
    log_odds, failure = _drawn(Beta(1.0, 1.0, 0.0))
    inflated = log_odds + np.log(17)
    found = fit_beta(inflated, failure, is_line=True)
    assert found.kind == "platt"
    assert found.probability(inflated).mean() == pytest.approx(failure.mean(), rel=1e-3)
    assert found.intercept == pytest.approx(-np.log(17), abs=0.15)


def test_rows_put_together_weigh_as_many() -> None:
    log_odds = np.array([-3.0, -3.0, -3.0, -3.0, -1.0, -1.0, 0.5, 0.5])
    failure = np.array([0, 0, 0, 1, 0, 1, 1, 0.0])
    apart = fit_beta(log_odds, failure, is_line=True)
    together = fit_beta(
        np.array([-3.0, -1.0, 0.5]), np.array([0.25, 0.5, 0.5]), weight=np.array([4.0, 2.0, 2.0]), is_line=True
    )
    assert (apart.low, apart.intercept) == pytest.approx((together.low, together.intercept), rel=1e-3)


def test_isotonic_rises_and_has_the_mean_of_what_happened() -> None:
    log_odds, failure = _drawn(Beta(0.5, 2.0, 0.0))
    found = fit_isotonic(log_odds, failure)
    told = found.probability(np.sort(log_odds))
    assert (np.diff(told) >= 0).all()
    assert told.mean() == pytest.approx(failure.mean(), rel=0.05)
    assert min(told) >= LEAST
    assert max(told) <= MOST


@pytest.mark.parametrize(
    "one", [Beta(0.7, 1.3, -0.2), Isotonic((-4.0, -2.0, 0.0), (0.01, 0.05, 0.4))], ids=["beta", "isotonic"]
)
def test_the_slope_is_that_of_the_map(one: Beta | Isotonic) -> None:
    at = np.array([-3.3, -1.2, -0.4])
    step = 1e-6
    slope = (one.probability(at + step) - one.probability(at - step)) / (2 * step)
    assert one.derivative(at) == pytest.approx(slope, rel=1e-4)
    assert read_calibrator(describe(one)) == one


def test_the_map_that_fits_is_chosen() -> None:
    fold = np.arange(60_000)
    log_odds, failure = _drawn(Beta(1.2, 1.2, 0.3))
    line, losses = choose_calibrator(log_odds, failure, fold)
    assert line.kind == "platt", "a map of more parameters must pay for them"
    assert set(losses) == {"platt", "beta", "isotonic"}
    bent, _ = choose_calibrator(*_drawn(Beta(0.3, 2.5, 1.0)), fold)
    assert bent.kind != "platt"


def test_a_map_that_bends_stands_in_for_a_line_that_ranks_backwards() -> None:
    log_odds, failure = _drawn(Beta(1.0, 1.0, 0.0), rows=8000)
    sure = np.linspace(60.0, 90.0, 400)  # a few rows that the learner is wrongly certain of turn the whole line
    log_odds, failure = np.append(log_odds, sure), np.append(failure, np.zeros(400))
    with pytest.raises(StageError, match="backwards"):
        fit_beta(log_odds, failure, is_line=True)
    chosen, losses = choose_calibrator(log_odds, failure, np.arange(8400))
    assert chosen.kind != "platt"
    assert "platt" not in losses


def test_what_cannot_be_calibrated_is_said() -> None:
    with pytest.raises(StageError, match="single class"):
        fit_beta(np.array([0.1, 0.2]), np.zeros(2))
    log_odds, failure = _drawn(Beta(1.0, 1.0, 0.0), rows=2000)
    with pytest.raises(StageError, match="backwards"):
        fit_beta(-log_odds, failure, is_line=True)


def test_an_interval_covers_the_truth_nine_times_in_ten() -> None:
    true, grid, covered = Beta(1.0, 1.0, 0.0), np.array([-4.0, -3.0, -2.0, -1.0]), []
    for seed in range(60):
        log_odds, failure = _drawn(true, rows=4000, seed=seed)
        bag = fit_bag(log_odds, failure, np.arange(4000), seed)
        low, high = bag.interval(grid, fit_beta(log_odds, failure).probability(grid))
        covered.append((low <= true.probability(grid)) & (true.probability(grid) <= high))
    assert 0.8 <= np.mean(covered) <= 0.99


def test_an_interval_counts_companies_not_rows() -> None:
    log_odds, failure = _drawn(Beta(1.0, 1.0, 0.0), rows=3000)
    probability = np.array([0.05])
    at = np.log(probability / (1 - probability))
    once = fit_bag(log_odds, failure, np.arange(3000), 1).interval(at, probability)
    copies = (np.tile(values, 12) for values in (log_odds, failure, np.arange(3000)))
    many = fit_bag(*copies, 1).interval(at, probability)
    assert many[1] - many[0] == pytest.approx(once[1] - once[0], rel=0.2)
