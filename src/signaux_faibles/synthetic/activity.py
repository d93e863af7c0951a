"""Headcount of each Urssaf account and contributions due on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic import sectors
from signaux_faibles.synthetic.arrays import NEVER, Bools, Floats, Ints
from signaux_faibles.synthetic.health import Health
from signaux_faibles.synthetic.parameters import ActivityParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.procedures import LIQUIDATED, OBSERVATION, Lives
from signaux_faibles.synthetic.randomness import Purpose, generator
from signaux_faibles.synthetic.sites import Accounts

_CONTRIBUTION_RATE = 0.40
_WAGE_GROWTH_YEAR = 0.02
_LAG = 3
"""Months before the health of a company shows in its headcount."""


@dataclass(frozen=True)
class Activity:
    """Headcount and contributions of a block.

    Attributes
    ----------
    headcount : [month, account]
    company_headcount : [month, company]
    active : [month, company], the company exists and employs
    due_cents : [month, account], contributions of the month
    quarterly : [account], contributions are paid by quarter
    """

    headcount: Ints
    company_headcount: Ints
    active: Bools
    due_cents: Ints
    quarterly: Bools


def simulate_activity(
    parameters: ActivityParameters,
    population: Population,
    health: Health,
    lives: Lives,
    accounts: Accounts,
    *,
    seed: int,
    block: int,
    first_month: int,
) -> Activity:
    """Headcount and contributions of every account in every month."""
    months, size = health.total.shape
    draw = generator(seed, block, Purpose.HEADCOUNT)
    total = _company_sizes(parameters, population, health, lives, draw, first_month)
    clock = np.arange(months)[:, None]
    open_ = (clock >= accounts.opening) & (clock < accounts.closing)
    weights = np.where(open_, accounts.weight, 0.0)
    sums = _sum_by_company(weights, accounts.company, size)
    rounding = draw.random(len(accounts.company))
    shares = weights / np.maximum(sums[:, accounts.company], 1e-12)
    headcount = np.floor(shares * total[:, accounts.company] + rounding).astype(np.int64)
    headcount = np.where(accounts.main & open_, np.maximum(headcount, 1), headcount)
    company_headcount = _sum_by_company(headcount, accounts.company, size)
    pay = generator(seed, block, Purpose.CONTRIBUTION)
    wage = sectors.column("wage_eur")[population.group] * np.exp(0.25 * pay.standard_normal(size))
    noise = np.exp(0.04 * pay.standard_normal((months, len(accounts.company))))
    growth = (1.0 + _WAGE_GROWTH_YEAR) ** (np.arange(months)[:, None] / 12.0)
    due = headcount * wage[accounts.company] * _CONTRIBUTION_RATE * growth * noise * 100.0
    yearly_bonus = 1.0 + 0.25 * ((first_month + clock) % 12 == 11)
    start_size = population.size[accounts.company]
    return Activity(
        headcount=headcount,
        company_headcount=company_headcount,
        active=company_headcount > 0,
        due_cents=np.rint(due * yearly_bonus).astype(np.int64),
        quarterly=start_size < parameters.quarterly_under,
    )


def _company_sizes(
    parameters: ActivityParameters,
    population: Population,
    health: Health,
    lives: Lives,
    draw: np.random.Generator,
    first_month: int,
) -> Floats:
    """Headcount of each company before rounding: growth with health, season, cuts during proceedings."""
    months, size = health.total.shape
    clock = np.arange(months)[:, None]
    lagged = np.concatenate([np.repeat(health.total[:1], _LAG, axis=0), health.total[:-_LAG]])[:months]
    growth = parameters.growth_health * (lagged + 0.25) + 0.0012 * population.trait_growth
    growth = growth + parameters.growth_noise * draw.standard_normal((months, size))
    growth = growth - 0.02 * (lives.state == OBSERVATION) - 0.25 * (lives.state == LIQUIDATED)
    age = clock - population.birth
    growth = growth + np.where((age >= 0) & (age < 24), 0.03, 0.0)
    start = np.where(population.birth >= 0, 0.5, 1.0) * population.size
    level = start * np.exp(np.cumsum(np.where(age >= 0, growth, 0.0), axis=0))
    level = np.minimum(level, 5.0 * population.size + 20.0)
    season = sectors.column("season_ratio")[population.group] * np.cos(
        2 * np.pi * ((first_month + clock) % 12 - 6) / 12
    )
    alive = (clock >= population.birth) & (clock < np.where(lives.end < NEVER, lives.end, NEVER))
    return np.where(alive, np.maximum(level * (1.0 + season), 0.6), 0.0)


def _sum_by_company(values: Floats | Ints, company: Ints, size: int) -> Ints:
    """Sum of the columns of the accounts of each company (accounts are sorted by company)."""
    starts = np.searchsorted(company, np.arange(size))
    padded = np.concatenate([values, np.zeros((len(values), 1), dtype=values.dtype)], axis=1)
    sums = np.add.reduceat(padded, starts, axis=1)
    empty = np.searchsorted(company, np.arange(size), side="right") == starts
    return np.where(empty, 0, sums)


def company_due_cents(activity: Activity, accounts: Accounts, size: int) -> Ints:
    """Contributions due by each company, [month, company]."""
    return _sum_by_company(activity.due_cents, accounts.company, size)
