"""Measure the tasks, and set each cost beside its target."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from signaux_faibles.bench.measure import Measure, measure
from signaux_faibles.domain.errors import StageError
from signaux_faibles.model.recipes import BOOSTING

TASK = "from signaux_faibles.bench.training.tasks import main; import sys; main(*sys.argv[1:])"

GIB = 2**30


@dataclass(frozen=True)
class Sizes:
    """How much is done.

    Parameters
    ----------
    rows, columns, rounds : int
        Of the trees grown.
    companies, alerted : int
        Scored, and explained among them.
    learnt : int
        Rows of both trainings compared.
    """

    rows: int
    columns: int
    rounds: int
    companies: int
    alerted: int
    learnt: int = BOOSTING.rows_count


@dataclass(frozen=True)
class TrainingCost:
    """A figure and its target.

    Parameters
    ----------
    what, unit : str
    value, target : float
        The target is at the sizes of a nation, whatever those measured.
    seconds : float
        Wall time of the whole process, which also makes what it measures with.
    peak_bytes : int
        Of that process.
    """

    what: str
    unit: str
    value: float
    target: float
    seconds: float
    peak_bytes: int

    def as_json(self) -> dict[str, object]:
        """Figures by name."""
        return asdict(self)


def measure_training(sizes: Sizes, progress: Callable[[str], None]) -> list[TrainingCost]:
    """Costs of growing trees, scoring, explaining, and learning the curve, each measured in a process of its own.

    Raises
    ------
    StageError
        If a process fails.
    """
    progress(f"{sizes.rounds} rounds on {sizes.rows:,} rows of {sizes.columns} columns")
    grown, said = _run("grow", rows=sizes.rows, columns=sizes.columns, rounds=sizes.rounds)
    what = f"a round on {sizes.rows:,} rows x {sizes.columns} columns"
    reading = f"reading these rows into bins, batch by batch: {said['reading']:.0f} CPU s"
    costs = [
        _cost(grown, what, "CPU s", said["rounds"] / sizes.rounds, 4),
        _cost(grown, f"memory of it ({reading})", "GiB", grown.peak_bytes / GIB, 8),
    ]
    progress(f"Scoring {sizes.companies:,} companies, explaining {sizes.alerted:,}")
    scored, said = _run("score", companies=sizes.companies, alerted=sizes.alerted)
    costs.append(_cost(scored, f"scoring {sizes.companies:,} companies", "CPU s", said["score"], 30))
    costs.append(_cost(scored, f"explaining {sizes.alerted:,} of them", "CPU s", said["explain"], 150))
    progress(f"Learning 18 months, then every horizon, from {sizes.learnt:,} rows")
    learnt, said = _run("horizons", rows=sizes.learnt)
    words = f"every horizon, {said['curve']:.1f} CPU s, over 18 months, {said['horizon']:.1f}"
    costs.append(_cost(learnt, f"{words}: {sizes.learnt:,} rows", "times", said["curve"] / said["horizon"], 3))
    return costs


def _run(task: str, **numbers: int) -> tuple[Measure, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.json"
        cost = measure([sys.executable, "-c", TASK, task, json.dumps(numbers), str(out)], is_quiet=True)
        if cost.exit_code or not out.is_file():
            raise StageError(
                f"Measuring {task} ended with exit code {cost.exit_code}.",
                todo="Ask for fewer rows or companies if the machine lacks memory.",
            )
        said: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
    return cost, said


def _cost(cost: Measure, what: str, unit: str, value: float, target: float) -> TrainingCost:
    return TrainingCost(what, unit, value, target, cost.seconds, cost.peak_bytes)
