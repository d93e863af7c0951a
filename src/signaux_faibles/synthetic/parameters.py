"""Every number that makes the simulated country easier or harder to foresee, in one place.

Rates are per month unless said otherwise; health is a standard score (0: ordinary, negative: worse). The defaults are
calibrated as docs/dev/explanation/simulator.md tells; changing them changes every measure published on the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PopulationParameters:
    """Who the companies are."""

    small_share: float = 0.22
    """Share of companies that hover under ten employees (they entered the perimeter once, or never)."""
    size_tail: float = 1.12
    """Exponent of the Pareto law of headcount above ten employees."""
    size_max: int = 9_000
    born_inside_share_year: float = 0.026
    """Share of the companies born each year of the simulated span."""
    age_mean_years: float = 16.0
    closure: float = 0.0011
    """Closure or merger without any proceeding."""
    excluded_share: float = 0.022
    """Public bodies, banks, schools and the like, which the perimeter must leave out."""
    foreign_share: float = 0.002
    sole_trader_share: float = 0.012
    move: float = 0.0009
    """Move of the head office: a new SIRET, to which Urssaf re-attributes its rows."""
    in_plan_share: float = 0.010
    """Companies that enter the simulation under a continuation plan."""


@dataclass(frozen=True)
class HealthParameters:
    """The latent health, and the hazard of failure that follows from it."""

    persistence: float = 0.986
    decline_start: float = 0.0006
    decline_end: float = 0.02
    decline_mean: float = -3.4
    """Health towards which a company in structural decline is drawn."""
    decline_persistence: float = 0.95
    """Persistence of the health during a decline: lower than the ordinary one, so that the fall takes a year or two."""
    shock: float = 0.0003
    shock_depth: float = 2.3
    """A sudden shock (loss of a client, fire, fraud) lowers the health at once by this much."""
    sector_cycle: float = 0.17
    region_cycle: float = 0.12
    hazard: float = 0.000047
    """Monthly hazard of an ordinary company of average characteristics when the national index is 1."""
    steepness: float = 2.2
    """Logarithm of the ratio of hazards between two companies one unit of health apart."""
    unannounced: float = 0.00006
    """Part of the monthly hazard that no health announces."""
    cap: float = 0.25


@dataclass(frozen=True)
class UrssafParameters:
    """Contributions and their payment."""

    unpaid_threshold: float = 2.0
    """Stress (minus health, plus noise) at which one contribution in two is not paid in full."""
    unpaid_slope: float = 3.0
    noise: float = 0.35
    """Spread of the cash noise (persistence `noise_persistence`): troubles of treasury that health does not explain."""
    noise_persistence: float = 0.85
    discipline: float = 0.22
    """Spread between companies of how soon they stop paying Urssaf first."""
    punctual_share: float = 0.13
    """Companies that pay Urssaf to the end (they owe the bank or suppliers instead)."""
    punctual_bonus: float = 2.4
    forgotten: float = 0.004
    """Small unpaid amounts that say nothing: a forgotten payment, a bank rejection."""
    forgotten_spread: float = 1.0
    taxed: float = 0.0008
    """Provisional taxation for a missing return: large, soon cancelled."""
    repay: float = 0.35
    repay_health: float = 0.8
    """Chance that an ordinary company clears a debt in a month, and how it grows with health (logarithm)."""
    plan_request: float = 0.07
    plan_refusal: float = 0.15
    ccsf_request: float = 0.008
    late_headcount_share: float = 0.05
    revised_headcount_share: float = 0.006
    withdrawn_operation_share: float = 0.003


@dataclass(frozen=True)
class ActivityParameters:
    """Headcount and short-time work."""

    growth_health: float = 0.0024
    """Monthly growth of the headcount per unit of (lagged) health."""
    growth_noise: float = 0.010
    short_time: float = 0.0035
    short_time_health: float = 0.55
    quarterly_under: int = 11
    """Companies below this headcount pay contributions by quarter."""


@dataclass(frozen=True)
class AccountsParameters:
    """Annual accounts: how much health shows, how noisy, how late, how rarely."""

    signal: float = 0.80
    """Spread of the margin explained by health, in units of the sector's own spread."""
    trait: float = 0.50
    noise: float = 0.60
    never_filed_share: float = 0.26
    failing_unfiled_share: float = 0.35
    dressed_share: float = 0.12
    """Companies in distress whose accounts look one unit of health better than they are."""
    refiled_share: float = 0.015
    consolidated_share: float = 0.02


@dataclass(frozen=True)
class PaymentParameters:
    """Delays of payment to suppliers."""

    covered_share: float = 0.74
    scored_share: float = 0.66
    """Share of covered companies that also have the two 30 and 90 day scores."""
    signal: float = 0.60
    trait: float = 0.50
    noise: float = 0.6
    lag: int = 2


@dataclass(frozen=True)
class Parameters:
    """All parameters of the simulated country."""

    population: PopulationParameters = field(default_factory=PopulationParameters)
    health: HealthParameters = field(default_factory=HealthParameters)
    urssaf: UrssafParameters = field(default_factory=UrssafParameters)
    activity: ActivityParameters = field(default_factory=ActivityParameters)
    accounts: AccountsParameters = field(default_factory=AccountsParameters)
    payment: PaymentParameters = field(default_factory=PaymentParameters)
    dirt_rate: float = 0.001
    """Share of rows damaged or forged when dirt is on."""


DEFAULTS = Parameters()
