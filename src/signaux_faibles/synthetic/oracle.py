"""The true probability of a proceeding within eighteen months, which no producer knows.

Computed by backward recursion over a grid of health states (value of the chain, and whether it is in decline), for each
month, each sector group and a grid of own risks. No simulation noise: the same inputs give the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf

import numpy as np

from signaux_faibles.synthetic.arrays import Bools, Floats, Ints, Singles
from signaux_faibles.synthetic.health import hazard
from signaux_faibles.synthetic.parameters import HealthParameters, PopulationParameters
from signaux_faibles.synthetic.regime import HORIZON, Regime

_GRID = np.linspace(-8.0, 4.5, 126)
_RISKS = np.linspace(-3.5, 2.5, 9)


@dataclass(frozen=True)
class Oracle:
    """Integrated hazard over the horizon, divided by the own risk: smooth in both, hence safe to interpolate.

    `table` is [month, group, state, health, risk]; states are 0 (ordinary) and 1 (decline).
    """

    table: Singles

    def probability(self, own: Floats, declining: Bools, group: Ints, log_risk: Floats) -> Floats:
        """Probability that a proceeding opens in the `HORIZON` months after each month, [month, company]."""
        at, share = _position(own, _GRID)
        risk_at, risk_share = _position(log_risk, _RISKS)
        month = np.broadcast_to(np.arange(len(own))[:, None], own.shape)
        groups = np.broadcast_to(group[None, :], own.shape)
        state = declining.astype(np.int64)
        corner = [self.table[month, groups, state, at + dx, risk_at + dr] for dx in (0, 1) for dr in (0, 1)]
        low = corner[0] * (1 - risk_share) + corner[1] * risk_share
        high = corner[2] * (1 - risk_share) + corner[3] * risk_share
        return np.asarray(1.0 - np.exp(-(low * (1 - share) + high * share) * np.exp(log_risk)))


def _position(value: Floats, grid: Floats) -> tuple[Ints, Floats]:
    """Rank of the grid point below each value, and the share of the way to the next one."""
    scaled = np.clip((value - grid[0]) / (grid[1] - grid[0]), 0.0, len(grid) - 1.000001)
    below = scaled.astype(np.int64)
    return below, scaled - below


def build_oracle(health: HealthParameters, population: PopulationParameters, regime: Regime, *, months: int) -> Oracle:
    """Table of the integrated hazard, by backward recursion."""
    kernel = _kernel(health)
    states = np.concatenate([_GRID, _GRID])
    volume = regime.volume[:, None]
    groups = regime.sector_health.shape[1]
    table = np.empty((months, groups, 2, len(_GRID), len(_RISKS)), dtype=np.float32)
    for group in range(groups):
        for rank, risk in enumerate(_RISKS):
            total = states[None, :] + regime.sector_health[:, group][:, None]
            fails = hazard(health, volume, total, np.full(1, risk)).T.astype(np.float32)
            stays = (1.0 - fails) * np.float32(1.0 - population.closure)
            value: Singles = np.zeros((len(states), months), dtype=np.float32)
            for step in range(HORIZON, 0, -1):
                value = kernel @ (fails[:, step : step + months] + stays[:, step : step + months] * value)
            integrated = -np.log1p(-np.minimum(value, 0.999999)) / np.exp(risk)
            table[:, group, :, :, rank] = integrated.T.reshape(months, 2, len(_GRID))
    return Oracle(table)


def _kernel(health: HealthParameters) -> Singles:
    """Transition matrix of the chain on the grid, rows adding up to one."""
    step = _GRID[1] - _GRID[0]
    # Sheppard's correction: putting a normal law on a grid adds step^2 / 12 to its variance.
    spread = float(np.sqrt(1.0 - health.persistence**2 - step**2 / 12))
    blocks = []
    for start in (0, 1):
        row = []
        for end in (0, 1):
            switch = health.decline_end if start else health.decline_start
            weight = switch if start != end else 1.0 - switch
            mean = health.decline_mean * end
            keep = health.decline_persistence if end else health.persistence
            centre = mean + keep * (_GRID - mean)
            calm, fallen = _masses(centre, spread), _masses(centre - health.shock_depth, spread)
            row.append(weight * ((1.0 - health.shock) * calm + health.shock * fallen))
        blocks.append(np.concatenate(row, axis=1))
    return np.concatenate(blocks, axis=0).astype(np.float32)


def _masses(centre: Floats, spread: float) -> Floats:
    """Mass of a normal law around each grid point, [centre, grid]; what falls outside goes to the ends."""
    edges = np.concatenate([[-np.inf], (_GRID[:-1] + _GRID[1:]) / 2, [np.inf]])
    scaled = (edges[None, :] - centre[:, None]) / (spread * np.sqrt(2.0))
    cumulated = (1.0 + np.vectorize(erf, otypes=[float])(scaled)) / 2.0
    return np.asarray(np.diff(cumulated, axis=1))
