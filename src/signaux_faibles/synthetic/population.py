"""Who the companies are: activity, legal form, size, age, place, and the traits they keep for life.

One row per company of a block, drawn from the block's own generator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic import sectors
from signaux_faibles.synthetic.arrays import Bools, Floats, Ints
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.identifiers import sirens
from signaux_faibles.synthetic.names import company_names
from signaux_faibles.synthetic.parameters import Parameters
from signaux_faibles.synthetic.randomness import BLOCK, Purpose, generator

_FORMS = ("5710", "5499", "5599", "9220", "5202", "5785", "6317", "6598")
_FORM_SHARES = (0.50, 0.385, 0.03, 0.05, 0.008, 0.012, 0.007, 0.008)
_EXCLUDED_FORMS = ("7210", "7346", "7366", "7389", "4110", "4140", "7410", "7490")
SOLE_TRADER, FOREIGN = "1000", "3120"

_SIZE_LEVEL = np.log(30.0)


@dataclass(frozen=True)
class Population:
    """Companies of a block; months are ranks from the first month of the simulation, negative before it.

    Attributes
    ----------
    birth : month of creation
    size : headcount around which the company starts
    group, region, commune : ranks in `sectors.GROUPS`, `regime.region_codes()`, `geography.communes()`
    code_naf, categorie_juridique : codes, the activity with its dot
    excluded, foreign, sole_trader : what the perimeter must notice
    trait_* : standard draws that tell companies of equal health apart, source by source
    log_risk : logarithm of the hazard ratio given by size, sector and own trait
    """

    index: Ints
    siren: Ints
    name: tuple[str, ...]
    birth: Ints
    size: Floats
    group: Ints
    region: Ints
    commune: Ints
    code_naf: tuple[str, ...]
    categorie_juridique: tuple[str, ...]
    excluded: Bools
    foreign: Bools
    sole_trader: Bools
    trait_discipline: Floats
    trait_accounts: Floats
    trait_payment: Floats
    trait_growth: Floats
    punctual: Bools
    log_risk: Floats

    def __len__(self) -> int:
        return len(self.index)


def draw_population(parameters: Parameters, *, seed: int, block: int, months: int) -> Population:
    """Companies of a block."""
    draw = generator(seed, block, Purpose.POPULATION)
    index = block * BLOCK + np.arange(BLOCK)
    uniform = draw.random((16, BLOCK))
    normal = draw.standard_normal((6, BLOCK))
    group = np.searchsorted(np.cumsum(sectors.group_shares())[:-1], uniform[0], side="right")
    excluded = uniform[1] < parameters.population.excluded_share
    foreign = ~excluded & (uniform[2] < parameters.population.foreign_share)
    sole_trader = ~excluded & ~foreign & (uniform[3] < parameters.population.sole_trader_share)
    size = _sizes(parameters, uniform[4], uniform[5])
    size = np.where(sole_trader, np.minimum(size, 25.0), size)
    place = communes()
    commune = place.draw(uniform[6])
    risk = np.log(sectors.column("failure_ratio"))[group] - 0.22 * (np.log(size) - _SIZE_LEVEL) + 0.25 * normal[4]
    return Population(
        index=index,
        siren=sirens(index),
        name=tuple(company_names(tuple(g.name for g in sectors.GROUPS), group, (uniform[7] * 2**31).astype(np.int64))),
        birth=_births(parameters, uniform[8], uniform[9], months),
        size=size,
        group=group,
        region=place.region[commune],
        commune=commune,
        code_naf=_activities(group, excluded, uniform[11]),
        categorie_juridique=_forms(excluded, foreign, sole_trader, uniform[12]),
        excluded=excluded,
        foreign=foreign,
        sole_trader=sole_trader,
        trait_discipline=normal[0],
        trait_accounts=normal[1],
        trait_payment=normal[2],
        trait_growth=normal[3],
        punctual=uniform[13] < parameters.urssaf.punctual_share,
        log_risk=risk - np.where(excluded, 3.0, 0.0),
    )


def _sizes(parameters: Parameters, uniform: Floats, kind: Floats) -> Floats:
    """Headcount at the start: a Pareto law above ten, and a share of companies between three and eleven."""
    given = parameters.population
    large = np.minimum(10.0 * (1.0 - uniform) ** (-1.0 / given.size_tail), given.size_max)
    return np.where(kind < given.small_share, 3.0 + 8.0 * uniform, large)


def _births(parameters: Parameters, kind: Floats, age: Floats, months: int) -> Ints:
    """Month of creation: inside the simulated span at a yearly rate, or before it with an exponential age."""
    given = parameters.population
    old = -1 - np.floor(-np.log1p(-age) * given.age_mean_years * 12).astype(np.int64)
    old = np.maximum(old, -12 * 90)
    born_month = np.floor(kind / (given.born_inside_share_year / 12)).astype(np.int64)
    return np.where(born_month < months, born_month, old)


def _activities(group: Ints, excluded: Bools, uniform: Floats) -> tuple[str, ...]:
    """Activity code of each company, frequent codes first; an excluded company has an excluded activity."""
    codes = []
    for rank, is_excluded, draw in zip(group, excluded, uniform, strict=True):
        if is_excluded:
            codes.append(sectors.EXCLUDED_CODES[int(draw * len(sectors.EXCLUDED_CODES))])
            continue
        names, cumulated = sectors.codes_of_group(int(rank))
        codes.append(names[min(int(np.searchsorted(cumulated, draw)), len(names) - 1)])
    return tuple(codes)


def _forms(excluded: Bools, foreign: Bools, sole_trader: Bools, uniform: Floats) -> tuple[str, ...]:
    """Legal category of each company."""
    cumulated = np.cumsum(_FORM_SHARES)
    ranks = np.minimum(np.searchsorted(cumulated, uniform), len(_FORMS) - 1)
    forms = np.array(_FORMS)[ranks]
    public = np.array(_EXCLUDED_FORMS)[(uniform * len(_EXCLUDED_FORMS)).astype(np.int64)]
    forms = np.where(excluded, public, forms)
    forms = np.where(foreign, FOREIGN, forms)
    return tuple(np.where(sole_trader, SOLE_TRADER, forms).tolist())
