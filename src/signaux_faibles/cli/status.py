"""`signaux status`: what the lake holds, and how fresh it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import DEFAULT_LAKE, LakeOption
from signaux_faibles.ingest.manifest import read_manifest
from signaux_faibles.ingest.versions import staged_batches
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.sources import SOURCES

STATUS_HELP = "Say what the lake holds: batches, rows, rejects, panels, models, lists, releases, freshness."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", help=STATUS_HELP)(status)


def status(lake: LakeOption = DEFAULT_LAKE) -> None:
    """Describe a lake."""
    opened, console = open_lake(lake), results()
    console.print(f"Lake {opened.root} ({'synthetic' if opened.is_synthetic else 'real'} data)", highlight=False)
    console.print(_sources(opened))
    console.print(_made(opened))


def _sources(lake: Lake) -> Table:
    table = Table("source", "batches", "last batch", "rows staged", "rejects", "covers until", title="Sources")
    for source in SOURCES:
        reports = [read_manifest(lake.staged(source, batch)) for batch in staged_batches(lake, source)]
        if not reports:
            table.add_row(source, "0", "none", "0", "0", "nothing")
            continue
        table.add_row(
            source,
            str(len(reports)),
            reports[-1].batch,
            f"{sum(r.appeared for r in reports):,}",
            f"{sum(r.rejected for r in reports):,}",
            max(r.freshness_month or "" for r in reports) or "nothing",
        )
    return table


def _made(lake: Lake) -> Table:
    table = Table("made", "name", "what", title="Panels, models, lists, releases")
    for kind, pattern, describe in MADE:
        for path in sorted(lake.root.glob(pattern)):
            table.add_row(kind, path.parent.name, describe(json.loads(path.read_text(encoding="utf-8"))))
    return table


MADE: tuple[tuple[str, str, Callable[[dict[str, Any]], str]], ...] = (
    (
        "panel",
        "panel/as_of=*/manifest.json",
        lambda c: f"{c['rows_count']:,} rows, {c['companies_count']:,} companies",
    ),
    ("model", "models/*/card.json", lambda c: f"learnt from {c['training']['rows_count']:,} rows"),
    (
        "list",
        "lists/????-??/card.json",
        lambda c: f"{c['counts']['eleve']:,} eleve, {c['counts']['modere']:,} modere",
    ),
    ("release", "releases/*/manifest.json", lambda c: f"{len(c['files'])} files, format {c['format_version']}"),
)
