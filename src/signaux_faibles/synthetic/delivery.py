"""From a block of companies to the pieces of every file of every batch: what one process does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from signaux_faibles.synthetic import truth
from signaux_faibles.synthetic.arrays import Bools
from signaux_faibles.synthetic.block import Block, World, simulate_block
from signaux_faibles.synthetic.deflate import Piece, make_piece
from signaux_faibles.synthetic.dirt import soil
from signaux_faibles.synthetic.files.catalogue import FILES_OF_PROFILE, PARTNERS
from signaux_faibles.synthetic.files.raw_file import RawFile
from signaux_faibles.synthetic.randomness import BLOCK, Purpose, generator
from signaux_faibles.synthetic.text import Lines, to_bytes

WITH_CRLF = "sigfaible_pcoll.csv"
WITH_BLANK_LINES = "sigfaible_ccsf.csv"
WITH_BOM = "demande_ap.csv"
WITH_TRUNCATED_END = "consommation_ap.csv"
"""Files that have, when dirt is on, Windows line ends, blank lines, a byte order mark, a last line cut short."""


@dataclass(frozen=True)
class Order:
    """What to deliver.

    Attributes
    ----------
    companies : number of companies of the whole run
    batches : ranks of the batch months, in order
    first_batch : rank of the first batch of the whole delivery, which holds the past of the flow files
    last_batch : rank of the last batch of the whole delivery
    with_truth : tables of the truth are wanted
    profile : name of a set of files
    every : months between two batches; a flow file holds the rows since the batch before
    """

    companies: int
    batches: tuple[int, ...]
    first_batch: int
    last_batch: int
    dirt: bool
    with_truth: bool
    profile: str = PARTNERS
    every: int = 1

    @property
    def files(self) -> tuple[RawFile, ...]:
        """Files of a batch."""
        return FILES_OF_PROFILE[self.profile]


@dataclass(frozen=True)
class Delivery:
    """Everything that a block contributes to the files; `dirty_rows` are those of the last batch."""

    pieces: dict[tuple[int, str], Piece]
    dirty_rows: int
    establishments: int
    health: pa.Table | None
    failures: pa.Table | None


def deliver_block(world: World, order: Order, number: int) -> Delivery:
    """Simulate a block and cut it into pieces of files."""
    block = simulate_block(world, number)
    limit = min(BLOCK, order.companies - number * BLOCK)
    pieces: dict[tuple[int, str], Piece] = {}
    dirty = 0
    for file in order.files:
        lines, count = None, 0
        for batch in order.batches:
            if lines is None or file.wide:
                lines, count = _lines(world, order, block, file, batch)
            raw = to_bytes(lines.text, _selected(file, order, lines, batch, limit))
            pieces[batch, file.name] = make_piece(_dialect(file, order, raw), compressed=file.gzipped)
        dirty += count if order.batches[-1] == order.last_batch else 0
    return Delivery(
        pieces=pieces,
        dirty_rows=dirty,
        establishments=int((block.sites.company < limit).sum()),
        health=truth.health_table(world, block, companies=limit, until=order.last_batch) if order.with_truth else None,
        failures=truth.failures_table(world, block, companies=limit, until=order.last_batch)
        if order.with_truth
        else None,
    )


def _lines(world: World, order: Order, block: Block, file: RawFile, batch: int) -> tuple[Lines, int]:
    """Lines of a block, and how many of them dirt touched: it has its own draws, so switching it off moves nothing."""
    lines = file.lines(world, block, batch)
    if not order.dirt:
        return lines, 0
    draw = generator(world.seed, block.number, Purpose.DIRT, file.rank)
    return soil(lines, file.weakness, world.parameters.dirt_rate, draw)


def _selected(file: RawFile, order: Order, lines: Lines, batch: int, limit: int) -> Bools:
    """Lines that a batch holds, for the companies that the run asked for."""
    started = lines.since <= batch
    if file.flow:
        valid = started if batch == order.first_batch else started & (lines.since > batch - order.every)
    else:
        valid = started & (batch < lines.until)
    return np.asarray(valid & (lines.company < limit))


def _dialect(file: RawFile, order: Order, raw: bytes) -> bytes:
    """Bytes in the encoding and with the line ends of the producer."""
    if file.encoding != "utf-8":
        raw = raw.decode("utf-8").encode(file.encoding)
    if order.dirt and file.name == WITH_CRLF:
        raw = raw.replace(b"\n", b"\r\n")
    if order.dirt and file.name == WITH_BLANK_LINES and raw:
        raw += b"\n"
    return raw
