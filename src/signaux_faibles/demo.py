"""The first hour of a newcomer: simulate, import, learn, list, release, serve."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from signaux_faibles import synthetic
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.ingest.importer import Progress, import_batch, open_lake_for
from signaux_faibles.lake import open_lake, write_text
from signaux_faibles.pipeline.reporter import Reporter
from signaux_faibles.pipeline.run import run
from signaux_faibles.release.manifest import Manifest

BATCHES = 4
"""Monthly batches: the lists stand on the first and the last, three months apart."""

FIRST_MONTH = 2014 * 12


@dataclass(frozen=True)
class DemoPlan:
    """What a demonstration is made from.

    Parameters
    ----------
    companies, seed : int
    until : int
        Month of the last batch and of the last list.
    """

    companies: int
    seed: int
    until: int

    @property
    def months(self) -> tuple[int, int]:
        """Months of the two lists."""
        return self.until - BATCHES + 1, self.until

    def describe(self) -> str:
        """Words for a sentence."""
        return f"{self.companies} companies, seed {self.seed}, until {format_month(self.until)}"

    def to_json(self, state: str) -> str:
        """Text of the card of the demonstration."""
        return json.dumps(asdict(self) | {"state": state}, sort_keys=True)


PARTS = ("raw", "truth", "lake")
"""What a demonstration makes in its folder, and the only things it ever removes there."""

CARD_NAME = "demo.json"
WORK_NAME = ".simulating"
SIMULATING, SIMULATED = "simulating", "simulated"


def prepare_demo(
    folder: Path,
    plan: DemoPlan,
    *,
    reporter: Reporter,
    import_progress: Callable[[str], Callable[[Progress], None]],
    is_until_given: bool = True,
    force: bool = False,
) -> list[Manifest]:
    """Everything up to the releases; what is already there from the same plan is not made again.

    Parameters
    ----------
    folder : Path
        Receives `raw/`, `truth/` and `lake/`, and a card that says from which plan.
    import_progress : callable
        Gives, for the key of a batch, the callback of its import.
    is_until_given : bool
        False when the month is only that of today: a demonstration of an earlier month is then resumed as it is.
    force : bool
        Make again what a demonstration made, whatever its plan.

    Raises
    ------
    StageError
        If the folder holds something that no demonstration made, or one of another plan, or real data.
    """
    is_simulated = False
    if found := _found(folder):
        plan, is_simulated = _resumed(folder, plan, found, is_until_given=is_until_given, force=force)
    if not is_simulated:
        _simulate(folder, plan, reporter)
    lake = open_lake_for(folder / "lake", folder / "raw")
    for month in range(plan.until - BATCHES + 1, plan.until + 1):
        key = batch_key(month)
        import_batch(lake, folder / "raw", batch=month, progress=import_progress(key))
    return run(lake, plan.months, reporter=reporter)


def _found(folder: Path) -> tuple[DemoPlan, bool] | None:
    """Plan of the demonstration of a folder, and whether its simulation was finished; None if there is none."""
    card = folder / CARD_NAME
    if (folder / "lake" / "lake.json").is_file() and not open_lake(folder / "lake").is_synthetic:
        raise StageError(f"{folder / 'lake'} is a lake of real data.", todo="Give --folder another folder.")
    if not card.is_file():
        if present := [name for name in PARTS if (folder / name).exists()]:
            raise StageError(
                f"{folder} holds {', '.join(present)}, and no {CARD_NAME}: no demonstration made this.",
                todo="Give --folder a new folder.",
            )
        return None
    try:
        content = json.loads(card.read_text(encoding="utf-8"))
        plan = DemoPlan(int(content["companies"]), int(content["seed"]), int(content["until"]))
        return plan, content.get("state", SIMULATED) == SIMULATED
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise StageError(
            f"{card} cannot be read as the card of a demonstration.", todo="Give --folder a new folder."
        ) from None


def _resumed(
    folder: Path, wanted: DemoPlan, found: tuple[DemoPlan, bool], *, is_until_given: bool, force: bool
) -> tuple[DemoPlan, bool]:
    """Plan to follow in a folder that holds a demonstration, and whether its simulation can be kept."""
    plan, is_simulated = found
    if force:
        return wanted, False
    if plan == wanted or (not is_until_given and plan == replace(wanted, until=plan.until)):
        return plan, is_simulated
    raise StageError(
        f"{folder} holds another demonstration: found {plan.describe()}; asked for {wanted.describe()}.",
        todo="Give another --folder, or --force to replace it.",
    )


def _simulate(folder: Path, plan: DemoPlan, reporter: Reporter) -> None:
    """Simulate beside, then put in place; the card written first lets a run that is killed start over."""
    card, work = folder / CARD_NAME, folder / WORK_NAME
    write_text(card, plan.to_json(SIMULATING))
    for name in (*PARTS, WORK_NAME):
        shutil.rmtree(folder / name, ignore_errors=True)
    reporter.stage(f"Simulating {plan.companies:,} companies up to {format_month(plan.until)}")
    synthetic.simulate(
        work,
        companies=plan.companies,
        seed=plan.seed,
        first_month=FIRST_MONTH,
        until_month=plan.until,
        batches=BATCHES,
        processes=2,
        progress=lambda done, total: reporter.advance(done, total, "blocks"),
    )
    for name in ("raw", "truth"):
        (work / name).rename(folder / name)
    work.rmdir()
    write_text(card, plan.to_json(SIMULATED))
