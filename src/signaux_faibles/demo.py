"""The first hour of a newcomer: simulate, import, learn, list, release, serve."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from signaux_faibles import synthetic
from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.ingest.importer import Progress, import_batch, open_lake_for
from signaux_faibles.lake import write_text
from signaux_faibles.pipeline.run import Reporter, run
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


def prepare_demo(
    folder: Path,
    plan: DemoPlan,
    *,
    reporter: Reporter,
    import_progress: Callable[[str], Callable[[Progress], None]],
    force: bool = False,
) -> list[Manifest]:
    """Everything up to the releases; what is already there from the same plan is not made again.

    Parameters
    ----------
    folder : Path
        Holds `raw/`, `truth/` and `lake/`; emptied of them when the plan changes or with `force`.
    import_progress : callable
        Gives, for the key of a batch, the callback of its import.
    """
    card = folder / "demo.json"
    wanted = json.dumps(asdict(plan), sort_keys=True)
    if force or not card.is_file() or card.read_text(encoding="utf-8") != wanted:
        for name in ("raw", "truth", "lake"):
            shutil.rmtree(folder / name, ignore_errors=True)
        card.unlink(missing_ok=True)
        reporter.stage(f"Simulating {plan.companies:,} companies up to {format_month(plan.until)}")
        synthetic.simulate(
            folder,
            companies=plan.companies,
            seed=plan.seed,
            first_month=FIRST_MONTH,
            until_month=plan.until,
            batches=BATCHES,
            processes=2,
            progress=lambda done, total: reporter.advance(done, total, "blocks"),
        )
        write_text(card, wanted)
    lake = open_lake_for(folder / "lake", folder / "raw")
    for month in range(plan.until - BATCHES + 1, plan.until + 1):
        key = batch_key(month)
        import_batch(lake, folder / "raw", batch=month, progress=import_progress(key))
    return run(lake, plan.months, reporter=reporter)
