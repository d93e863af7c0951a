"""`signaux perimeter`: who is in, who is not and why, who entered and who left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import DEFAULT_LAKE, AsOfOption, LakeOption, month_option
from signaux_faibles.cli.panel import RulesOption, last_imported
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.lake import open_lake
from signaux_faibles.perimeter import REASONS, read_rules

PERIMETER_HELP = """Say how many companies are in perimeter at a month and why the others are not.

With `--against`, how many entered and left since an earlier month, and why. The detail stays in the lake. Example:
`signaux perimeter --as-of 2026-10 --against 2026-07 --out perimetre.md`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("perimeter", help=PERIMETER_HELP)(perimeter)


def perimeter(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    against: Annotated[str | None, typer.Option(help="Earlier month to compare with, YYYY-MM.")] = None,
    rules: RulesOption = None,
    out: Annotated[Path | None, typer.Option(help="Write the report to this file, as Markdown, in French.")] = None,
) -> None:
    """Report the perimeter."""
    from signaux_faibles.pipeline.perimeter import CHANGE_REASONS, report_markdown
    from signaux_faibles.pipeline.run import make_perimeter

    opened, book = open_lake(lake), read_rules(rules)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        report = make_perimeter(opened, month, book, against=parse_month(against) if against else None, reporter=drawn)
    table = Table("companies", "in or out", "reason", title=f"Perimeter at {format_month(month)}")
    table.add_row(f"{report.in_count:,}", "in", "")
    _add(table, report.excluded, "out", REASONS)
    _add(table, report.entries, f"entered since {against}", CHANGE_REASONS)
    _add(table, report.exits, f"left since {against}", CHANGE_REASONS)
    results().print(table)
    if out:
        try:
            out.write_text(report_markdown(report), encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{out} cannot be written: {error.strerror or 'refused'}.",
                todo="Give --out a file in a folder that exists.",
            ) from None


def _add(table: Table, counts: Mapping[str, int], state: str, words: Mapping[str, str]) -> None:
    for reason, count in counts.items():
        table.add_row(f"{count:,}", state, words[reason])
