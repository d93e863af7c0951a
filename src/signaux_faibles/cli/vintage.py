"""`signaux vintage`: how recent is what a panel rests on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

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
from signaux_faibles.lake import Lake
from signaux_faibles.panel.vintage import MonthVintage, SourceVintage, month_vintages, source_vintages

VINTAGE_HELP = """Say how recent is what the panel of a month rests on: by source, by theme, or month after month.

Shares are of the companies in perimeter; counts only, no company is named. Example: `signaux vintage --as-of 2026-10`.
"""
SOURCE_WIDTH, MONTH_WIDTH = 20, 10
"""Columns of the screen for the name of a source, and for a month."""

TOGETHER = ("procol", "bodacc")
"""Sources that have one share: `panel.vintage.TELLS` says why."""
ONE_SHARE = f"{' and '.join(TOGETHER)} have one share: the panel keeps the earlier of what they tell"


class Axis(StrEnum):
    """What a row of the report is."""

    SOURCE = "source"
    THEME = "theme"
    MONTH = "month"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("vintage", help=VINTAGE_HELP)(vintage)


def vintage(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    by: Annotated[Axis, typer.Option("--by", help="One row per source, theme or month.")] = Axis.SOURCE,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Report the vintage of a panel."""
    opened = open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    check_panel(opened, month)
    rows, table = REPORTS[by](opened, month)
    if is_json:
        content = {"as_of": format_month(month), "by": by.value, "rows": [asdict(row) for row in rows]}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    results().print(table)


def _by_source(lake: Lake, month: int) -> tuple[Sequence[Any], Table]:
    rows: list[SourceVintage] = source_vintages(lake, month)
    title = f"Vintage{of_part(lake)} as of {format_month(month)}, by source"
    table = Table("source", "last batch", "last month", title=title)
    for name in ("late", "told", "median age", "90 % age", "limit", "over limit"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(
            row.source,
            row.last_batch or "none",
            row.last_month or "nothing",
            _months(row.late_months),
            _share(row.told_share),
            _months(row.median_months),
            _months(row.p90_months),
            _months(row.limit_months),
            _share(row.over_limit_share),
        )
    table.caption = "told: companies in perimeter of which the source says something; ages in months"
    told = {row.source for row in rows if row.told_share is not None}
    if told.issuperset(TOGETHER):
        table.caption += f"\n{ONE_SHARE}"
    if any(row.told_share is None and row.last_batch for row in rows):
        table.caption += "\nwithout a share: the features of this panel do not read it; `signaux panel --features all`"
    return rows, table


def _by_theme(lake: Lake, month: int) -> tuple[Sequence[Any], Table]:
    from signaux_faibles.pipeline.missing import theme_vintages

    rows = theme_vintages(lake, month)
    table = Table("theme", title=f"Vintage{of_part(lake)} as of {format_month(month)}, by theme")
    for name in ("features", "unknown for all", "known"):
        table.add_column(name, justify="right")
    table.add_column("unknown for want of")
    for row in rows:
        series = [f"{name} (ends {last})" for name, last in row.ended_series.items()]
        lacking = ", ".join([*row.missing_sources, *series])
        table.add_row(row.label, str(row.features_count), str(row.unknown_count), _share(row.known_share), lacking)
    table.caption = (
        "known: mean, over the features, of the share of companies that have a value; unknown for want of: sources"
        " never delivered, series of the package that end before this month"
    )
    return rows, table


def _by_month(lake: Lake, month: int) -> tuple[Sequence[Any], Table]:
    """A source per line and as many of the last months as the screen holds: there are too many sources for columns."""
    rows: list[MonthVintage] = month_vintages(lake, month)
    shown = rows[-max(1, (results().width - SOURCE_WIDTH) // MONTH_WIDTH) :]
    title = f"Share of the companies{of_part(lake)} that each source told of, as of {format_month(month)}"
    table = Table("source", title=title)
    for row in shown:
        table.add_column(row.month, justify="right", no_wrap=True)
    table.add_row("companies", *(f"{row.companies_count:,}" for row in shown), end_section=True)
    for source in shown[-1].told_shares if shown else ():
        table.add_row(source, *(_share(row.told_shares[source]) for row in shown))
    notes = [ONE_SHARE] if shown and shown[-1].told_shares.keys() >= set(TOGETHER) else []
    notes += [f"last {len(shown)} months of {len(rows)}; --json gives them all"] if len(rows) > len(shown) else []
    table.caption = "\n".join(notes) or None
    return rows, table


REPORTS = {Axis.SOURCE: _by_source, Axis.THEME: _by_theme, Axis.MONTH: _by_month}


def _months(value: int | None) -> str:
    return "" if value is None else str(value)


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"
