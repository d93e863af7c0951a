"""What no producer knows: health, hazard, true probability, cause of each failure.

Kept apart from the raw files. Only an evaluation against the best possible ranking may read it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from signaux_faibles.synthetic.arrays import Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.files.proceedings import ACTIONS, judgment_days
from signaux_faibles.synthetic.procedures import NONE

HEALTH_SCHEMA = pa.schema(
    [
        ("siren", pa.string()),
        ("month", pa.int32()),
        ("health", pa.float32()),
        ("hazard", pa.float32()),
        ("probability_18m", pa.float32()),
        ("is_in_procol", pa.bool_()),
    ]
)
FAILURES_SCHEMA = pa.schema(
    [("siren", pa.string()), ("date", pa.date32()), ("kind", pa.string()), ("cause", pa.string())]
)

CAUSES = ("unannounced", "shock", "decline", "health")
_SHOCK_MEMORY = 12


def health_table(world: World, block: Block, *, companies: int, until: int) -> pa.Table:
    """Months of activity of the first companies of a block, up to a month: what each is worth, what awaits it."""
    people, health, lives = block.population, block.health, block.lives
    own = health.own + world.regime.region_health[: world.months, people.region]
    chance = world.oracle.probability(own, health.declining, people.group, block.log_risk)
    company, month = np.nonzero(block.activity.active[: until + 1, :companies].T)
    at = (month, company)
    inside = lives.state[at] != NONE
    return pa.table(
        [
            pa.array(people.siren[company]).cast(pa.string()),
            pa.array((world.first_month + month).astype(np.int32)),
            pa.array(np.round(health.total[at], 4).astype(np.float32)),
            pa.array(np.round(block.hazard[at], 7).astype(np.float32), mask=inside),
            pa.array(np.round(chance[at], 6).astype(np.float32), mask=inside),
            pa.array(inside),
        ],
        schema=HEALTH_SCHEMA,
    )


def failures_table(world: World, block: Block, *, companies: int, until: int) -> pa.Table:
    """Opening of each proceeding up to a month, those that opened before the first month included."""
    paths = block.lives.paths
    keep = np.flatnonzero((paths.opening <= until) & (paths.company < companies))
    order = keep[np.lexsort((paths.opening[keep], paths.company[keep]))]
    return pa.table(
        [
            pa.array(block.population.siren[paths.company[order]]).cast(pa.string()),
            pa.array(judgment_days(world, block)[order].astype(np.int32)).cast(pa.date32()),
            pa.array([ACTIONS[kind] for kind in paths.kind[order].tolist()], pa.string()),
            pa.array([CAUSES[cause] for cause in _causes(block)[order].tolist()], pa.string()),
        ],
        schema=FAILURES_SCHEMA,
    )


def _causes(block: Block) -> Ints:
    """Cause of each proceeding, as a rank in `CAUSES`."""
    paths, health = block.lives.paths, block.health
    months = len(health.own)
    cause = np.full(len(paths), 3)
    for row in range(len(paths)):
        month = min(max(int(paths.opening[row]), 0), months - 1)
        company = paths.company[row]
        if block.lives.unannounced[row]:
            cause[row] = 0
        elif health.shocked[max(0, month - _SHOCK_MEMORY) : month + 1, company].any():
            cause[row] = 1
        elif health.declining[month, company]:
            cause[row] = 2
    return cause
