"""One block of companies, from birth to end, with everything that producers will see of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic.accounts import AnnualAccounts, simulate_accounts
from signaux_faibles.synthetic.activity import Activity, simulate_activity
from signaux_faibles.synthetic.arrays import Floats
from signaux_faibles.synthetic.debts import Dues, Ledger, call_contributions, keep_ledger, miss_payments
from signaux_faibles.synthetic.health import Health, hazard, log_risks, simulate_health
from signaux_faibles.synthetic.oracle import Oracle, build_oracle
from signaux_faibles.synthetic.parameters import Parameters
from signaux_faibles.synthetic.payments import PaymentDelays, simulate_payments
from signaux_faibles.synthetic.population import Population, draw_population
from signaux_faibles.synthetic.procedures import Lives, draw_lives
from signaux_faibles.synthetic.regime import Regime, build_regime
from signaux_faibles.synthetic.short_time_work import ShortTimeWork, simulate_short_time_work
from signaux_faibles.synthetic.sites import Accounts, Sites, draw_sites


@dataclass(frozen=True)
class World:
    """What is common to all blocks: parameters, seed, span, regime and truth table."""

    parameters: Parameters
    seed: int
    first_month: int
    months: int
    regime: Regime
    oracle: Oracle


@dataclass(frozen=True)
class Block:
    """Companies of a block and their histories; arrays are [month, company] unless their class says otherwise."""

    number: int
    population: Population
    health: Health
    log_risk: Floats
    hazard: Floats
    lives: Lives
    sites: Sites
    accounts: Accounts
    activity: Activity
    dues: Dues
    ledger: Ledger
    short_time: ShortTimeWork
    annual: AnnualAccounts
    payments: PaymentDelays


def build_world(parameters: Parameters, *, seed: int, first_month: int, months: int, scenario: str) -> World:
    """Everything that does not depend on a company."""
    regime = build_regime(scenario, seed=seed, first_month=first_month, months=months, health=parameters.health)
    oracle = build_oracle(parameters.health, parameters.population, regime, months=months)
    return World(parameters, seed, first_month, months, regime, oracle)


def simulate_block(world: World, number: int) -> Block:
    """Simulate the companies of a block, whatever the other blocks are."""
    given, months, regime = world.parameters, world.months, world.regime
    key = {"seed": world.seed, "block": number}
    population = draw_population(given, months=months, **key)
    health = simulate_health(given.health, regime, population, months=months, **key)
    log_risk = log_risks(population, months)
    hazards = hazard(given.health, regime.volume[:months, None], health.total, log_risk)
    announced = given.health.hazard * np.exp(-given.health.steepness * health.total)
    causeless = given.health.unannounced / (announced + given.health.unannounced)
    lives = draw_lives(given.population, population, hazards, causeless, **key)
    sites, accounts = draw_sites(given.population, population, lives, **key)
    dated = {"first_month": world.first_month, **key}
    activity = simulate_activity(given.activity, population, health, lives, accounts, **dated)
    called = call_contributions(activity, world.first_month)
    dues = miss_payments(given.urssaf, called, population, health, lives, accounts, regime, **key)
    ledger = keep_ledger(given.urssaf, dues, activity, population, health, lives, accounts, regime, **key)
    return Block(
        number=number,
        population=population,
        health=health,
        log_risk=log_risk,
        hazard=hazards,
        lives=lives,
        sites=sites,
        accounts=accounts,
        activity=activity,
        dues=dues,
        ledger=ledger,
        short_time=simulate_short_time_work(given.activity, population, health, lives, activity, regime, **key),
        annual=simulate_accounts(given.accounts, population, health, lives, activity, **dated),
        payments=simulate_payments(given.payment, population, health, activity, **key),
    )
