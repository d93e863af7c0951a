"""`signaux status`: what the lake holds, and how fresh it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import DEFAULT_LAKE, LakeOption
from signaux_faibles.ingest.manifest import read_manifest
from signaux_faibles.ingest.quarantine import Quarantined, quarantined
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.sources import SOURCES

STATUS_HELP = "Say what the lake holds: batches, quarantine, rows, rejects, panels, models, lists, releases, freshness."


NATION = "nation"
SENTENCES = 3
"""Gates told of each delivery; its manifest has them all."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", help=STATUS_HELP)(status)


def status(lake: LakeOption = DEFAULT_LAKE) -> None:
    """Describe a lake."""
    opened, console = open_lake(lake), results()
    nature = "synthetic" if opened.is_synthetic else "real"
    marks = [f"{nature} data", f"profile {opened.profile}", *(["reference reading"] if opened.is_compat else [])]
    console.print(f"Lake {opened.root} ({', '.join(marks)})", highlight=False)
    console.print(_sources(opened))
    if refused := quarantined(opened):
        console.print(_quarantine(refused))
        console.print("To import one all the same: signaux import RAW --batch YYMM --only SOURCE --accept REASON.")
    made = _made(opened)
    console.print(made if made.row_count else "No panel, model, list or release yet.")


def _sources(lake: Lake) -> Table:
    table = Table("source", "batches", "last batch", "rows staged", "rejects", "covers until", title="Sources")
    for source in SOURCES:
        reports = [read_manifest(lake.staged(source, batch)) for batch in staged_deliveries(lake, source)]
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


def _quarantine(refused: list[Quarantined]) -> Table:
    table = Table("source", "batch", "still current", "gates not passed", title="Deliveries in quarantine")
    for entry in refused:
        sentences = [breach.sentence for breach in entry.report.breaches]
        told = "; ".join(sentences[:SENTENCES]) + (
            f"; and {len(sentences) - SENTENCES} more" * (len(sentences) > SENTENCES)
        )
        table.add_row(entry.report.source, entry.report.batch, entry.current or "nothing", escape(told))
    return table


def _made(lake: Lake) -> Table:
    table = Table("made", "of", "name", "what", title="Panels, models, lists, releases")
    parts = {NATION: lake.root} | {folder.name: folder for folder in sorted(lake.root.glob("territories/*"))}
    for kind, pattern, describe in MADE:
        for part, folder in parts.items():
            for path in sorted(folder.glob(pattern)):
                table.add_row(kind, part, path.parent.name, _described(path, describe))
    return table


def _described(path: Path, describe: Callable[[dict[str, Any]], str]) -> str:
    try:
        return describe(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError):  # a damaged file must not hide the others
        return f"{path.name} cannot be read"


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
