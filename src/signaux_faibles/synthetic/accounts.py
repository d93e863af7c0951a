"""Annual accounts and the ratios that are published from them.

A small balance sheet is rolled from year to year: margin follows health with noise, equity adds up the results, and
debt, liquidity and delays follow. Some companies never file, some file late or again, some dress their accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic import sectors
from signaux_faibles.synthetic.activity import Activity
from signaux_faibles.synthetic.arrays import NEVER, Bools, Floats, Ints
from signaux_faibles.synthetic.health import Health
from signaux_faibles.synthetic.parameters import AccountsParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.procedures import LIQUIDATED, Lives
from signaux_faibles.synthetic.randomness import Purpose, generator

_CLOSINGS = ((11, 0.68), (2, 0.08), (5, 0.09), (8, 0.10), (0, 0.05))
"""Month of the year of the closing (0 is January) and its share."""

INTEGERS = ("chiffre_d_affaires", "marge_brute", "ebe", "ebit", "resultat_net")
DECIMALS = (
    "taux_d_endettement",
    "ratio_de_liquidite",
    "ratio_de_vetuste",
    "autonomie_financiere",
    "poids_bfr_exploitation_sur_ca",
    "couverture_des_interets",
    "caf_sur_ca",
    "capacite_de_remboursement",
    "marge_ebe",
    "resultat_courant_avant_impots_sur_ca",
    "poids_bfr_exploitation_sur_ca_jours",
    "rotation_des_stocks_jours",
    "credit_clients_jours",
    "credit_fournisseurs_jours",
)


@dataclass(frozen=True)
class AnnualAccounts:
    """Accounts filed: one row per company and closing, in the columns of the open data set.

    Attributes
    ----------
    filed, superseded : first batch month that holds the row, first one that no longer does
    values : columns by name, euros for `INTEGERS`, percentages, ratios or days for `DECIMALS`
    """

    company: Ints
    closing: Ints
    filed: Ints
    superseded: Ints
    kind: tuple[str, ...]
    values: dict[str, Floats]


def simulate_accounts(
    parameters: AccountsParameters,
    population: Population,
    health: Health,
    lives: Lives,
    activity: Activity,
    *,
    seed: int,
    block: int,
    first_month: int,
) -> AnnualAccounts:
    """Accounts of a block, closed between the first month and the last."""
    draw = generator(seed, block, Purpose.ACCOUNTS)
    months, size = len(health.total), len(population)
    closing_of_year = np.array([month for month, _ in _CLOSINGS])[
        np.searchsorted(np.cumsum([share for _, share in _CLOSINGS])[:-1], draw.random(size))
    ]
    equity = 0.25 + 0.15 * draw.standard_normal(size)
    vetuste = 40 + 15 * draw.standard_normal(size)
    never = draw.random(size) < parameters.never_filed_share
    rows: list[tuple[Ints, Ints, dict[str, Floats]]] = []
    noise = draw.standard_normal(size)
    offset = (closing_of_year - first_month) % 12
    for year in range((months + 11) // 12):
        closing = offset + 12 * year
        noise = 0.4 * noise + 0.92 * draw.standard_normal(size)
        shocks, dressing = draw.standard_normal((8, size)), draw.random(size) < parameters.dressed_share
        mean, heads = _year_means(health, activity, closing, months)
        shown = mean + np.where(dressing & (mean < -1.0), 1.0, 0.0)
        values, equity = _balance(parameters, population, shown, noise, heads, equity, vetuste, shocks, year)
        alive = (closing < months) & (heads > 0.5) & (population.birth <= closing - 5)
        alive &= lives.state[np.minimum(closing, months - 1), np.arange(size)] != LIQUIDATED
        rows.append((np.flatnonzero(alive & ~never), closing, values))
    company = np.concatenate([who for who, _, _ in rows])
    closing = np.concatenate([closing[who] for who, closing, _ in rows])
    values = {name: np.concatenate([v[name][who] for who, _, v in rows]) for name in (*INTEGERS, *DECIMALS)}
    return _file(parameters, company, closing, values, health, population, draw, months)


def _year_means(health: Health, activity: Activity, closing: Ints, months: int) -> tuple[Floats, Floats]:
    """Mean health and headcount of each company over its exercise (or the part of it inside the simulation)."""
    size = len(closing)
    last = np.minimum(closing, months - 1)
    first = np.maximum(last - 11, 0)
    every = np.arange(size)
    counted = last - first + 1

    def mean(values: Floats | Ints) -> Floats:
        running = np.concatenate([np.zeros((1, size)), np.cumsum(values, axis=0)])
        return np.asarray((running[last + 1, every] - running[first, every]) / counted)

    return mean(health.total), mean(activity.company_headcount)


def _balance(
    parameters: AccountsParameters,
    population: Population,
    mean_health: Floats,
    noise: Floats,
    heads: Floats,
    equity: Floats,
    vetuste: Floats,
    shocks: Floats,
    year: int,
) -> tuple[dict[str, Floats], Floats]:
    """Published columns of one exercise, and the equity (in share of turnover) carried to the next."""
    group = population.group
    margin, turnover, gross = _trading(parameters, population, mean_health, noise, heads, shocks, year)
    depreciation = np.clip(0.025 + 0.008 * shocks[2], 0.003, 0.08)
    debt = np.clip(0.22 - 0.06 * mean_health + 0.10 * shocks[3] - 0.1 * equity, 0.0, 2.0)
    interest = 0.035 * debt + 0.001
    current = margin - depreciation - interest
    net = current - 0.25 * np.maximum(current, 0.0) + 0.006 * shocks[4]
    equity = np.clip(equity + np.where(net > 0, 0.45, 1.0) * net, -0.8, 1.2)
    cash_flow = net + depreciation
    liquidity = np.exp(0.35 + 0.10 * mean_health + 0.30 * population.trait_accounts + 0.5 * equity + 0.2 * shocks[5])
    stock = sectors.column("stock_days")[group] * np.exp(0.25 * shocks[6])
    customer = sectors.column("customer_days")[group] * np.exp(0.2 * shocks[7] - 0.03 * mean_health)
    supplier = sectors.column("supplier_days")[group] * np.exp(0.2 * population.trait_payment - 0.09 * mean_health)
    working = stock * 0.6 + customer - supplier * (1 - gross)
    total = np.maximum(0.25 + debt + np.maximum(equity, 0.0), 0.2)
    return {
        "chiffre_d_affaires": turnover,
        "marge_brute": turnover * gross,
        "ebe": turnover * margin,
        "ebit": turnover * (margin - depreciation),
        "resultat_net": turnover * net,
        "taux_d_endettement": 100 * debt / np.where(np.abs(equity) < 0.01, 0.01, equity),
        "ratio_de_liquidite": 100 * liquidity,
        "ratio_de_vetuste": np.clip(vetuste + 0.8 * year - 2.0 * mean_health, 2, 100),
        "autonomie_financiere": 100 * equity / total,
        "poids_bfr_exploitation_sur_ca": 100 * working / 365,
        "couverture_des_interets": 100 * interest / np.where(np.abs(margin) < 0.002, 0.002, margin),
        "caf_sur_ca": 100 * cash_flow,
        "capacite_de_remboursement": debt / np.where(np.abs(cash_flow) < 0.002, 0.002, cash_flow),
        "marge_ebe": 100 * margin,
        "resultat_courant_avant_impots_sur_ca": 100 * current,
        "poids_bfr_exploitation_sur_ca_jours": working,
        "rotation_des_stocks_jours": stock,
        "credit_clients_jours": customer,
        "credit_fournisseurs_jours": supplier,
    }, equity


def _trading(
    parameters: AccountsParameters,
    population: Population,
    mean_health: Floats,
    noise: Floats,
    heads: Floats,
    shocks: Floats,
    year: int,
) -> tuple[Floats, Floats, Floats]:
    """Margin (share of turnover), turnover in euros, and gross margin (share of turnover) of one exercise."""
    group = population.group
    standard = parameters.signal * mean_health + parameters.trait * population.trait_accounts + parameters.noise * noise
    margin = sectors.column("ebitda_ratio")[group] + sectors.column("ebitda_spread_ratio")[group] * standard
    turnover = np.maximum(heads, 0.5) * sectors.column("turnover_per_head_keur")[group] * 1_000
    turnover = turnover * np.exp(0.05 * mean_health + 0.3 * population.trait_growth + 0.06 * shocks[0] + 0.015 * year)
    gross = np.clip(sectors.column("gross_margin_ratio")[group] + 0.04 * shocks[1] + 0.2 * margin, 0.02, 0.98)
    return margin, turnover, gross


def _file(
    parameters: AccountsParameters,
    company: Ints,
    closing: Ints,
    values: dict[str, Floats],
    health: Health,
    population: Population,
    draw: np.random.Generator,
    months: int,
) -> AnnualAccounts:
    """Publish each account some months after its closing; drop some, file some again, add consolidated sheets."""
    count = len(company)
    uniform = draw.random((5, count))
    delay = 4 + np.minimum(np.floor(draw.gamma(2.2, 1.25, count)), 14).astype(np.int64)
    now = health.total[np.minimum(closing + delay, months - 1), company]
    delay = np.minimum(delay + np.where((now < -1.5) & (uniform[0] < 0.4), 4, 0), 18)
    unfiled = (now < -1.8) & (uniform[1] < parameters.failing_unfiled_share)
    filed = np.where(unfiled, NEVER, closing + delay)
    refiled = np.flatnonzero((uniform[2] < parameters.refiled_share) & (filed < NEVER))
    again = filed[refiled] + 2 + (uniform[3, refiled] * 8).astype(np.int64)
    superseded = np.full(count, NEVER)
    superseded[refiled] = again
    large = population.size[company] > 100
    group_sheet = np.flatnonzero((uniform[4] < parameters.consolidated_share) & large & (filed < NEVER))
    pick = np.concatenate([np.arange(count), refiled, group_sheet])
    factor = np.ones(len(pick))
    factor[count : count + len(refiled)] = 1.0 + 0.03 * draw.standard_normal(len(refiled))
    factor[count + len(refiled) :] = 1.2 + draw.random(len(group_sheet))
    small = population.size[company] < 20
    kinds = np.concatenate(
        [np.where(small, "S", "C"), np.where(small[refiled], "S", "C"), np.full(len(group_sheet), "K")]
    )
    whole = {name: column[pick] * (factor if name in INTEGERS else 1.0) for name, column in values.items()}
    starts = np.concatenate([filed, again, filed[group_sheet]])
    ends = np.concatenate([superseded, np.full(len(refiled), NEVER), np.full(len(group_sheet), NEVER)])
    keep: Bools = starts < NEVER
    order = np.lexsort((starts, closing[pick], company[pick]))
    order = order[keep[order]]
    return AnnualAccounts(
        company=company[pick][order],
        closing=closing[pick][order],
        filed=starts[order],
        superseded=ends[order],
        kind=tuple(kinds[order].tolist()),
        values={name: column[order] for name, column in whole.items()},
    )
