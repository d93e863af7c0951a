"""Urssaf's headcount files: one line per account or company, one column per month."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.synthetic.arrays import Bools, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import RawFile, delivery_draw
from signaux_faibles.synthetic.files.urssaf import account_keys
from signaux_faibles.synthetic.text import Lines, always, choose, integers, join

DELAY = 3
"""Months before the headcount of a month is in the file."""


@cache
def _columns(first_month: int, count: int) -> str:
    """Names of the monthly columns."""
    words = []
    for month in range(first_month, first_month + count):
        year, rank = divmod(month, 12)
        words.append(f"eff{year:04d}{rank // 3 + 1}{rank % 3 + 1}")
    return ";".join(words)


def _published(world: World, block: Block, batch: int) -> tuple[Ints, Bools]:
    """Headcount of each account as the batch states it, [account, month], and where nothing is stated."""
    given = world.parameters.urssaf
    draw = delivery_draw(world, block, 6)
    accounts, count = block.accounts, batch - DELAY + 1
    size = len(block.population)
    slow = np.where(draw.random(size) < given.late_headcount_share, draw.integers(1, 4, size), 0)
    shape = (world.months, len(accounts.company))
    revised = draw.random(shape, dtype=np.float32) < given.revised_headcount_share
    corrected_after = draw.integers(2, 13, shape, dtype=np.int8)
    first_error = draw.integers(1, 4, shape, dtype=np.int8) * np.where(
        draw.random(shape, dtype=np.float32) < 0.5, 1, -1
    )
    month = np.arange(count)[:, None]
    value = block.activity.headcount[:count]
    old = revised[:count] & (batch < month + DELAY + corrected_after[:count])
    value = np.where(old & (value > 0), np.maximum(value + first_error[:count], 1), value)
    missing = (value == 0) | (month > batch - DELAY - slow[accounts.company][None, :])
    return value.T, missing.T


def _cells(values: Ints, missing: Bools) -> pa.Array:
    """Semicolon-joined cells of each line."""
    lines, months = values.shape
    words = pc.fill_null(integers(values.ravel(), null=missing.ravel()), "")
    offsets = pa.array(np.arange(lines + 1, dtype=np.int32) * months)
    return pc.binary_join(pa.ListArray.from_arrays(offsets, words), ";")


def account_lines(world: World, block: Block, batch: int) -> Lines:
    """Headcount by account, months in columns; blank before the account opens and after it closes."""
    values, missing = _published(world, block, batch)
    shown = np.flatnonzero(~missing.all(axis=1))
    numbers, departements = account_keys(block)
    accounts = block.accounts
    site = np.where(batch < accounts.reattributed, accounts.site, accounts.successor)[shown]
    company = accounts.company[shown]
    text = join(
        [
            integers(numbers[shown]),
            integers(block.sites.siret[site]),
            choose(block.population.name, company),
            choose([code.replace(".", "").lower() for code in block.population.code_naf], company),
            choose(departements, shown),
            _cells(values[shown], missing[shown]),
            "117",
            "075077",
        ],
        ";",
    )
    since = np.full(len(shown), batch)
    return Lines(text, company, since, always(since))


def company_lines(world: World, block: Block, batch: int) -> Lines:
    """Headcount by company: the sum of its accounts, blank when no account is stated."""
    values, missing = _published(world, block, batch)
    company = block.accounts.company
    starts = np.unique(company, return_index=True)[1]
    totals = np.add.reduceat(np.where(missing, 0, values), starts, axis=0)
    absent = np.logical_and.reduceat(missing, starts, axis=0)
    shown = np.flatnonzero(~absent.all(axis=1))
    who = company[starts][shown]
    text = join(
        [
            integers(block.population.siren[who]),
            _cells(totals[shown], absent[shown]),
            choose(block.population.name, who),
        ],
        ";",
    )
    since = np.full(len(shown), batch)
    return Lines(text, who, since, always(since))


ACCOUNT_HEADCOUNT = RawFile(
    name="sigfaible_effectif_siret.csv.gz",
    header=lambda world, batch: (
        f"compte;siret;rais_soc;ape_ins;dep;{_columns(world.first_month, batch - DELAY + 1)};base;UR_EMET"
    ),
    lines=account_lines,
    weakness=Weakness(";", key=1, number=-1),
    rank=6,
    wide=True,
)
COMPANY_HEADCOUNT = RawFile(
    name="sigfaible_effectif_siren.csv.gz",
    header=lambda world, batch: f"siren;{_columns(world.first_month, batch - DELAY + 1)};rais_soc",
    lines=company_lines,
    weakness=Weakness(";", key=0),
    rank=7,
    wide=True,
)
