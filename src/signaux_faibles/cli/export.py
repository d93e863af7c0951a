"""`signaux export`: the clean tables, a published list for today's consumers, the declarations of the sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import DEFAULT_LAKE, AsOfOption, LakeOption, month_option
from signaux_faibles.cli.panel import last_imported
from signaux_faibles.cli.progress import Bars, bars
from signaux_faibles.domain.periode import format_month
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.pipeline.export import CotisationRule, EffectifRule, EtpRule, Reading, export, export_schemas
from signaux_faibles.pipeline.export.sirene import CLEAN_FILTER
from signaux_faibles.pipeline.export.write import Progress
from signaux_faibles.pipeline.publish.latest import release_of

EXPORT_HELP = """Write the clean tables (`clean_*`) to a folder, as Parquet, with a manifest.

The folder is replaced at once when everything is written; a failure leaves the one that was there. Tables have the
names and columns of the earlier importer; `--compat` also keeps its faults. `--list-json` writes a published list
instead. Examples: `signaux export clean --as-of 2026-10`, `signaux export liste --list-json --as-of 2026-10`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", help=EXPORT_HELP)(export_)


def export_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write: new, empty, or an earlier export.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    compat: Annotated[bool, typer.Option("--compat", help="Keep the faults of the earlier importer.")] = False,
    perimeter_only: Annotated[bool, typer.Option("--perimeter-only", help="Write clean_filter alone.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Write these tables, and leave nothing else in the folder: repeat, or use commas."),
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="File of dated rules of the perimeter, or `reference`.")] = None,
    no_filter: Annotated[bool, typer.Option("--no-filter", help="Keep companies out of the perimeter too.")] = False,
    effectif: Annotated[
        EffectifRule | None, typer.Option(help="Accounts of an establishment. Default: sum (accounts with --compat).")
    ] = None,
    cotisation: Annotated[
        CotisationRule | None, typer.Option(help="Month of a contribution of several months. Default: start.")
    ] = None,
    etp_autorise: Annotated[
        EtpRule | None, typer.Option(help="Hours of a request on each of its months. Default: total.")
    ] = None,
    list_json: Annotated[
        bool, typer.Option("--list-json", help="Write the list of the last release of the month, in JSON, instead.")
    ] = False,
    schemas: Annotated[
        bool, typer.Option("--schemas", help="Write the Table Schema of every source instead; no lake is read.")
    ] = False,
) -> None:
    """Export the clean tables, a list, or the schemas."""
    if schemas and list_json:
        raise typer.BadParameter("--schemas and --list-json exclude each other.")
    if schemas:
        typer.echo(f"{export_schemas(folder)} schemas written to {folder}.")
        return
    opened = open_lake(lake)
    month = month_option(as_of, last_imported(opened))
    if list_json:
        typer.echo(_export_list(opened, month, folder))
        return
    reading = Reading.chosen(
        month,
        is_reference=compat,
        effectif=effectif,
        cotisation=cotisation,
        etp_autorise=etp_autorise,
        has_filter=not no_filter,
        rules=rules,
    )
    names = [name.strip() for text in only or [] for name in text.split(",") if name.strip()]
    if perimeter_only and names:
        raise typer.BadParameter("--perimeter-only and --only exclude each other.")
    names = [CLEAN_FILTER.name] if perimeter_only else names
    with bars() as drawn:
        made = export(opened, folder, month, reading=reading, only=names, progress=_progress(drawn, month))
    table = Table("table", "rows", title=f"Clean tables as of {format_month(month)}")
    for name, rows in made.rows.items():
        table.add_row(name, f"{rows:,}")
    results().print(table)
    if compat and not opened.is_compat:
        typer.echo(
            "Rows that the earlier importer read otherwise are as we read them: see `signaux import --compat`.",
            err=True,
        )


def _export_list(lake: Lake, month: int, folder: Path) -> str:
    """Write the list of a month and say what was written."""
    from signaux_faibles.pipeline.export.list_json import export_list

    made = export_list(lake, release_of(lake, format_month(month)), folder)
    files = ", ".join(f"{name} ({count:,} companies)" for name, count in made.entries.items())
    return f"List {made.list_month} in {made.folder}: {files}; {made.without_level_count:,} without level are left out."


def _progress(drawn: Bars, month: int) -> Progress:
    """Callback that draws one stage, with the table under way."""
    drawn.stage(f"Export as of {format_month(month)}")

    def tell(done: int, total: int, name: str) -> None:
        drawn.step(name)
        drawn.advance(done, total, "tables")

    return tell
