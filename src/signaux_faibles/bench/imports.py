"""What importing a file costs, beside the floor: the engine reading the same bytes to Parquet without any rule."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.bench.measure import Measure, measure
from signaux_faibles.domain.delivery import parse_delivery
from signaux_faibles.domain.errors import StageError
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.manifest import read_manifest
from signaux_faibles.ingest.opening import blocks_of
from signaux_faibles.lake import open_lake
from signaux_faibles.sources import SOURCES, source_of_file

FLOOR = "from signaux_faibles.bench.imports import floor; import sys; floor(*sys.argv[1:])"


@dataclass(frozen=True)
class ImportCost:
    """Cost of importing the file of a source; medians of several runs.

    Parameters
    ----------
    rows : int
        Rows of the file, right or wrong.
    units : int
        What the rate is in: the rows, or the month cells of a wide file, empty ones included.
    cpu_seconds, seconds : float
        Of `signaux import`, whole process.
    peak_bytes : int
        Highest of the runs.
    floor_cpu_seconds : float
        Of the floor, whole process.
    """

    source: str
    rows: int
    units: int
    cpu_seconds: float
    seconds: float
    peak_bytes: int
    floor_cpu_seconds: float

    @property
    def units_per_cpu_second(self) -> float:
        """Rows, or cells, per processor second."""
        return self.units / self.cpu_seconds

    @property
    def floor_ratio(self) -> float:
        """Processor time over that of the floor."""
        return self.cpu_seconds / self.floor_cpu_seconds


def floor(path: str, separator: str, out: str, scratch: str) -> None:
    """Read a separated file to Parquet, every cell a text, no rule: what no import can beat."""
    name, mark = path.replace("'", "''"), separator.replace("'", "''")
    with Engine(Path(scratch)) as engine:
        engine.write_parquet(
            f"SELECT * FROM read_csv('{name}', delim = '{mark}', header = true, all_varchar = true, quote = '', "
            "escape = '', ignore_errors = true)",
            Path(out),
            compression="snappy",
        )


def measure_imports(
    raw: Path,
    key: str,
    folder: Path,
    sources: Sequence[str],
    *,
    repeat: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[ImportCost]:
    """Import each source alone into a new lake, several times, the floor in between.

    Raises
    ------
    StageError
        If a source has no single text file in the delivery, or a run fails.
    """
    costs = []
    for rank, name in enumerate(sources):
        path = _file_of(raw, key, name)
        runs, floors = [], []
        for turn in range(repeat):
            floors.append(_floor(path, SOURCES[name].separator, folder))
            runs.append(_import(raw, key, name, folder))
            if progress:
                progress(rank * repeat + turn + 1, repeat * len(sources))
        report = read_manifest(open_lake(folder / "lake").staged(name, parse_delivery(key)))
        costs.append(
            ImportCost(
                source=name,
                rows=report.read,
                units=report.read * _cells(path, name),
                cpu_seconds=statistics.median(run.cpu_seconds for run in runs),
                seconds=statistics.median(run.seconds for run in runs),
                peak_bytes=max(run.peak_bytes for run in runs),
                floor_cpu_seconds=statistics.median(run.cpu_seconds for run in floors),
            )
        )
    return costs


def _file_of(raw: Path, key: str, name: str) -> Path:
    found = [path for path in sorted((raw / key).iterdir()) if source_of_file(path.name) is SOURCES[name]]
    if len(found) != 1 or found[0].suffix == ".parquet":
        raise StageError(
            f"{raw / key}: found {len(found)} file(s) of {name}, expected one text file.", todo="Choose other sources."
        )
    return found[0]


def _cells(path: Path, name: str) -> int:
    """Month columns of a wide file; 1 for any other."""
    if not SOURCES[name].is_wide:
        return 1
    header = next(blocks_of(path))[0].split(b"\n", 1)[0].decode("utf-8", "replace")
    return sum(cell.lower().startswith("eff") for cell in header.split(SOURCES[name].separator))


def _floor(path: Path, separator: str, folder: Path) -> Measure:
    out, scratch = folder / "floor.parquet", folder / "floor"
    return _checked([sys.executable, "-c", FLOOR, str(path), separator, str(out), str(scratch)])


def _import(raw: Path, key: str, name: str, folder: Path) -> Measure:
    shutil.rmtree(folder / "lake", ignore_errors=True)
    command = [sys.executable, "-m", "signaux_faibles.cli", "import", str(raw), "--batch", key, "--only", name]
    return _checked([*command, "--lake", str(folder / "lake")])


def _checked(command: list[str]) -> Measure:
    cost = measure(command, is_quiet=True)
    if cost.exit_code:
        raise StageError(f"A run failed with exit code {cost.exit_code}.", todo="Run the same import by hand.")
    return cost
