"""Establishments and Urssaf accounts of the companies of a block, and the moves of head offices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signaux_faibles.synthetic.arrays import NEVER, Bools, Floats, Ints
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.identifiers import sirets
from signaux_faibles.synthetic.parameters import PopulationParameters
from signaux_faibles.synthetic.population import Population
from signaux_faibles.synthetic.procedures import Lives
from signaux_faibles.synthetic.randomness import Purpose, generator

_MAX_SITES = 300
_SECOND_ACCOUNT = 0.03
_URSSAF_MOVE_LAG = 2
"""Months between a move and the file in which Urssaf re-attributes the rows of the old SIRET."""


@dataclass(frozen=True)
class Sites:
    """Establishments: one row per SIRET; months are ranks.

    Attributes
    ----------
    siege_until : month from which the establishment is no longer the head office (`NEVER`), or -NEVER if it never is
    """

    company: Ints
    siret: Ints
    opening: Ints
    closing: Ints
    siege_from: Ints
    siege_until: Ints
    commune: Ints
    abroad: Bools


@dataclass(frozen=True)
class Accounts:
    """Urssaf accounts: one row per account.

    Attributes
    ----------
    site, successor : establishments before and after the re-attribution (equal when there is none)
    moved : month of the move
    reattributed : first batch in which every row of the account, old ones included, bears the successor's SIRET
    opening, closing : months of activity
    weight : share of the company's headcount, before normalisation
    main : the first account of the company, that of its head office unless it is abroad
    number : what makes the account number unique
    """

    company: Ints
    site: Ints
    successor: Ints
    moved: Ints
    reattributed: Ints
    opening: Ints
    closing: Ints
    weight: Floats
    main: Bools
    number: Ints


def draw_sites(
    parameters: PopulationParameters, population: Population, lives: Lives, *, seed: int, block: int
) -> tuple[Sites, Accounts]:
    """Establishments and accounts of a block."""
    draw = generator(seed, block, Purpose.SITES)
    size = len(population)
    extra = np.floor((population.size / 15.0) ** 0.75 * np.exp(0.9 * draw.standard_normal(size) - 1.2))
    count = 1 + np.minimum(np.minimum(extra, population.size / 2.0), _MAX_SITES).astype(np.int64)
    count = np.where(population.foreign, np.maximum(count, 2), count)
    company = np.repeat(np.arange(size), count)
    rank = np.arange(len(company)) - np.repeat(np.cumsum(count) - count, count)
    main = rank == 0
    uniform = draw.random((6, len(company)))
    last = np.maximum(lives.end[company], 1)
    birth = population.birth[company]
    opening = np.where(~main & (uniform[0] < 0.3), (uniform[1] * 150).astype(np.int64), birth)
    opening = np.maximum(opening, birth)
    closing = np.where(~main & (uniform[2] < 0.25), opening + 24 + (uniform[3] * 150).astype(np.int64), NEVER)
    closing = np.minimum(closing, last)
    moved = _moves(parameters, population, lives, draw.random((2, size)))
    place = communes()
    near = population.commune[company]
    commune = np.where(main | (uniform[4] < 0.4), near, place.draw(uniform[5]))
    mover = np.flatnonzero(moved < NEVER)
    old_closing = closing.copy()
    old_closing[main] = np.minimum(closing[main], moved)
    sites = Sites(
        company=np.concatenate([company, mover]),
        siret=sirets(population.siren[np.concatenate([company, mover])], np.concatenate([rank + 1, count[mover] + 1])),
        opening=np.concatenate([opening, moved[mover]]),
        closing=np.concatenate([old_closing, np.maximum(lives.end[mover], 1)]),
        siege_from=np.concatenate([np.where(main, birth, NEVER), moved[mover]]),
        siege_until=np.concatenate([np.where(main, moved[company], -NEVER), np.full(len(mover), NEVER)]),
        commune=np.concatenate([commune, place.draw(draw.random(len(mover)))]),
        abroad=np.concatenate([main & population.foreign[company], np.zeros(len(mover), dtype=bool)]),
    )
    successor = np.arange(len(company))
    successor[np.flatnonzero(main)[mover]] = len(company) + np.arange(len(mover))
    return sites, _accounts(company, successor, moved, opening, closing, main, population, draw)


def _moves(parameters: PopulationParameters, population: Population, lives: Lives, uniform: Floats) -> Ints:
    """Month at which each company moves its head office, `NEVER` for most."""
    begin = np.maximum(population.birth, 0) + 6
    month = begin + np.floor(np.log1p(-uniform[0]) / np.log1p(-parameters.move)).astype(np.int64)
    possible = (month < lives.end - 3) & (month < 400) & ~population.foreign
    return np.where(possible, month, NEVER)


def _accounts(
    company: Ints,
    successor: Ints,
    moved: Ints,
    opening: Ints,
    closing: Ints,
    main: Bools,
    population: Population,
    draw: np.random.Generator,
) -> Accounts:
    """One account per establishment that employs people, and a second one for a few of them."""
    employing = ~(main & population.foreign[company])
    weight = np.exp(0.8 * draw.standard_normal(len(company))) * np.where(main, 2.5, 1.0)
    site = np.flatnonzero(employing)
    second = site[draw.random(len(site)) < _SECOND_ACCOUNT]
    site = np.concatenate([site, second])
    is_second = np.arange(len(site)) >= len(site) - len(second)
    order = np.lexsort((is_second, site))
    site, is_second = site[order], is_second[order]
    owner = company[site]
    moves = np.where(main[site], moved[owner], NEVER)
    rank = np.arange(len(site)) - np.searchsorted(owner, owner)
    return Accounts(
        company=owner,
        site=site,
        successor=successor[site],
        moved=moves,
        reattributed=np.where(moves < NEVER, moves + _URSSAF_MOVE_LAG, NEVER),
        opening=opening[site],
        closing=closing[site],
        weight=weight[site] * np.where(is_second, 0.3, 1.0),
        main=rank == 0,
        number=population.index[owner] * 1_000 + rank,
    )
