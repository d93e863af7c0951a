"""Collective proceedings: when they open, which legal path they follow, when activity stops.

A company may open a second proceeding after it left the first one. Companies already under a plan when the
simulation starts opened it before.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from signaux_faibles.synthetic.arrays import NEVER, Bools, Floats, Ints
from signaux_faibles.synthetic.parameters import PopulationParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.randomness import Purpose, generator

SAUVEGARDE, REDRESSEMENT, LIQUIDATION = 0, 1, 2
NONE, OBSERVATION, PLAN, LIQUIDATED = 0, 1, 2, 3
"""State of a company in a month: in bonis, observation period, continuation plan, liquidation."""

_LARGE = 30.0
_PLAN_BREAK = 0.010


@dataclass(frozen=True)
class Paths:
    """One row per proceeding; months are ranks, `NEVER` when the step is not reached.

    Attributes
    ----------
    company : rank in the block
    kind : kind of the opening
    opening, converted, plan, liquidation : steps; `converted` is a sauvegarde turned into a redressement
    leaving : return in bonis
    abandoned : the leaving was an abandonment of the proceeding
    closing : end of the liquidation
    stop : first month without activity
    """

    company: Ints
    kind: Ints
    opening: Ints
    converted: Ints
    plan: Ints
    liquidation: Ints
    leaving: Ints
    abandoned: Bools
    closing: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.company)


def join_paths(parts: list[Paths]) -> Paths:
    """Proceedings of several rounds, one after the other."""
    return Paths(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Paths)})


def draw_paths(company: Ints, opening: Ints, size: Floats, uniform: Floats, *, under_plan: bool = False) -> Paths:
    """Follow the legal path of each proceeding.

    Parameters
    ----------
    company, opening, size : [proceeding]
    uniform : [12, proceeding]
        Independent uniform draws.
    under_plan : bool
        The proceedings are those of companies that obtained a plan before the simulation starts.
    """
    large = size >= _LARGE
    kind = np.where(uniform[0] < np.where(large, 0.40, 0.50), LIQUIDATION, REDRESSEMENT)
    kind = np.where(uniform[0] > 0.94, SAUVEGARDE, kind)
    kind = np.where(under_plan & (kind == LIQUIDATION), REDRESSEMENT, kind)
    never = np.full(len(company), NEVER)

    safeguard = kind == SAUVEGARDE
    first_end = opening + 5 + (uniform[1] * 8).astype(np.int64)
    first_out = np.where(under_plan, 0.0, uniform[2])
    converted = np.where(safeguard & (first_out >= 0.60) & (first_out < 0.82), first_end, never)
    plan = np.where(safeguard & (first_out < 0.60), first_end, never)
    liquidation = np.where(safeguard & (first_out >= 0.82) & (first_out < 0.95), first_end, never)
    leaving = np.where(safeguard & (first_out >= 0.95), first_end, never)

    start = np.where(kind == REDRESSEMENT, opening, converted)
    observed = start < NEVER
    second_end = start + 3 + (uniform[3] * 13).astype(np.int64)
    second_out = np.where(under_plan, 0.0, uniform[4])
    plan_share = np.where(large, 0.42, 0.30)
    plan = np.where(observed & (second_out < plan_share), second_end, plan)
    liquidation = np.where(observed & (second_out >= plan_share) & (second_out < 0.95), second_end, liquidation)
    leaving = np.where(observed & (second_out >= 0.95), second_end, leaving)
    liquidation = np.where(kind == LIQUIDATION, opening, liquidation)

    planned = plan < NEVER
    broken = plan + 3 + np.floor(np.log1p(-uniform[5]) / np.log1p(-_PLAN_BREAK)).astype(np.int64)
    ended = plan + 72 + (uniform[6] * 47).astype(np.int64)
    liquidation = np.where(planned & (broken < ended), broken, liquidation)
    leaving = np.where(planned & (broken >= ended), ended, leaving)

    wound_up = liquidation < NEVER
    closing = np.where(wound_up, liquidation + 12 + (-np.log1p(-uniform[7]) * 14).astype(np.int64), never)
    stop = np.where(wound_up, liquidation + 1 + (uniform[8] ** 3 * 4).astype(np.int64), never)
    return Paths(
        company=company,
        kind=kind,
        opening=opening,
        converted=converted,
        plan=plan,
        liquidation=np.minimum(liquidation, NEVER),
        leaving=np.minimum(leaving, NEVER),
        abandoned=uniform[9] < 0.08,
        closing=np.minimum(closing, NEVER),
        stop=stop,
    )


@dataclass(frozen=True)
class Lives:
    """Proceedings of a block, and what they make of each company's life.

    Attributes
    ----------
    paths : the proceedings
    unannounced : [proceeding], the failure owed nothing to health
    state : [month, company], one of NONE, OBSERVATION, PLAN, LIQUIDATED
    end : [company], first month without activity, `NEVER` when it goes on
    closed : [company], the end came without any proceeding
    """

    paths: Paths
    unannounced: Bools
    state: Ints
    end: Ints
    closed: Bools


def draw_lives(
    parameters: PopulationParameters,
    population: Population,
    hazards: Floats,
    unannounced_share: Floats,
    *,
    seed: int,
    block: int,
) -> Lives:
    """Draw closures, failures and proceedings of the companies of a block.

    Parameters
    ----------
    hazards, unannounced_share : [month, company]
        Monthly probability that a proceeding opens, and the part of it that health does not explain.
    """
    months, size = hazards.shape
    draw = generator(seed, block, Purpose.PROCEDURE)
    traits = draw.random((4, size))
    uniforms = draw.random((3, 12, size))
    closing = np.floor(np.log1p(-traits[0]) / np.log1p(-parameters.closure)).astype(np.int64)
    begin = np.maximum(population.birth, 0)
    closure = np.minimum(begin + closing, NEVER)

    old = (traits[1] < parameters.in_plan_share) & (population.birth < -60)
    before = np.flatnonzero(old)
    opened = -6 - (traits[2][before] * 60).astype(np.int64)
    rounds = [draw_paths(before, opened, population.size[before], uniforms[2][:, before], under_plan=True)]
    rounds[0] = _still_running(rounds[0])
    causes = [np.zeros(len(rounds[0]), dtype=bool)]
    free_from = begin.copy()
    free_from[rounds[0].company] = rounds[0].leaving + 1
    for number in (0, 1):
        fail = generator(seed, block, Purpose.FAILURE, number)
        opening, cause = _first_failures(hazards, unannounced_share, free_from, fail)
        opening = np.where(opening < closure, opening, NEVER)
        failing = np.flatnonzero(opening < NEVER)
        paths = draw_paths(failing, opening[failing], population.size[failing], uniforms[number][:, failing])
        rounds.append(paths)
        causes.append(cause[failing])
        free_from = np.full(size, NEVER)
        free_from[paths.company] = paths.leaving + 1
    paths = join_paths(rounds)
    state, end = _states(paths, months, size)
    inside = closure < np.where(end < NEVER, end, NEVER)
    closed = inside & (state[np.minimum(closure, months - 1), np.arange(size)] == NONE)
    return Lives(paths, np.concatenate(causes), state, np.where(closed, closure, end), closed)


def _still_running(paths: Paths) -> Paths:
    """Keep the proceedings that still run when the simulation starts."""
    keep = (paths.plan < 0) & (paths.liquidation >= 0) & (paths.leaving >= 0)
    return Paths(**{f.name: getattr(paths, f.name)[keep] for f in fields(Paths)})


def _first_failures(
    hazards: Floats, unannounced_share: Floats, free_from: Ints, draw: np.random.Generator
) -> tuple[Ints, Bools]:
    """First month at which each company fails, `NEVER` if none, and whether health was not the cause."""
    months, size = hazards.shape
    uniform = draw.random((months, size))
    fails = (uniform < hazards) & (np.arange(months)[:, None] >= free_from[None, :])
    first = np.where(fails.any(axis=0), fails.argmax(axis=0), NEVER)
    row = np.minimum(first, months - 1)
    every = np.arange(size)
    cause = uniform[row, every] < hazards[row, every] * unannounced_share[row, every]
    return first, cause


def _states(paths: Paths, months: int, size: int) -> tuple[Ints, Ints]:
    """State of each company in each month, and its last month of activity."""
    state = np.zeros((months, size), dtype=np.int64)
    end = np.full(size, NEVER)
    for row in range(len(paths)):
        company = paths.company[row]
        out = min(paths.leaving[row], paths.closing[row])
        state[max(paths.opening[row], 0) : max(out, 0), company] = OBSERVATION
        state[max(paths.plan[row], 0) : max(out, 0), company] = PLAN
        state[max(paths.liquidation[row], 0) : max(out, 0), company] = LIQUIDATED
        end[company] = min(end[company], paths.stop[row])
    return state, end
