from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.synthetic.health import hazard
from signaux_faibles.synthetic.oracle import _kernel, build_oracle
from signaux_faibles.synthetic.parameters import DEFAULTS
from signaux_faibles.synthetic.regime import HORIZON, Regime, build_regime

MONTHS = 6
HEALTH, CLOSURE = DEFAULTS.health, DEFAULTS.population.closure


@pytest.fixture(scope="module")
def regime() -> Regime:
    return build_regime("historical", seed=3, first_month=2019 * 12 + 8, months=MONTHS, health=HEALTH)


def _play(regime: Regime, start: float, declining: bool, group: int, risk: float, month: int) -> float:
    """Frequency of failure within the horizon, by playing the chain forward."""
    draw, size = np.random.default_rng(5), 400_000
    own, state = np.full(size, start), np.full(size, declining)
    alive, failed = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    for step in range(1, HORIZON + 1):
        state = state ^ (draw.random(size) < np.where(state, HEALTH.decline_end, HEALTH.decline_start))
        mean = np.where(state, HEALTH.decline_mean, 0.0)
        keep = np.where(state, HEALTH.decline_persistence, HEALTH.persistence)
        own = mean + keep * (own - mean) + np.sqrt(1 - HEALTH.persistence**2) * draw.standard_normal(size)
        own = own - HEALTH.shock_depth * (draw.random(size) < HEALTH.shock)
        total = own + regime.sector_health[month + step, group]
        fails = alive & (draw.random(size) < hazard(HEALTH, regime.volume[month + step], total, np.float64(risk)))
        failed |= fails
        alive &= ~fails & (draw.random(size) >= CLOSURE)
    return float(failed.mean())


@pytest.mark.parametrize(
    ("start", "declining", "group", "risk", "month"),
    [(0.0, False, 0, 0.0, 0), (-1.6, False, 1, 0.4, 3), (-2.7, False, 4, -0.3, 5), (-2.0, True, 2, 0.2, 1)],
)
def test_probability_agrees_with_a_simulation(
    regime: Regime, start: float, declining: bool, group: int, risk: float, month: int
) -> None:
    oracle = build_oracle(HEALTH, DEFAULTS.population, regime, months=MONTHS)
    shape = (MONTHS, 1)
    stated = oracle.probability(
        np.full(shape, start), np.full(shape, declining), np.array([group]), np.full(shape, risk)
    )[month, 0]
    played = _play(regime, start, declining, group, risk, month)
    noise = 4 * np.sqrt(played * (1 - played) / 400_000)
    assert stated == pytest.approx(played, abs=noise + 0.02 * played)


def test_transitions_add_up_to_one() -> None:
    assert _kernel(HEALTH).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_probability_falls_with_health_and_grows_with_risk(regime: Regime) -> None:
    oracle = build_oracle(HEALTH, DEFAULTS.population, regime, months=MONTHS)
    health = np.tile(np.linspace(-5, 3, 40), (MONTHS, 1))
    group, calm = np.zeros(40, dtype=np.int64), np.zeros((MONTHS, 40), dtype=bool)
    low = oracle.probability(health, calm, group, np.zeros((MONTHS, 40)))
    high = oracle.probability(health, calm, group, np.full((MONTHS, 40), 0.7))
    assert (np.diff(low, axis=1) < 0).all()
    assert (high > low).all()
    assert low.min() > 0
    assert high.max() < 1
