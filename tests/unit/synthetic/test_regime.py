from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.synthetic import sectors
from signaux_faibles.synthetic.parameters import DEFAULTS
from signaux_faibles.synthetic.regime import HORIZON, SCENARIOS, Regime, build_regime

FIRST = 2018 * 12


def _build(scenario: str, months: int = 96) -> Regime:
    return build_regime(scenario, seed=1, first_month=FIRST, months=months, health=DEFAULTS.health)


def _year(series: np.ndarray, year: int) -> float:
    start = year * 12 - FIRST
    return float(series[start : start + 12].mean())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_named_regime_covers_the_span_and_the_horizon(scenario: str) -> None:
    regime = _build(scenario)
    assert len(regime.volume) == 96 + HORIZON
    assert regime.sector_health.shape == (96 + HORIZON, len(sectors.GROUPS))
    assert (regime.volume > 0).all()


def _national(regime: Regime) -> np.ndarray:
    weights = sectors.group_shares() * sectors.column("failure_ratio")
    by_sector = regime.volume[:, None] * np.exp(-DEFAULTS.health.steepness * regime.sector_health)
    return np.asarray(by_sector @ weights / weights.sum())


def test_historical_regime_has_the_hole_and_the_catch_up() -> None:
    national = _national(_build("historical"))
    assert _year(national, 2018) == pytest.approx(1.0, abs=0.02)
    assert _year(national, 2021) == pytest.approx(0.467, abs=0.02)
    assert _year(national, 2023) == pytest.approx(1.006, abs=0.02)


def test_flat_regime_never_moves() -> None:
    regime = _build("none")
    assert _national(regime) == pytest.approx(1.0)
    assert (regime.unpaid == 0.0).all()
    assert (regime.short_time == 0.0).all()


def test_energy_adds_failures_that_the_flat_index_does_not_know() -> None:
    national = _national(_build("energy"))
    assert _year(national, 2019) == pytest.approx(1.0)
    assert national[2022 * 12 + 6 - FIRST] > 1.2


def test_covid_suspends_recovery_and_spreads_short_time_work() -> None:
    regime, april = _build("covid"), 2020 * 12 + 3 - FIRST
    assert regime.recovery[april] < 0.1 < regime.unpaid[april]
    assert regime.short_time[april].min() > 0.3
    assert regime.short_time[april - 3].max() == 0.0


def test_energy_weakens_the_sectors_that_burn_it() -> None:
    moved = _build("energy").sector_health - _build("none").sector_health
    names = [group.name for group in sectors.GROUPS]
    in_crisis = moved[2022 * 12 + 6 - FIRST]
    assert in_crisis[names.index("industry")] == pytest.approx(-0.6)
    assert in_crisis[names.index("information")] == 0.0
    assert (moved[2024 * 12 - FIRST :] == 0.0).all()


def test_a_regime_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "failures_index:\n  - {month: 2018-01, value: 1}\n  - {month: 2018-11, value: 2}\n", encoding="utf-8"
    )
    national = _national(_build(str(path)))
    assert national[:3].tolist() == pytest.approx([1.0, 1.1, 1.2])
    assert national[-1] == pytest.approx(2.0)


def test_unknown_regime_is_refused() -> None:
    with pytest.raises(InputError, match="Unknown scenario"):
        _build("apocalypse")


def test_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("failure_index: flat\n", encoding="utf-8")
    with pytest.raises(InputError, match="failure_index"):
        _build(str(path))


def test_cycles_depend_on_the_seed() -> None:
    other = build_regime("none", seed=2, first_month=FIRST, months=96, health=DEFAULTS.health)
    assert not np.allclose(other.sector_health, _build("none").sector_health)
