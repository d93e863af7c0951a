"""The latent health of companies, and the hazard of failure that follows from it.

Health is a first-order chain: an autoregression whose mean falls for companies in structural decline, and which a
sudden shock may lower at once. Being a chain, its future depends on its present only, so the true probability of
failure can be computed (see `oracle`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic.arrays import Bools, Floats
from signaux_faibles.synthetic.parameters import HealthParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.randomness import Purpose, generator
from signaux_faibles.synthetic.regime import Regime

_YOUNG_MONTHS = 36.0


@dataclass(frozen=True)
class Health:
    """Health of the companies of a block, each array [month, company].

    Attributes
    ----------
    own : the chain itself
    declining : structural decline under way
    shocked : a sudden shock fell that month
    total : own health plus the cycles of the sector and of the region, what everything observable follows
    """

    own: Floats
    declining: Bools
    shocked: Bools
    total: Floats


def simulate_health(
    parameters: HealthParameters, regime: Regime, population: Population, *, seed: int, block: int, months: int
) -> Health:
    """Draw the health of every company, alive or not, from the first month to the last."""
    draw = generator(seed, block, Purpose.HEALTH)
    size = len(population)
    spread = np.sqrt(1.0 - parameters.persistence**2)
    declining = draw.random(size) < parameters.decline_start / (parameters.decline_start + parameters.decline_end)
    own = draw.standard_normal(size) + np.where(declining, 0.6 * parameters.decline_mean, 0.0)
    owns, declines, shocks = np.empty((months, size)), np.empty((months, size), bool), np.empty((months, size), bool)
    for month in range(months):
        noise, uniform = draw.standard_normal(size), draw.random((2, size))
        switch = np.where(declining, parameters.decline_end, parameters.decline_start)
        declining = declining ^ (uniform[0] < switch)
        shocked = uniform[1] < parameters.shock
        mean = np.where(declining, parameters.decline_mean, 0.0)
        keep = np.where(declining, parameters.decline_persistence, parameters.persistence)
        own = mean + keep * (own - mean) + spread * noise - parameters.shock_depth * shocked
        owns[month], declines[month], shocks[month] = own, declining, shocked
    total = owns + regime.sector_health[:months, population.group] + regime.region_health[:months, population.region]
    return Health(owns, declines, shocks, total)


def log_risks(population: Population, months: int) -> Floats:
    """Logarithm of each company's own hazard ratio, [month, company]: its traits and its age."""
    age = np.arange(months)[:, None] - population.birth[None, :]
    young = 0.35 * np.exp(-np.maximum(age, 0) / _YOUNG_MONTHS)
    return np.asarray(population.log_risk[None, :] + young)


def hazard(parameters: HealthParameters, volume: Floats, health: Floats, log_risk: Floats) -> Floats:
    """Monthly probability that a proceeding opens.

    Parameters
    ----------
    volume : national multiplier of the month, broadcast against `health`
    health, log_risk : total health, and logarithm of the company's own ratio
    """
    rate = parameters.hazard * np.exp(-parameters.steepness * health) + parameters.unannounced
    return np.asarray(np.minimum(volume * np.exp(log_risk) * rate, parameters.cap))
