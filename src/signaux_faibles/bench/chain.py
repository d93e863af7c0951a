"""What the whole chain costs, from raw files to the list, stage by stage."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.bench.measure import Measure
from signaux_faibles.bench.runs import LAST_MONTH, run, simulated
from signaux_faibles.domain.periode import batch_key, parse_month
from signaux_faibles.features.sets import smallest_set
from signaux_faibles.model.recipes import Recipe


@dataclass(frozen=True)
class StageCost:
    """Cost of a stage; medians of several runs, the highest peak."""

    stage: str
    cpu_seconds: float
    seconds: float
    peak_bytes: int


def measure_chain(
    folder: Path, companies: int, recipe: Recipe, *, engine: str, repeat: int, progress: Callable[[str], None]
) -> list[StageCost]:
    """Run import, panel, train and list on a new lake, several times; the last row is their sum.

    The panel is made with the smallest set of features that the recipe learns from. A forest, a yardstick, makes
    no list: its companies are scored.

    Raises
    ------
    StageError
        If a run fails.
    """
    progress(f"{companies:,} companies: simulating")
    raw = simulated(folder, companies, batches=1)
    lake = folder / f"chain-{companies}"
    key = batch_key(parse_month(LAST_MONTH))
    stages = {
        "import": ["import", str(raw), "--batch", key],
        "panel": ["panel", "--features", smallest_set(recipe.features), "--engine", engine],
        "train": ["train", recipe.name],
    }
    last = "list" if recipe.learner.is_additive else "score"
    stages[last] = [last, "--recipe", recipe.name, "--engine", engine]
    runs: dict[str, list[Measure]] = {stage: [] for stage in stages}
    for turn in range(repeat):
        shutil.rmtree(lake, ignore_errors=True)
        for stage, arguments in stages.items():
            progress(f"{companies:,} companies: {stage}, run {turn + 1} of {repeat}")
            runs[stage].append(run([*arguments, "--lake", str(lake)]))
    costs = [
        StageCost(
            stage,
            statistics.median(one.cpu_seconds for one in done),
            statistics.median(one.seconds for one in done),
            max(one.peak_bytes for one in done),
        )
        for stage, done in runs.items()
    ]
    shutil.rmtree(lake, ignore_errors=True)
    total = StageCost(
        "total",
        sum(cost.cpu_seconds for cost in costs),
        sum(cost.seconds for cost in costs),
        max(cost.peak_bytes for cost in costs),
    )
    return [*costs, total]
