"""`signaux import` and `signaux rejects`: from raw files to the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import DEFAULT_LAKE, ForceOption, LakeOption
from signaux_faibles.cli.progress import Bars, bars
from signaux_faibles.domain.delivery import parse_delivery
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.ingest.importer import Progress, import_batch, open_lake_for
from signaux_faibles.ingest.manifest import ImportReport, IncompleteImportError
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import open_lake
from signaux_faibles.lake.layout import OPEN, PARTNERS
from signaux_faibles.sources import SOURCES

IMPORT_HELP = """Import the files of a monthly batch into the lake.

RAW holds one folder per batch (`RAW/2610/...`), or is that folder; `2610_01` is a later delivery of the same month.
Every bad row is reported; the good ones are kept; a batch already imported from the same bytes is skipped. A source
that cannot be read, or whose delivery is too far from the one before it (quarantine), stops none of the others: the
command then ends with a code that is not 0. Example: `signaux import fake/raw --batch 2610`.
"""

REJECTS_HELP = """Count the faults of a batch, by source and kind: rows left out, and cells emptied in rows kept.

With `--export FILE`, write them all (file, line, column, fault, found, expected, is_row_kept) as CSV: that file holds
raw values, keep it where the raw files are. Example: `signaux rejects --batch 2610 --export rejects.csv`.
"""


class Profile(StrEnum):
    """Profiles of a lake, as an option."""

    PARTNERS = PARTNERS
    OPEN = OPEN


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import", help=IMPORT_HELP)(import_)
    app.command("rejects", help=REJECTS_HELP)(rejects)


def import_(
    batch: Annotated[str, typer.Option(help="Key of the batch, YYMM, or of a sub-batch, YYMM_NN.")],
    raw: Annotated[Path, typer.Argument(help="Folder of the raw batches; the current one by default.")] = Path(),
    lake: LakeOption = DEFAULT_LAKE,
    only: Annotated[list[str] | None, typer.Option(help="Import these sources only: repeat, or use commas.")] = None,
    config: Annotated[Path | None, typer.Option(help="JSON or YAML file that lists the files by source.")] = None,
    profile: Annotated[
        Profile | None, typer.Option(help="Files that a new lake takes: of every partner, or open to anybody.")
    ] = None,
    compat: Annotated[
        bool, typer.Option("--compat", help="Make a lake whose rows are read as the importer before ours did.")
    ] = False,
    gates: Annotated[Path | None, typer.Option(help="YAML file of thresholds of the quality gates.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read, count and judge, write nothing.")] = False,
    accept: Annotated[
        str | None, typer.Option(help="Import what the quality gates refuse; the reason is kept.", metavar="REASON")
    ] = None,
    force: ForceOption = False,
) -> None:
    """Import a batch."""
    delivery = parse_delivery(batch)
    if accept is not None and not accept.strip():
        raise InputError("Found an empty reason for --accept.", todo="Say why the delivery is accepted.")
    if config is None and not raw.is_dir():  # before a lake is created for nothing, of the wrong nature
        raise InputError(f"No folder {raw}.", todo="Give the folder that holds one folder per batch (RAW/2610/...).")
    opened = open_lake_for(lake, raw, profile=profile and profile.value, is_compat=compat)
    try:
        with bars() as drawn:
            report = import_batch(
                opened,
                raw,
                batch=delivery,
                only=only,
                config=config,
                force=force,
                dry_run=dry_run,
                accept=accept or "",
                gates=gates,
                progress=import_progress(drawn, batch),
            )
    except IncompleteImportError as error:
        _tell(error.report)
        raise
    _tell(report)


def _tell(report: ImportReport) -> None:
    """Print what was and what was not replaced; what is odd and refuses nothing goes to the error stream."""
    console = results()
    console.print(_table(report))
    if (reasons := _reasons(report)) is not None:
        console.print("", reasons, sep="\n")
    for line in (*report.imported, *report.unchanged, *(r.report for r in report.refused if r.report)):
        for warning in line.warnings:
            typer.echo(f"{line.source}: {warning}.", err=True)
    if report.unknown_files:
        names = ", ".join(report.unknown_files[:5])
        typer.echo(f"{len(report.unknown_files)} file(s) of no known source were left alone: {names}.", err=True)
    if report.left_out:
        names = ", ".join(report.left_out)
        typer.echo(f"{len(report.left_out)} source(s) that are not open were left alone: {names}.", err=True)


def import_progress(drawn: Bars, batch: str) -> Callable[[Progress], None]:
    """Callback that draws one stage per batch, with the source under way in bytes read and its rate in rows."""
    current: list[str] = []

    def tell(at: Progress) -> None:
        if not current:
            drawn.stage(f"Batch {batch}")
        if current != [at.source]:
            current[:] = [at.source]
            drawn.step(at.source)
        drawn.advance(at.done_bytes, at.total_bytes, "bytes", rows=at.rows)

    return tell


COUNTS = ("read", "accepted", "rejected", "filtered", "appeared", "withdrawn")


def _table(report: ImportReport) -> Table:
    """Counts of every source, narrow enough for 80 columns: the sentences have a table of their own."""
    title = f"Batch {report.batch}{' (dry run: nothing was written)' if report.is_dry_run else ''}"
    table = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    table.add_column("source", no_wrap=True)
    for name in COUNTS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("outcome")
    done = "would import" if report.is_dry_run else "imported"
    for state, lines in ((done, report.imported), ("unchanged", report.unchanged)):
        for line in lines:
            table.add_row(line.source, *(f"{getattr(line, name):,}" for name in COUNTS), state)
    for refusal in report.refused:
        read = refusal.report
        counts = [f"{getattr(read, name):,}" for name in COUNTS] if read else [""] * len(COUNTS)
        table.add_row(refusal.source, *counts, "quarantined" if refusal.is_quarantined else "not imported")
    return table


def _reasons(report: ImportReport) -> Table | None:
    """Why sources were refused, or imported although a gate was not passed."""
    table = Table("source", "why", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for line in (*report.imported, *report.unchanged):
        if line.accepted_reason:
            table.add_row(line.source, escape(f"accepted: {line.accepted_reason}"))
    for refusal in report.refused:
        table.add_row(refusal.source, escape(refusal.error.message.removeprefix(f"{refusal.source}: ")))
    return table if table.row_count else None


def rejects(
    batch: Annotated[str, typer.Option(help="Key of the batch, YYMM or YYMM_NN.")],
    lake: LakeOption = DEFAULT_LAKE,
    export: Annotated[Path | None, typer.Option(help="Write every reject to this CSV file.")] = None,
) -> None:
    """Count rejected rows."""
    opened, key = open_lake(lake), parse_delivery(batch)
    if not any(key in staged_deliveries(opened, source) for source in SOURCES):
        raise StageError(
            f"Batch {batch} was not imported into {opened.root}.",
            todo="Import it first, or see with `signaux status` which one is the last.",
        )
    table = Table("source", "fault", "count", title=f"Rejects of batch {batch}")
    found = []
    for folder in sorted((opened.root / "staged").glob("*")):
        path = opened.staged(folder.name, key) / "rejects.parquet"
        if path.is_file():
            found.append(path)
            counts = pc.value_counts(pq.ParquetFile(path).read(columns=["fault"])["fault"]).to_pylist()
            for count in sorted(counts, key=lambda one: str(one["values"])):
                table.add_row(folder.name, str(count["values"]), f"{count['counts']:,}")
    results().print(table)
    if export:
        typer.echo(f"{_export(found, export)} rejects written to {export}")


def _export(paths: list[Path], target: Path) -> int:
    """Write rejects as CSV, a block at a time: there may be millions."""
    schema = pq.ParquetFile(paths[0]).schema_arrow
    written = 0
    try:
        with pv.CSVWriter(target, schema) as stream:
            for block in _blocks(paths):
                stream.write_batch(block)
                written += block.num_rows
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror or 'refused'}.",
            todo="Give --export a file in a folder that exists.",
        ) from None
    return written


def _blocks(paths: list[Path]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        yield from pq.ParquetFile(path).iter_batches()
