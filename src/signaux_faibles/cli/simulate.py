"""`signaux simulate`: write a fake France."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles import synthetic
from signaux_faibles.cli.options import current_month, month_option
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import format_month, parse_month


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate", help=SIMULATE_HELP)(simulate)


SIMULATE_HELP = """Write a fake France in the producers' formats.

Files go to OUT/raw/YYMM, one folder per batch; what no producer knows goes to OUT/truth. The same seed gives the same
bytes, whatever the number of processes. Example: `signaux simulate fake --companies 3000 --seed 1 --until 2026-10`.
"""


def simulate(
    out: Annotated[Path | None, typer.Argument(help="Folder to write; created if absent.")] = None,
    companies: Annotated[int, typer.Option(min=1, help="Number of companies.")] = 3000,
    seed: Annotated[int, typer.Option(min=0, help="Seed: another seed is another France.")] = 1,
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "2014-01",
    until: Annotated[str | None, typer.Option(help="Last month, YYYY-MM. Default: the current month.")] = None,
    scenario: Annotated[
        str, typer.Option(help="Regime of the economy, or a YAML file; see --describe.")
    ] = synthetic.DEFAULT_SCENARIO,
    batches: Annotated[str, typer.Option(help="Number of monthly batches, or 'all'.")] = "4",
    every: Annotated[int, typer.Option(min=1, help="Months between two batches; 12 for yearly stocks.")] = 1,
    profile: Annotated[
        str, typer.Option(help="Files to write: 'partners', or 'open' for the public ones only.")
    ] = synthetic.PARTNERS,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 2,
    dirt: Annotated[bool, typer.Option("--dirt/--no-dirt", help="Put the dirt of life in the files.")] = True,
    describe: Annotated[
        bool, typer.Option("--describe", help="Print the parameters, scenarios and files, and stop.")
    ] = False,
) -> None:
    """Write a fake France."""
    if describe:
        typer.echo(synthetic.describe())
        return
    if out is None:
        raise InputError("No folder given.", todo="Say where to write: `signaux simulate OUT`.")
    if batches != "all" and not (batches.isdigit() and int(batches) > 0):
        raise InputError(f"Bad --batches: found {batches!r}, expected a number from 1, or 'all'.")
    last = month_option(until, current_month())
    with bars() as drawn:
        drawn.stage(f"Simulating {companies:,} companies up to {format_month(last)}")
        summary = synthetic.simulate(
            out,
            companies=companies,
            seed=seed,
            first_month=parse_month(first),
            until_month=last,
            scenario=scenario,
            batches=0 if batches == "all" else int(batches),
            processes=processes,
            dirt=dirt,
            profile=profile,
            every=every,
            progress=lambda done, total: drawn.advance(done, total, "blocks"),
        )
    rows = sum(summary.rows.values())
    typer.echo(
        f"{summary.companies:,} companies, {summary.failures:,} failures, {len(summary.batches)} batches in {out} "
        f"({summary.batches[0]} to {summary.batches[-1]}); {rows:,} rows in the last, {summary.dirty_rows:,} dirty."
    )
