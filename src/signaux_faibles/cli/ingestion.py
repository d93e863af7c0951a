"""`signaux import` and `signaux rejects`: from raw files to the lake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import DEFAULT_LAKE, ForceOption, LakeOption
from signaux_faibles.cli.progress import Bars, bars
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.periode import parse_batch_key
from signaux_faibles.ingest.importer import Progress, import_batch, open_lake_for
from signaux_faibles.ingest.manifest import ImportReport
from signaux_faibles.ingest.versions import staged_batches
from signaux_faibles.lake import open_lake
from signaux_faibles.sources import SOURCES

IMPORT_HELP = """Import the files of a monthly batch into the lake.

RAW holds one folder per batch (`RAW/2610/...`), or is that folder. Every bad row is reported; the good ones are kept;
a batch already imported from the same bytes is skipped. Example: `signaux import fake/raw --batch 2610`.
"""

REJECTS_HELP = """Count the rejected rows of a batch, by source and kind of fault.

With `--export FILE`, write them all (file, line, column, found, expected) as CSV: that file holds raw values, keep it
where the raw files are.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import", help=IMPORT_HELP)(import_)
    app.command("rejects", help=REJECTS_HELP)(rejects)


def import_(
    raw: Annotated[Path, typer.Argument(help="Folder of the raw batches.")],
    batch: Annotated[str, typer.Option(help="Key of the batch, YYMM.")],
    lake: LakeOption = DEFAULT_LAKE,
    only: Annotated[list[str] | None, typer.Option(help="Import this source only; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count, write nothing.")] = False,
    accept: Annotated[str, typer.Option(help="Reason to import a file most of whose rows are wrong or new.")] = "",
    force: ForceOption = False,
) -> None:
    """Import a batch."""
    month = parse_batch_key(batch)
    opened = open_lake_for(lake, raw)
    with bars() as drawn:
        report = import_batch(
            opened,
            raw,
            batch=month,
            only=only,
            force=force,
            dry_run=dry_run,
            accept=accept,
            progress=import_progress(drawn, batch),
        )
    results().print(_table(report))
    if report.unknown_files:
        names = ", ".join(report.unknown_files[:5])
        typer.echo(f"{len(report.unknown_files)} file(s) of no known source were left alone: {names}.", err=True)


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


def _table(report: ImportReport) -> Table:
    title = f"Batch {report.batch}{' (dry run: nothing was written)' if report.is_dry_run else ''}"
    table = Table("source", *COLUMNS, "", title=title)
    for state, lines in (("imported", report.imported), ("already there", report.unchanged)):
        for line in lines:
            table.add_row(line.source, *(f"{getattr(line, name):,}" for name in COLUMNS), state)
    return table


COLUMNS = ("read", "accepted", "rejected", "filtered", "appeared", "withdrawn")


def rejects(
    batch: Annotated[str, typer.Option(help="Key of the batch, YYMM.")],
    lake: LakeOption = DEFAULT_LAKE,
    export: Annotated[Path | None, typer.Option(help="Write every reject to this CSV file.")] = None,
) -> None:
    """Count rejected rows."""
    opened, key = open_lake(lake), parse_batch_key(batch)
    if not any(key in staged_batches(opened, source) for source in SOURCES):
        raise StageError(f"Batch {batch} was not imported into {opened.root}.", todo="Run `signaux import` first.")
    table = Table("source", "fault", "rows", title=f"Rejects of batch {batch}")
    found = []
    for folder in sorted((opened.root / "staged").glob("*")):
        path = opened.staged(folder.name, key) / "rejects.parquet"
        if path.is_file():
            rows = pq.read_table(path)
            found.append(rows)
            for fault, count in sorted(Counter(rows["fault"].to_pylist()).items()):
                table.add_row(folder.name, fault, f"{count:,}")
    results().print(table)
    if export:
        try:
            pc.write_csv(pa.concat_tables(found), export)
        except OSError as error:
            raise InputError(
                f"{export} cannot be written: {error.strerror or 'refused'}.",
                todo="Give --export a file in a folder that exists.",
            ) from None
        typer.echo(f"{sum(len(t) for t in found)} rejects written to {export}")
