"""`signaux panel` and `signaux features`: what was known of every company, and what the model sees of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.catalogue_page import catalogue_markdown, described
from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import (
    DEFAULT_LAKE,
    AsOfOption,
    DepartementOption,
    EngineConfigOption,
    EngineOption,
    ForceOption,
    LakeOption,
    RegionOption,
    engine_choice,
    month_option,
    of_part,
    open_part,
)
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import EngineKind
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.features.sets import EVERY_FEATURE, SETS, feature_set
from signaux_faibles.ingest.versions import staged_batches
from signaux_faibles.lake import Lake
from signaux_faibles.panel.build import PanelSummary, first_stock
from signaux_faibles.panel.store import built_months
from signaux_faibles.perimeter import read_rules
from signaux_faibles.sources import SOURCES

PANEL_HELP = """Build the panel of a month: states, features and events, with nothing known after it.

It continues the panel of an earlier month when there is one. A killed run resumes where it stopped.
Example: `signaux panel --as-of 2026-10`.
"""
FEATURES_HELP = "List the features of the model: name, unit, theme, and how each is computed."
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", help="YAML file of dated rules of the perimeter, or 'reference'. Default: those in force."),
]
PanelRulesOption = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        help="YAML file of dated rules of the perimeter, 'reference' or 'default'. Without it: those of the panel as"
        " last built or of the one before it, else those in force.",
    ),
]
FeaturesOption = Annotated[
    str,
    typer.Option(
        "--features",
        help=f"Features made: {', '.join(SETS)}. Without it: those of the panel as last built or of the one before it,"
        " else all.",
    ),
]
WholeOption = Annotated[
    bool | None,
    typer.Option(
        "--all-states/--last-states",
        help="Keep the states of every month, or of the last three years only. Without it: as in the panel as last"
        " built or the one before it, else the last three years.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("panel", help=PANEL_HELP)(panel)
    app.command("features", help=FEATURES_HELP)(features)


def last_imported(lake: Lake) -> int:
    """Month of the last batch of the lake.

    Raises
    ------
    StageError
        If nothing was imported.
    """
    months = [month for source in SOURCES for month in staged_batches(lake, source)]
    if not months:
        raise StageError(f"Nothing was imported into {lake.root}.", todo="Run `signaux import` first.")
    return max(months)


def check_panel(lake: Lake, month: int) -> None:
    """Check that the panel of a month is there, for a command that only reads it.

    Raises
    ------
    StageError
        If it is not: the panel of the nation is not that of a territory.
    """
    if month not in built_months(lake):
        option = f" --{lake.territory.name.replace('=', ' ')}" if lake.territory else ""
        raise StageError(
            f"No panel{of_part(lake)} as of {format_month(month)} in {lake.root}.",
            todo=f"Build it with `signaux panel --as-of {format_month(month)}{option}`.",
        )


def panel(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    rules: PanelRulesOption = None,
    set_name: FeaturesOption = "",
    whole: WholeOption = None,
    region: RegionOption = "",
    departement: DepartementOption = "",
    engine: EngineOption = EngineKind.DUCKDB,
    engine_config: EngineConfigOption = None,
    force: ForceOption = False,
) -> None:
    """Build a panel."""
    from signaux_faibles.pipeline.run import make_panel

    opened, choice = open_part(lake, region, departement), engine_choice(engine, engine_config)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        given = read_rules(rules).at(month) if rules else None
        summary = make_panel(
            opened,
            month,
            set_name=set_name or None,
            rules=given,
            is_whole=whole,
            force=force,
            choice=choice,
            reporter=drawn,
        )
    typer.echo(
        f"Panel{of_part(opened)} as of {format_month(month)}: {summary.companies_count:,} companies,"
        f" {summary.rows_count:,} rows, {summary.in_perimeter_count:,} companies in perimeter{_how(summary)}."
    )
    say_inherited(summary)
    warn_missing(opened, month)
    if (stock := first_stock(opened, month)) is not None:
        typer.echo(
            f"Open data: the stock of {format_month(stock)} stands for the months before it. It gives no headcount to"
            " what had ceased long before: failures of those months are missing. See docs/dev/how-to/open-data.md.",
            err=True,
        )


def warn_missing(lake: Lake, month: int) -> None:
    """Say on the error stream, in one sentence, which sources were never delivered, when features miss them."""
    from signaux_faibles.pipeline.missing import missing_warning

    if sentence := missing_warning(lake, month):
        typer.echo(f"Warning: {sentence}", err=True)


def say_inherited(summary: PanelSummary) -> None:
    """Say on the error stream, in one line, what a panel took from an earlier month for want of being asked."""
    taken = summary.inherited
    if taken is None or taken.month is None:
        return
    said = {
        f"features {taken.set_name}": taken.set_name not in (None, EVERY_FEATURE),
        "rules of the perimeter": taken.rules is not None,
        "states of every month": taken.is_whole,
    }
    if names := [name for name, is_taken in said.items() if is_taken]:
        typer.echo(f"Taken from the panel of {format_month(taken.month)}: {', '.join(names)}.", err=True)


def _how(summary: PanelSummary) -> str:
    if not summary.is_new:
        return " (already built)"
    return f" (continues {summary.made_from})" if summary.made_from else ""


def features(
    describe: Annotated[bool, typer.Option("--describe", help="Tell how, from what and when known.")] = False,
    set_name: Annotated[str, typer.Option("--set", help=f"Features listed: {', '.join(SETS)}.")] = "all",
    markdown: Annotated[Path | None, typer.Option(help="Write the catalogue to this file, as Markdown.")] = None,
) -> None:
    """List the features."""
    if markdown:
        markdown.write_text(catalogue_markdown(), encoding="utf-8")
        return
    found = [BY_NAME[name] for name in feature_set(set_name)]
    if describe:
        for feature in found:
            results().print(described(feature), highlight=False, soft_wrap=True, markup=False)
        return
    table = Table("feature", "unit", "theme", "label")
    for feature in found:
        table.add_row(feature.name, feature.unit, feature.theme.label, feature.label)
    results().print(table)
