"""`signaux bench`: what a run costs, whole process tree."""

from __future__ import annotations

import multiprocessing
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.bench.chain import measure_chain
from signaux_faibles.bench.imports import ImportCost, measure_imports
from signaux_faibles.bench.measure import measure
from signaux_faibles.bench.panels import measure_panels, targets
from signaux_faibles.cli.bench_models import HELP as MODELS_HELP
from signaux_faibles.cli.bench_models import models
from signaux_faibles.cli.bench_train import HELP as TRAIN_HELP
from signaux_faibles.cli.bench_train import train
from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import EngineOption
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.engine import EngineKind
from signaux_faibles.features.sets import SETS, feature_set
from signaux_faibles.model.recipes import BOOSTING, find_recipe
from signaux_faibles.synthetic import simulate

DEMO_HELP = """Time the demonstration from nothing, then again, with the peak memory of the whole process tree.

Example: `signaux bench demo --companies 3000`.
"""

IMPORT_HELP = """Time `signaux import` by source, beside the floor: the engine reading the same file without any rule.

Whole processes, medians of several runs. Files are simulated, or given with `--raw` and `--batch`. Example:
`signaux bench import --companies 100000`.
"""

PANEL_HELP = """Time `signaux panel` by number of companies, whole and for a new month, beside the floor.

The floor is the engine reading and rewriting the same Parquet. Whole processes, medians of several runs.
`--keep` leaves the raw files and the lakes for the next time. Example:
`signaux bench panel --companies 10000,50000,350000 --features core,all`.
"""

CHAIN_HELP = """Time the chain from raw files to the list, stage by stage: import, panel, train, list.

Example: `signaux bench chain --companies 2000,40000 --recipe tree-based`.
"""

