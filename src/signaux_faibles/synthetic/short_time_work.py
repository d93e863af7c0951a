"""Short-time work (*activité partielle*): requests and monthly consumption of the head offices.

In ordinary times a request is a sign of weakness; under an exceptional regime nearly everyone asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic import sectors
from signaux_faibles.synthetic.activity import Activity
from signaux_faibles.synthetic.arrays import Bools, Floats, Ints
from signaux_faibles.synthetic.health import Health
from signaux_faibles.synthetic.parameters import ActivityParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.procedures import LIQUIDATED, Lives
from signaux_faibles.synthetic.randomness import Purpose, generator
from signaux_faibles.synthetic.regime import Regime

HOURS_PER_MONTH = 151.67
EXCEPTIONAL_REASON = 5


@dataclass(frozen=True)
class ShortTimeWork:
    """Requests, one row each, and consumption, one row per request and month.

    Attributes
    ----------
    company, start, length, decided : [request], `decided` is the month of the status (late during a crisis)
    heads, company_heads, hundredths, reason, scope, number : [request]
        Headcount covered and total, hours asked in hundredths, reason and scope codes, rank within the company.
    request, month, used_hundredths, used_heads : [consumption]
    """

    company: Ints
    start: Ints
    length: Ints
    decided: Ints
    heads: Ints
    company_heads: Ints
    hundredths: Ints
    reason: Ints
    scope: Ints
    number: Ints
    request: Ints
    month: Ints
    used_hundredths: Ints
    used_heads: Ints

    def used_total(self) -> Ints:
        """Hours finally consumed by each request, in hundredths."""
        return np.bincount(self.request, weights=self.used_hundredths, minlength=len(self.company)).astype(np.int64)


def simulate_short_time_work(
    parameters: ActivityParameters,
    population: Population,
    health: Health,
    lives: Lives,
    activity: Activity,
    regime: Regime,
    *,
    seed: int,
    block: int,
) -> ShortTimeWork:
    """Requests of a block, and what was consumed of them."""
    draw = generator(seed, block, Purpose.SHORT_TIME_WORK)
    months, size = health.total.shape
    ratio = sectors.column("short_time_ratio")[population.group]
    ordinary = parameters.short_time * ratio * np.exp(-parameters.short_time_health * health.total)
    exceptional = regime.short_time[:months][:, population.group]
    entering = np.concatenate([exceptional[:1], np.maximum(np.diff(exceptional, axis=0), 0.0)])
    entering = np.maximum(entering, exceptional * 0.08) * np.exp(-0.1 * health.total)
    uniform = draw.random((2, months, size))
    possible = activity.active & (lives.state != LIQUIDATED)
    crisis = possible & (uniform[1] < entering)
    asks = crisis | (possible & (uniform[0] < np.minimum(ordinary, 0.2)))
    start, company = np.nonzero(asks)
    order = np.lexsort((start, company))
    start, company = start[order], company[order]
    more = draw.random((6, len(start)))
    length = 1 + np.where(crisis[start, company], 2 + 3 * more[0], 5 * more[0] ** 1.5).astype(np.int64)
    total = activity.company_headcount[start, company]
    heads = np.maximum(1, np.rint(total * np.clip(0.2 + 0.8 * more[1], 0.0, 1.0))).astype(np.int64)
    asked = np.rint(heads * length * HOURS_PER_MONTH * (0.2 + 0.6 * more[2]) * 100).astype(np.int64)
    late = np.where(crisis[start, company], (more[3] * 3).astype(np.int64), np.where(more[3] < 0.5, -1, 0))
    request, month, hours, used_heads = _consumption(draw, start, length, asked, heads, activity, company, months)
    return ShortTimeWork(
        company=company,
        start=start,
        length=length,
        decided=start + late,
        heads=heads,
        company_heads=total,
        hundredths=asked,
        reason=np.where(crisis[start, company], EXCEPTIONAL_REASON, _reasons(more[4])),
        scope=1 + (more[5] * 4).astype(np.int64),
        number=np.arange(len(company)) - np.searchsorted(company, company),
        request=request,
        month=month,
        used_hundredths=hours,
        used_heads=used_heads,
    )


def _reasons(uniform: Floats) -> Ints:
    """Reason codes of ordinary requests: the economic situation first."""
    return 1 + np.searchsorted(np.array([0.72, 0.82, 0.94, 0.98]), uniform)


def _consumption(
    draw: np.random.Generator,
    start: Ints,
    length: Ints,
    asked: Ints,
    heads: Ints,
    activity: Activity,
    company: Ints,
    months: int,
) -> tuple[Ints, Ints, Ints, Ints]:
    """Hours used each month of each request: a part of the hours granted, none once the company is gone."""
    request = np.repeat(np.arange(len(start)), length)
    month = start[request] + np.arange(len(request)) - np.repeat(np.cumsum(length) - length, length)
    level = draw.beta(1.2, 1.6, len(start))
    used = level[request] * (0.6 + 0.8 * draw.random(len(request))) * asked[request] / length[request]
    inside = month < months
    alive: Bools = np.zeros(len(request), dtype=bool)
    alive[inside] = activity.active[month[inside], company[request[inside]]]
    hours = np.rint(np.minimum(used, asked[request] / length[request])).astype(np.int64)
    keep = alive & (hours > 0)
    used_heads = np.maximum(1, np.rint(heads[request] * (0.5 + 0.5 * level[request]))).astype(np.int64)
    return request[keep], month[keep], hours[keep], used_heads[keep]
