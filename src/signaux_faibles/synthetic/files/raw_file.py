"""What a producer's file is: its name, its header, how it is delivered, where it gets dirty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from signaux_faibles.domain.periode import format_month
from signaux_faibles.synthetic.arrays import NEVER, Bools, Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.randomness import Purpose, generator
from signaux_faibles.synthetic.sites import Accounts
from signaux_faibles.synthetic.text import Lines


@dataclass(frozen=True)
class RawFile:
    """A file that a producer delivers each month.

    Attributes
    ----------
    name : file name; `{month}` stands for the month before the batch, as YYYYMM
    header : header line of the file of a batch, given the world and the rank of the batch month
    lines : lines of a block; the rank of the batch matters only for files that are laid out anew each month
    wide : the lines depend on the batch, beyond their dates of validity
    flow : each batch holds the month's rows only, except the first one, which holds the past
    """

    name: str
    header: Callable[[World, int], str]
    lines: Callable[[World, Block, int], Lines]
    weakness: Weakness
    rank: int
    wide: bool = False
    flow: bool = False
    encoding: str = "utf-8"
    trailer: str = ""

    @property
    def gzipped(self) -> bool:
        """The producer delivers the file compressed."""
        return self.name.endswith(".gz")

    def name_of(self, world: World, batch: int) -> str:
        """Name of the file in the folder of a batch."""
        return self.name.format(month=format_month(world.first_month + batch - 1).replace("-", ""))


def constant_header(line: str) -> Callable[[World, int], str]:
    """Header that no batch changes."""
    return lambda _world, _batch: line


def delivery_draw(world: World, block: Block, rank: int) -> np.random.Generator:
    """Generator of what belongs to the delivery of a file rather than to the life of the companies."""
    return generator(world.seed, block.number, Purpose.DELIVERY, rank)


def follow_moves(accounts: Accounts, account: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Give the rows of an account that moves to the successor's SIRET in the files made after the re-attribution.

    Returns
    -------
    row, site, since, until : rows to write (some twice), the establishment each bears, and the batches that hold it
    """
    turning = accounts.reattributed[account]
    moves: Bools = turning < NEVER
    every, twice = np.arange(len(account)), np.flatnonzero(moves)
    row = np.concatenate([every, twice])
    site = np.concatenate([accounts.site[account], accounts.successor[account[twice]]])
    first_until = np.where(moves, np.minimum(until, turning), until)
    starts = np.concatenate([since, np.maximum(since[twice], turning[twice])])
    ends = np.concatenate([first_until, until[twice]])
    keep = starts < ends
    return row[keep], site[keep], starts[keep], ends[keep]


def account_numbers(accounts: Accounts, departement_codes: Ints) -> Ints:
    """Urssaf account numbers: 18 digits, the first three for the Urssaf that manages the account."""
    return 117 * 10**15 + (departement_codes % 100) * 10**13 + accounts.number
