"""Delays of payment to suppliers, as a credit bureau sees them: part of the companies only, with noise of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic.activity import Activity
from signaux_faibles.synthetic.arrays import Bools, Ints
from signaux_faibles.synthetic.health import Health
from signaux_faibles.synthetic.parameters import PaymentParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.randomness import Purpose, generator

PAYDEX_DAYS = (
    *((50, 30), (51, 29), (52, 29), (53, 28), (54, 27), (55, 26), (56, 26), (57, 25), (58, 24), (59, 23), (60, 22)),
    *((61, 22), (62, 21), (63, 20), (64, 19), (65, 19), (66, 19), (67, 18), (68, 17), (69, 16), (70, 15), (71, 14)),
    *((72, 12), (73, 11), (74, 9), (75, 8), (76, 6), (77, 5), (78, 3), (79, 1), (80, 0)),
)
"""Paydex code and days late it stands for, above 050; below it each point is three days more."""


@dataclass(frozen=True)
class PaymentDelays:
    """Supplier payment behaviour, one row per covered company and month.

    Attributes
    ----------
    days, code : mean delay in days and its paydex code
    suppliers, exposure_eur : number of suppliers heard, amounts studied
    over_30, over_90 : hundredths of percent of the amounts paid more than 30 and 90 days late, -1 when not scored
    """

    company: Ints
    month: Ints
    days: Ints
    code: Ints
    suppliers: Ints
    exposure_eur: Ints
    over_30: Ints
    over_90: Ints


def simulate_payments(
    parameters: PaymentParameters, population: Population, health: Health, activity: Activity, *, seed: int, block: int
) -> PaymentDelays:
    """Delays of a block."""
    draw = generator(seed, block, Purpose.PAYMENT)
    months, size = health.total.shape
    big = np.log(population.size / 20.0)
    covered = draw.random(size) < parameters.covered_share + 0.05 * np.clip(big, -1.0, 3.0)
    scored = covered & (draw.random(size) < parameters.scored_share)
    late = np.concatenate([np.repeat(health.total[:1], parameters.lag, axis=0), health.total])[:months]
    noise = np.empty((months, size))
    level = draw.standard_normal(size)
    for rank in range(months):
        noise[rank] = level
        level = 0.7 * level + 0.714 * draw.standard_normal(size)
    strain = -parameters.signal * late + parameters.trait * population.trait_payment + parameters.noise * noise
    known: Bools = covered & activity.active & (draw.random((months, size)) < 0.95)
    company, month = np.nonzero(known.T)
    one = strain[month, company]
    days = np.clip(np.rint(13.0 * np.exp(0.75 * one) - 8.0), 0, 180).astype(np.int64)
    uniform = draw.random((3, len(company)))
    over_30 = np.clip(np.rint(100 * (6.0 * np.exp(1.1 * one) * (0.5 + uniform[0]) - 3.0)), -50, 10_000).astype(np.int64)
    over_90 = np.clip(np.rint(100 * (1.5 * np.exp(1.4 * one) * (0.5 + uniform[1]) - 1.2)), -50, 10_000).astype(np.int64)
    hidden = ~scored[company]
    heads = activity.company_headcount[month, company]
    suppliers = np.maximum(1, np.rint(np.sqrt(heads) * (1.0 + 2.0 * uniform[2]))).astype(np.int64)
    return PaymentDelays(
        company=company,
        month=month,
        days=days,
        code=_codes(days),
        suppliers=suppliers,
        exposure_eur=np.rint(suppliers * 1_800 * (0.5 + uniform[0])).astype(np.int64),
        over_30=np.where(hidden, -1, np.maximum(over_30, 0)),
        over_90=np.where(hidden, -1, np.minimum(np.maximum(over_90, 0), np.maximum(over_30, 0))),
    )


def _codes(days: Ints) -> Ints:
    """Paydex code of each delay: the best code that stands for at least that many days."""
    table = np.empty(181, dtype=np.int64)
    for day in range(181):
        matching = [code for code, stands in PAYDEX_DAYS if stands >= day]
        table[day] = max(matching) if matching else max(0, (180 - day) // 3)
    return np.asarray(table[days])
