"""Run the simulator: blocks in any number of processes, files written in the order of the blocks."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.synthetic.block import World, build_world
from signaux_faibles.synthetic.delivery import Delivery, Order, deliver_block
from signaux_faibles.synthetic.files.catalogue import FILES_OF_PROFILE, PARTNERS
from signaux_faibles.synthetic.files.headcount import DELAY
from signaux_faibles.synthetic.identifiers import MAX_COMPANIES
from signaux_faibles.synthetic.parameters import DEFAULTS, Parameters
from signaux_faibles.synthetic.randomness import BLOCK
from signaux_faibles.synthetic.regime import DEFAULT_SCENARIO
from signaux_faibles.synthetic.writer import BatchWriter, TruthWriter, refuse_used_folder

FIRST_BATCH = DELAY + 3
"""Rank of the first month that can be a batch: before it the files would be all but empty."""

_WINDOW = 60
"""Histories are played to the end of a window of that many months, and shown up to the month asked for only: within a
window, asking for a later month adds batches and leaves the past as it was."""

_OPEN_BATCHES = 24
"""Batches written at once; more would open too many files. Blocks are simulated again for each group."""


@dataclass(frozen=True)
class SimulationSummary:
    """What a simulation wrote, in counts.

    Attributes
    ----------
    batches : keys of the batches, oldest first
    rows : rows of each file of the last batch, header left out
    dirty_rows : rows of the last batch that are damaged or forged
    failures : proceedings opened up to the last month
    """

    companies: int
    establishments: int
    months: int
    batches: tuple[str, ...]
    rows: dict[str, int]
    dirty_rows: int
    failures: int


MARKER = "SYNTHETIC"
"""Empty file beside the batches: the importer then makes a lake of invented data, and refuses real companies in it."""


def simulate(
    out: Path,
    *,
    companies: int,
    seed: int,
    first_month: int,
    until_month: int,
    scenario: str = DEFAULT_SCENARIO,
    batches: int = 4,
    processes: int = 1,
    dirt: bool = True,
    profile: str = PARTNERS,
    every: int = 1,
    parameters: Parameters = DEFAULTS,
    progress: Callable[[int, int], None] | None = None,
) -> SimulationSummary:
    """Write a fake France: `raw/<YYMM>/` as producers would have delivered it, and `truth/` beside it.

    Parameters
    ----------
    out : Path
        Folder to write in; it must be empty or absent.
    companies, seed : int
        Company i is the same whatever the number of companies and of processes. About one in twenty is not born yet
        at the last month, and appears in no file.
    first_month, until_month : int
        Span of the histories, as year * 12 + month - 1; the last batch is `until_month`.
    scenario : str
        Name of a regime, or path of a YAML file.
    batches : int
        Number of monthly batches, the last one being `until_month`; 0 for every month.
    dirt : bool
        Damage rows and files at the stated rates.
    profile : str
        `partners`, or `open` for the public files only.
    every : int
        Months between two batches: 12 makes the yearly stocks that an archive would hold.
    progress : callable
        Called with the number of blocks done and to do.

    Raises
    ------
    InputError
        If a parameter is out of range, the scenario unknown, or the folder already in use.
    """
    months = until_month - first_month + 1
    _check(out, companies, months, first_month, processes)
    _check_files(profile, every)
    played = -(-months // _WINDOW) * _WINDOW
    world = build_world(parameters, seed=seed, first_month=first_month, months=played, scenario=scenario)
    last = months - 1
    ranks = _ranks(last, batches, every)
    first = ranks[0]
    groups = [ranks[start : start + _OPEN_BATCHES] for start in range(0, len(ranks), _OPEN_BATCHES)]
    blocks = -(-companies // BLOCK)
    establishments = dirty = done = 0
    (out / "raw").mkdir(parents=True)
    (out / "raw" / MARKER).touch()
    rows: dict[str, int] = {}
    with TruthWriter(out / "truth") as truth:
        for group in groups:
            final = group is groups[-1]
            order = Order(companies, group, first, last, dirt, with_truth=final, profile=profile, every=every)
            with BatchWriter(out / "raw", world, order) as writer:
                for delivery in _deliveries(world, order, blocks, processes):
                    writer.write(delivery)
                    truth.write(delivery)
                    done += 1
                    establishments += delivery.establishments if final else 0
                    dirty += delivery.dirty_rows
                    if progress:
                        progress(done, blocks * len(groups))
            rows = writer.rows
    keys = tuple(batch_key(first_month + rank) for rank in ranks)
    return SimulationSummary(companies, establishments, months, keys, rows, dirty, truth.failures)


def _check(out: Path, companies: int, months: int, first_month: int, processes: int) -> None:
    """Refuse what cannot be simulated."""
    if not 1 <= companies <= MAX_COMPANIES:
        raise InputError(f"Companies: found {companies}, expected 1 to {MAX_COMPANIES}.")
    if processes < 1:
        raise InputError(f"Processes: found {processes}, expected at least 1.")
    if not FIRST_BATCH < months <= 480:
        raise InputError(
            f"Span of {months} months from {format_month(first_month)}, expected {FIRST_BATCH + 1} to 480.",
            todo="Start earlier or stop later.",
        )
    if refuse_used_folder(out):
        raise InputError("The folder to write in is not empty.", todo="Give the path of a new folder.")


def _check_files(profile: str, every: int) -> None:
    """Refuse a set of files that does not exist."""
    if profile not in FILES_OF_PROFILE:
        raise InputError(f"Unknown profile: found {profile!r}, expected one of {', '.join(FILES_OF_PROFILE)}.")
    if every < 1:
        raise InputError(f"Months between batches: found {every}, expected at least 1.")


def _ranks(last: int, batches: int, every: int) -> tuple[int, ...]:
    """Ranks of the batch months, oldest first: as many as asked for and possible, counted back from the last."""
    possible = range(last, FIRST_BATCH - 1, -every)
    return tuple(sorted(possible if batches == 0 else possible[:batches]))


def _deliveries(world: World, order: Order, blocks: int, processes: int) -> Iterator[Delivery]:
    """Blocks in order, computed by one process or several; at most two per process wait in memory."""
    if processes == 1 or blocks == 1:
        yield from (deliver_block(world, order, number) for number in range(blocks))
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=_receive, initargs=(world, order)) as pool:
        waiting: deque[Future[Delivery]] = deque()
        for number in range(blocks):
            waiting.append(pool.submit(_deliver, number))
            if len(waiting) >= 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_given: list[tuple[World, Order]] = []


def _receive(world: World, order: Order) -> None:
    """Keep what is common to all blocks in a worker process."""
    _given[:] = [(world, order)]


def _deliver(number: int) -> Delivery:
    """Deliver a block in a worker process."""
    world, order = _given[0]
    return deliver_block(world, order, number)
