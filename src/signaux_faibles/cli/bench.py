"""`signaux bench`: what a run costs, whole process tree."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles.bench import measure
from signaux_faibles.domain.errors import StageError

BENCH_HELP = """Time the demonstration from nothing, then again, with the peak memory of the whole process tree.

Example: `signaux bench demo --companies 3000`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    bench = typer.Typer(help="Measure time and memory.", no_args_is_help=True)
    bench.command("demo", help=BENCH_HELP)(demo)
    # A Typer of a single command would swallow its name: a callback keeps `bench demo` two words.
    bench.callback()(_keep_names)
    app.add_typer(bench, name="bench")


def _keep_names() -> None:
    pass


def demo(
    folder: Annotated[Path, typer.Option(help="Folder of the run; it must not exist, and is removed.")] = Path("bench"),
    companies: Annotated[int, typer.Option(min=1, help="Number of companies.")] = 3000,
    until: Annotated[str, typer.Option(help="Last month, YYYY-MM.")] = "2026-10",
) -> None:
    """Time the demonstration, first and second run, up to the moment it answers in a browser."""
    if folder.exists():
        raise StageError(f"{folder} exists.", todo="Give --folder a name that does not.")
    command = [
        sys.executable,
        "-m",
        "signaux_faibles.cli",
        "demo",
        "--folder",
        str(folder),
        "--companies",
        str(companies),
    ]
    command += ["--until", until, "--port", "8765", "--rehearse"]
    try:
        for title in ("first run", "second run"):
            cost = measure(command)
            typer.echo(f"{title}: {cost.seconds:.1f} s, peak memory {cost.peak_bytes / 2**20:,.0f} MiB")
            if cost.exit_code:
                raise StageError(f"The {title} failed with exit code {cost.exit_code}.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
