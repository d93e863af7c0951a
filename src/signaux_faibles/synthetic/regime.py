"""A regime of the economy: what the scenario file says, and the monthly series that follow from it.

A regime moves the volume of failures, the health of whole sectors, the recovery of contributions and the recourse to
short-time work. Nothing in it depends on a company.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.domain.territoire import departements
from signaux_faibles.synthetic import sectors
from signaux_faibles.synthetic.arrays import Floats
from signaux_faibles.synthetic.parameters import HealthParameters
from signaux_faibles.synthetic.randomness import NATION, Purpose, generator

HORIZON = 18
"""Months of foresight of the truth: the regime is known that far beyond the last month."""

SCENARIOS = ("historical", "none", "covid", "energy")
DEFAULT_SCENARIO = "historical"

_KEYS = {"label", "failures_index", "index_fixes_volume", "health_shocks", "recovery_suspended", "short_time_work"}


@dataclass(frozen=True)
class Regime:
    """Monthly series of a scenario, from the first month to `HORIZON` months after the last one.

    Attributes
    ----------
    volume : [month]
        Multiplier of every hazard.
    sector_health : [month, group]
        Added to the health of the companies of a group.
    region_health : [month, region]
        Added to the health of the companies of a region (rank in `region_codes`).
    unpaid, recovery : [month]
        Share of companies that defer their contributions without being asked; multiplier of the recovery of debts.
    short_time : [month, group]
        Share of companies under exceptional short-time work.
    """

    volume: Floats
    sector_health: Floats
    region_health: Floats
    unpaid: Floats
    recovery: Floats
    short_time: Floats


def region_codes() -> tuple[str, ...]:
    """Regions of the companies, in the order used by `Regime.region_health`."""
    return tuple(sorted({d.region for d in departements().values()}))


def read_scenario(scenario: str) -> dict[str, Any]:
    """Content of a named scenario, or of a YAML file given by its path.

    Raises
    ------
    InputError
        If the name is unknown, the file unreadable, or a key unknown.
    """
    if scenario in SCENARIOS:
        text = (files("signaux_faibles.synthetic.scenarios") / f"{scenario}.yaml").read_text(encoding="utf-8")
    elif scenario.endswith((".yaml", ".yml")) and Path(scenario).is_file():
        text = Path(scenario).read_text(encoding="utf-8")
    else:
        raise InputError(
            f"Unknown scenario {scenario!r}.", todo=f"Use one of {', '.join(SCENARIOS)}, or the path of a YAML file."
        )
    content = yaml.safe_load(text)
    unknown = set(content) - _KEYS if isinstance(content, dict) else {"(not a mapping)"}
    if unknown:
        raise InputError(
            f"Scenario {scenario!r}: unknown keys {', '.join(sorted(map(str, unknown)))}.",
            todo=f"Use only {', '.join(sorted(_KEYS))}.",
        )
    return dict(content)


def build_regime(scenario: str, *, seed: int, first_month: int, months: int, health: HealthParameters) -> Regime:
    """Monthly series of a scenario over a span, with the cycles of sectors and regions drawn from the seed."""
    content = read_scenario(scenario)
    size = months + HORIZON
    calendar = first_month + np.arange(size)
    groups, regions = len(sectors.GROUPS), len(region_codes())
    cycles = _cycles(seed, size, groups + regions)
    sector = cycles[:, :groups] * health.sector_cycle
    region = cycles[:, groups:] * health.region_cycle
    shocks = np.zeros((size, groups))
    for shock in content.get("health_shocks", ()):
        shocks[_within(calendar, shock)] -= shock["depth"] * sectors.column(shock["by"])
    fixed = sector + shocks if content.get("index_fixes_volume", False) else sector
    volume = _index(content.get("failures_index", "flat"), calendar) / _failure_ratio(fixed, health)
    unpaid, recovery = np.zeros(size), np.ones(size)
    for period in content.get("recovery_suspended", ()):
        inside = _within(calendar, period)
        unpaid[inside], recovery[inside] = period["unpaid"], period["recovery"]
    short_time = np.zeros((size, groups))
    for period in content.get("short_time_work", ()):
        level = period["share"] * (0.4 + sectors.column("covid_ratio"))
        short_time[_within(calendar, period)] = np.minimum(level, 0.9)
    return Regime(volume, sector + shocks, region, unpaid, recovery, short_time)


def _failure_ratio(sector_health: Floats, health: HealthParameters) -> Floats:
    """What the health of sectors does to the national number of failures: divided out, so that the index sets it."""
    weights = sectors.group_shares() * sectors.column("failure_ratio")
    return np.asarray(np.exp(-health.steepness * sector_health) @ weights / weights.sum())


def _within(calendar: Any, period: dict[str, Any]) -> Any:
    """Months of the calendar inside a period of the scenario, both ends included."""
    return (calendar >= parse_month(str(period["from"]))) & (calendar <= parse_month(str(period["until"])))


def _index(declared: Any, calendar: Any) -> Floats:
    """Volume of failures of each month relative to 2018, held constant beyond the last known value."""
    if declared == "flat":
        return np.ones(len(calendar), dtype=np.float64)
    if declared == "insee":
        with (files("signaux_faibles.synthetic.data") / "failures_index.csv").open(encoding="utf-8") as stream:
            points = [(parse_month(row["month"]), float(row["index"])) for row in csv.DictReader(stream)]
    else:
        points = [(parse_month(str(point["month"])), float(point["value"])) for point in declared]
    known = np.array([month for month, _ in points])
    return np.asarray(np.interp(calendar, known, np.array([value for _, value in points])), dtype=np.float64)


def _cycles(seed: int, size: int, count: int) -> Floats:
    """Slow standard cycles, one a column: second-order smoothed noise with unit variance."""
    noise = generator(seed, NATION, Purpose.MACRO).standard_normal((size + 240, count))
    level, slope = np.zeros(count), np.zeros(count)
    path = np.empty_like(noise)
    for month in range(len(noise)):
        slope = 0.9 * slope + noise[month]
        level = 0.97 * level + 0.05 * slope
        path[month] = level
    return np.asarray(path[240:] / 1.75)
