"""`signaux parse`: the reference reading of one file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.parse import parse_file
from signaux_faibles.lake import write_text
from signaux_faibles.sources import SOURCES

PARSE_HELP = """Read one file as the reference importer does, and print its rows.

For comparison with other readers: `signaux import` applies stricter rules. Example:
`signaux parse debit sigfaible_debits.csv.gz --format jsonl --report report.json`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("parse", help=PARSE_HELP)(parse)


def parse(
    source: Annotated[str, typer.Argument(help=f"One of {', '.join(SOURCES)}.")],
    file: Annotated[Path, typer.Argument(help="File of the producer; `.gz` is decompressed.")],
    output_format: Annotated[Literal["csv", "jsonl"], typer.Option("--format", help="How rows are printed.")] = "csv",
    report: Annotated[Path | None, typer.Option(help="Write the counters and first faults there, as JSON.")] = None,
) -> None:
    """Print the rows of a file."""
    if source not in SOURCES:
        raise InputError(f"Unknown source: found {source!r}, expected one of {', '.join(SOURCES)}.")
    content = parse_file(source, file, output_format=output_format, stream=sys.stdout.buffer)
    if report:
        write_text(report, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    if content["is_fatal"]:
        raise InputError(
            f"{file}: {'; '.join(cast('list[str]', content['head_fatal']))}.",
            todo="Check the file and the source named.",
        )
