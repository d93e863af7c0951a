"""What a panel costs by number of companies, beside the floor: the engine reading and rewriting the same Parquet."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.bench.measure import Measure
from signaux_faibles.bench.runs import run, run_code, simulated
from signaux_faibles.domain.delivery import parse_delivery
from signaux_faibles.domain.periode import batch_key, parse_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.build import FEATURES_TABLE
from signaux_faibles.features.sets import feature_set
from signaux_faibles.lake import open_lake
from signaux_faibles.panel.store import read_manifest, table_files

FLOOR = "from signaux_faibles.bench.panels import floor; import sys; floor(*sys.argv[1:])"
MONTH_BEFORE, MONTH = "2026-09", "2026-10"
"""Month of the panel made whole, and the new month that continues it."""


@dataclass(frozen=True)
class PanelCost:
    """Cost of a panel; medians of several runs, the highest peak.

    Parameters
    ----------
    companies_count : int
        Simulated.
    engine, set_name, run : str
        `run` is `whole`, or `new month` for the panel that continues another.
    features_count, rows_count : int
        Of the table of features; `rows_count` in all its months.
    cpu_seconds, seconds : float
    peak_bytes : int
    floor_cpu_seconds : float
        Of reading and rewriting the same files: those of the new month only for a new month.
    """

    companies_count: int
    engine: str
    set_name: str
    run: str
    features_count: int
    rows_count: int
    cpu_seconds: float
    seconds: float
    peak_bytes: int
    floor_cpu_seconds: float

    @property
    def cpu_ms_per_company(self) -> float:
        """Processor time by simulated company, in thousandths of a second."""
        return 1000 * self.cpu_seconds / self.companies_count


def floor(out: str, scratch: str, *files: str) -> None:
    """Read Parquet files and write them again, as they were compressed: what no build can beat."""
    with Engine(Path(scratch)) as engine:
        for rank, name in enumerate(files):
            sql = f"SELECT * FROM {parquet_sql([Path(name)])}"
            engine.write_parquet(sql, Path(out) / f"{rank}.parquet", compression="snappy", is_ordered=True)


def measure_panels(
    folder: Path,
    sizes: Sequence[int],
    sets: Sequence[str],
    *,
    engine: str,
    repeat: int,
    progress: Callable[[str], None],
) -> list[PanelCost]:
    """Build panels of lakes of several sizes, whole then continued by a month.

    Parameters
    ----------
    folder : Path
        Receives the raw files and the lakes, used again when they are there.
    sets : sequence of str
        Sets of features.

    Raises
    ------
    StageError
        If a run fails.
    """
    costs = []
    for size in sizes:
        progress(f"{size:,} companies: simulating, importing")
        lake = imported(folder, size)
        for name in sets:
            progress(f"{size:,} companies: features {name}, whole")
            options = ["--lake", str(lake), "--engine", engine, "--features", name]
            whole = [run(["panel", *options, "--as-of", MONTH_BEFORE, "--force"]) for _ in range(repeat)]
            costs.append(_cost(lake, size, engine, name, "whole", MONTH_BEFORE, whole))
            if engine != "duckdb":
                continue
            progress(f"{size:,} companies: features {name}, new month")
            month = []
            for _ in range(repeat):
                _forget(lake)
                month.append(run(["panel", *options, "--as-of", MONTH]))
            costs.append(_cost(lake, size, engine, name, "new month", MONTH, month))
    return costs


def imported(folder: Path, size: int) -> Path:
    """Lake of the last two batches of a fake France, made once."""
    raw = simulated(folder, size, batches=2)
    lake = folder / f"lake-{size}"
    for month in (MONTH_BEFORE, MONTH):
        key = batch_key(parse_month(month))
        if not (lake / "staged" / "procol" / f"batch={key}" / "manifest.json").exists():
            run(["import", str(raw), "--batch", parse_delivery(key).key, "--lake", str(lake)])
    return lake


def _forget(lake: Path) -> None:
    """Remove the panel of the new month, so that it is made again from the one before."""
    shutil.rmtree(open_lake(lake).panel(parse_month(MONTH)), ignore_errors=True)


def _cost(lake: Path, size: int, engine: str, name: str, title: str, month: str, runs: Sequence[Measure]) -> PanelCost:
    folder = open_lake(lake).panel(parse_month(month))
    manifest = read_manifest(folder) or {}
    first = parse_month(month) if title == "new month" else None
    files = table_files(folder, FEATURES_TABLE, first=first)
    return PanelCost(
        companies_count=size,
        engine=engine,
        set_name=name,
        run=title,
        features_count=len(feature_set(name)),
        rows_count=int(str(manifest["rows_count"])),
        cpu_seconds=statistics.median(one.cpu_seconds for one in runs),
        seconds=statistics.median(one.seconds for one in runs),
        peak_bytes=max(one.peak_bytes for one in runs),
        floor_cpu_seconds=_floor(lake.parent, files).cpu_seconds,
    )


def _floor(folder: Path, files: Sequence[Path]) -> Measure:
    out = folder / "floor"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    try:
        return run_code(FLOOR, [str(out), str(folder / "floor-scratch"), *map(str, files)])
    finally:
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(folder / "floor-scratch", ignore_errors=True)


def targets(costs: Sequence[PanelCost]) -> list[str]:
    """Ratios that the targets are about, in words: growth of the cost by company, and cost of a new month."""
    lines = []
    whole = {(c.set_name, c.companies_count): c for c in costs if c.run == "whole"}
    smallest, largest = min(c.companies_count for c in costs), max(c.companies_count for c in costs)
    for name in dict.fromkeys(c.set_name for c in costs):
        if smallest != largest:
            ratio = whole[name, largest].cpu_ms_per_company / whole[name, smallest].cpu_ms_per_company
            lines.append(
                f"{name}: a company costs {ratio:.2f} times at {largest:,} what it does at {smallest:,} (at most 1.25)."
            )
        for cost in (c for c in costs if c.run == "new month" and c.set_name == name):
            share = cost.cpu_seconds / whole[name, cost.companies_count].cpu_seconds
            lines.append(
                f"{name}, {cost.companies_count:,} companies: {MONTH} costs {100 * share:.1f} %"
                " of a panel made whole (at most 10 %)."
            )
    return lines
