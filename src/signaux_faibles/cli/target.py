"""`signaux target`: labels of a panel at any horizon, counted, and written for who learns elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import (
    DEFAULT_LAKE,
    AsOfOption,
    DepartementOption,
    LakeOption,
    RegionOption,
    month_option,
    of_part,
    open_part,
)
from signaux_faibles.cli.panel import check_panel, last_imported
from signaux_faibles.domain.periode import format_month
from signaux_faibles.target.labels import HORIZON_MONTHS, LONGEST_HORIZON_MONTHS
from signaux_faibles.target.read import read_labels

TARGET_HELP = """Label the panel of a month: opening of a proceeding within a horizon, first event and when, closure.

Example: `signaux target --as-of 2026-10 --horizon 12 --out labels.parquet`.
"""
HORIZONS_SHOWN = (6, 12, 18, 24, 36)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("target", help=TARGET_HELP)(target)


def target(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    horizon: Annotated[
        int, typer.Option("--horizon", help=f"Months, from 1 to {LONGEST_HORIZON_MONTHS}.")
    ] = HORIZON_MONTHS,
    out: Annotated[Path | None, typer.Option("--out", help="Parquet file of labels to write.")] = None,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Count, and write, the labels of a panel."""
    opened = open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    check_panel(opened, month)
    summary = read_labels(opened, month, horizon=horizon, out=out)
    typer.echo(
        f"Labels{of_part(opened)} as of {format_month(month)}, horizon {summary.horizon_months} months:"
        f" {summary.rows_count:,} rows, {summary.positives_count:,} positive, {summary.negatives_count:,} negative,"
        f" {summary.unknown_count:,} not yet known, {summary.in_proceeding_count:,} in a proceeding"
        f"{f', written to {out}' if out else ''}."
    )
    if not summary.incidence:
        return
    table = Table("first event", title="Cumulative incidence, censored months counted as long as they are observed")
    for months in HORIZONS_SHOWN:
        table.add_column(f"{months} months", justify="right")
    for event, shares in summary.incidence.items():
        table.add_row(event, *(_share(shares[months]) for months in HORIZONS_SHOWN))
    results().print(table)


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.2f} %"