MEASURED = "cotisation,debit,effectif,effectif_ent"
FolderOption = Annotated[Path, typer.Option(help="Folder of the run; it must not exist, and is removed.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    bench = typer.Typer(help="Measure time, memory and models.", no_args_is_help=True)
    bench.command("demo", help=DEMO_HELP)(demo)
    bench.command("import", help=IMPORT_HELP)(import_)
    bench.command("panel", help=PANEL_HELP)(panel)
    bench.command("chain", help=CHAIN_HELP)(chain)
    bench.command("train", help=TRAIN_HELP)(train)
    bench.command("models", help=MODELS_HELP)(models)
    app.add_typer(bench, name="bench")


KeepOption = Annotated[
    bool, typer.Option("--keep", help="Leave the folder at the end, and use what is in it at the start.")
]
RepeatOption = Annotated[int, typer.Option(min=1, help="Runs of each; the median is kept.")]


@contextmanager
def _removed(folder: Path, *, keep: bool = False) -> Iterator[None]:
    if folder.exists() and not keep:
        raise StageError(f"{folder} exists.", todo="Give --folder a name that does not.")
    folder.mkdir(parents=True, exist_ok=keep)
    try:
        yield
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def panel(
    folder: FolderOption = Path("bench"),
    companies: Annotated[str, typer.Option(help="Numbers of companies, separated by commas.")] = "10000,50000",
    features: Annotated[str, typer.Option(help=f"Sets of features: {', '.join(SETS)}.")] = "core,all",
    engine: EngineOption = EngineKind.DUCKDB,
    repeat: RepeatOption = 1,
    keep: KeepOption = False,
) -> None:
    """Time panels."""
    sets = features.split(",")
    for name in sets:
        feature_set(name)
    with _removed(folder, keep=keep), bars() as drawn:
        costs = measure_panels(
            folder, _sizes(companies), sets, engine=engine.value, repeat=repeat, progress=drawn.stage
        )
    table = Table(
        "companies", "engine", "features", "run", "rows", "CPU s", "ms / company", "floor CPU s", "wall s", "peak MiB"
    )
    for cost in costs:
        table.add_row(
            f"{cost.companies_count:,}",
            cost.engine,
            f"{cost.set_name} ({cost.features_count})",
            cost.run,
            f"{cost.rows_count:,}",
            f"{cost.cpu_seconds:.1f}",
            f"{cost.cpu_ms_per_company:.2f}",
            f"{cost.floor_cpu_seconds:.1f}",
            f"{cost.seconds:.1f}",
            f"{cost.peak_bytes / 2**20:,.0f}",
        )
    results().print(table)
    for line in targets(costs):
        typer.echo(line)


def chain(
    folder: FolderOption = Path("bench"),
    companies: Annotated[str, typer.Option(help="Numbers of companies, separated by commas.")] = "2000,40000",
    recipe: Annotated[str, typer.Option(help="Recipe trained, on the features that it reads.")] = BOOSTING.name,
    engine: EngineOption = EngineKind.DUCKDB,
    repeat: RepeatOption = 1,
    keep: KeepOption = False,
) -> None:
    """Time the chain."""
    found = find_recipe(recipe)
    with _removed(folder, keep=keep), bars() as drawn:
        for size in _sizes(companies):
            costs = measure_chain(folder, size, found, engine=engine.value, repeat=repeat, progress=drawn.stage)
            table = Table(
                "stage", "CPU s", "wall s", "peak MiB", title=f"{size:,} companies, {recipe}: from raw files to list"
            )
            for cost in costs:
                figures = (f"{cost.cpu_seconds:.1f}", f"{cost.seconds:.1f}", f"{cost.peak_bytes / 2**20:,.0f}")
                table.add_row(cost.stage, *figures)
            results().print(table)


def _sizes(text: str) -> list[int]:
    """Numbers separated by commas.

    Raises
    ------
    InputError
        If one is not a positive whole number.
    """
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        if not part.isdecimal() or int(part) == 0:
            raise InputError(
                f"Bad --companies: found {part!r}, expected whole numbers above zero separated by commas.",
                todo="Such as --companies 2000,40000.",
            )
    return [int(part) for part in parts]


def demo(
    folder: FolderOption = Path("bench"),
    companies: Annotated[int, typer.Option(min=1, help="Number of companies.")] = 3000,
    until: Annotated[str, typer.Option(help="Last month, YYYY-MM.")] = "2026-10",
) -> None:
    """Time the demonstration, first and second run, up to the moment it answers in a browser."""
    place = folder / "demo"
    command = [
        sys.executable,
        "-m",
        "signaux_faibles.cli",
        "demo",
        "--folder",
        str(place),
        "--companies",
        str(companies),
    ]
    command += ["--until", until, "--port", "8765", "--rehearse"]
    with _removed(folder):
        for title in ("first run", "second run"):
            cost = measure(command)
            typer.echo(f"{title}: {cost.seconds:.1f} s, peak memory {cost.peak_bytes / 2**20:,.0f} MiB")
            if cost.exit_code:
                raise StageError(f"The {title} failed with exit code {cost.exit_code}.")


def import_(
    folder: FolderOption = Path("bench"),
    companies: Annotated[int, typer.Option(min=1, help="Companies to simulate.")] = 100_000,
    raw: Annotated[Path | None, typer.Option(help="Folder of batches to import instead of simulated ones.")] = None,
    batch: Annotated[str, typer.Option(help="Key of the batch of --raw, YYMM.")] = "2610",
    only: Annotated[str, typer.Option(help="Sources, separated by commas.")] = MEASURED,
    repeat: Annotated[int, typer.Option(min=1, help="Runs of each; the median is kept.")] = 3,
) -> None:
    """Time imports."""
    with _removed(folder), bars() as drawn:
        if raw is None:
            drawn.stage(f"Simulating {companies:,} companies")
            simulate(
                folder / "fake",
                companies=companies,
                seed=1,
                first_month=parse_month("2014-01"),
                until_month=parse_month("2026-10"),
                batches=1,
                processes=multiprocessing.cpu_count(),
                progress=lambda done, total: drawn.advance(done, total, "blocks"),
            )
            raw, batch = folder / "fake" / "raw", "2610"
        drawn.stage("Importing")
        costs = measure_imports(
            raw,
            batch,
            folder,
            only.split(","),
            repeat=repeat,
            progress=lambda done, total: drawn.advance(done, total, "runs"),
        )
    results().print(_table(costs))


def _table(costs: list[ImportCost]) -> Table:
    table = Table(
        "source", "rows", "CPU s", "rows or cells / CPU s", "floor CPU s", "times the floor", "wall s", "peak MiB"
    )
    for cost in costs:
        table.add_row(
            cost.source,
            f"{cost.rows:,}",
            f"{cost.cpu_seconds:.1f}",
            f"{cost.units_per_cpu_second:,.0f}",
            f"{cost.floor_cpu_seconds:.1f}",
            f"{cost.floor_ratio:.2f}",
            f"{cost.seconds:.1f}",
            f"{cost.peak_bytes / 2**20:,.0f}",
        )
    return table
