"""Simulated raw files and runs of the command line, for the benchmarks of the stages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from signaux_faibles.bench.measure import Measure, measure
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.synthetic import simulate

FIRST_MONTH, LAST_MONTH = "2014-01", "2026-10"
SEED = 1


def simulated(folder: Path, companies: int, *, batches: int) -> Path:
    """Raw batches of a fake France; those that an earlier benchmark left in the folder are used again."""
    place = folder / f"fake-{companies}-{batches}"
    mark = place / "simulated"
    if not mark.exists():
        simulate(
            place,
            companies=companies,
            seed=SEED,
            first_month=parse_month(FIRST_MONTH),
            until_month=parse_month(LAST_MONTH),
            batches=batches,
            processes=2,
        )
        mark.touch()
    return place / "raw"


def run(arguments: Sequence[str]) -> Measure:
    """Run a command of `signaux`, whole process, and measure it.

    Raises
    ------
    StageError
        If it fails.
    """
    cost = measure([sys.executable, "-m", "signaux_faibles.cli", *arguments], is_quiet=True)
    if cost.exit_code:
        raise StageError(
            f"`signaux {' '.join(arguments)}` failed with exit code {cost.exit_code}.",
            todo="Run it by hand to see why.",
        )
    return cost


def run_code(code: str, arguments: Sequence[str]) -> Measure:
    """Run some Python in a process of its own, and measure it.

    Raises
    ------
    StageError
        If it fails.
    """
    cost = measure([sys.executable, "-c", code, *arguments], is_quiet=True)
    if cost.exit_code:
        raise StageError(f"A floor failed with exit code {cost.exit_code}.")
    return cost
