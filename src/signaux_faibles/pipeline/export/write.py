"""Write the clean tables to a folder, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from signaux_faibles import __version__
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, format_month
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.layout import check_layout
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.layout import EXACT, REFERENCE
from signaux_faibles.lake.lock import writing
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.pipeline.export.catalogue import VIEWS
from signaux_faibles.pipeline.export.labels import register_labels
from signaux_faibles.pipeline.export.reading import Reading
from signaux_faibles.pipeline.export.staged import check_batches, make_perimeter, make_staged
from signaux_faibles.pipeline.export.target import check_target, refused_writes
from signaux_faibles.pipeline.export.view import View
from signaux_faibles.sources import SOURCES

FORMAT = "signaux-export"
FORMAT_VERSION = 1
MANIFEST_NAME = "manifest.json"

Progress = Callable[[int, int, str], None]
"""Receives the tables done, their total, and the name of the one that begins."""


@dataclass(frozen=True)
class Export:
    """What was written: rows of each table, in order."""

    folder: Path
    as_of: int
    rows: dict[str, int]


def export(
    lake: Lake,
    folder: Path,
    as_of: int,
    *,
    reading: Reading | None = None,
    only: Sequence[str] = (),
    progress: Progress | None = None,
) -> Export:
    """Write clean tables as Parquet files, with a manifest.

    The folder is replaced at once when every table is written; until then, and after any failure, the one that was
    there stays as it was.

    Parameters
    ----------
    folder : Path
        Absent, empty, or an export made earlier; anything else is left alone.
    as_of : int
        Month of the last batch read.
    only : sequence of str
        Names of the tables; all of them when empty.

    Raises
    ------
    InputError
        If a table has no such name, or the folder holds something else.
    StageError
        If the lake does not reach the month, or nothing says which companies are requested.
    """
    reading = reading or Reading.chosen(as_of)
    views = _chosen(only)
    check_batches(lake, as_of)
    check_layout(lake, as_of)
    started, folder = time.monotonic(), folder.resolve()
    with writing(lake), refused_writes(folder):
        recover_folder(folder)
        check_target(folder, MANIFEST_NAME, FORMAT)
        with Engine(lake.scratch / "export") as engine, write_folder(folder) as temporary:
            _prepare(engine, lake, as_of, reading, views)
            tables = {}
            for rank, view in enumerate(views):
                if progress:
                    progress(rank, len(views), view.name)
                tables[view.name] = _write(engine, view, reading, temporary)
            manifest = _manifest(lake, as_of, reading, tables)
            (temporary / MANIFEST_NAME).write_text(manifest, encoding="utf-8")
        shutil.rmtree(lake.scratch / "export", ignore_errors=True)
        rows = {name: int(str(table["rows"])) for name, table in tables.items()}
        append_journal(lake, "export", format_month(as_of), seconds=time.monotonic() - started, details={"rows": rows})
    return Export(folder, as_of, rows)


def inputs_sha256(lake: Lake, as_of: int) -> str:
    """Hash of the manifests of every staged batch up to a month."""
    digest = hashlib.sha256()
    for source in SOURCES:
        for delivery in staged_deliveries(lake, source):
            if delivery.month <= as_of:
                digest.update(f"{source}/{delivery.key}".encode())
                digest.update((lake.staged(source, delivery) / "manifest.json").read_bytes())
    return digest.hexdigest()


def _chosen(only: Sequence[str]) -> list[View]:
    unknown = sorted(set(only) - set(VIEWS))
    if unknown:
        raise InputError(f"No clean table is called {', '.join(unknown)}.", todo=f"Choose among {', '.join(VIEWS)}.")
    return [view for view in VIEWS.values() if not only or view.name in only]


def _prepare(engine: Engine, lake: Lake, as_of: int, reading: Reading, views: Sequence[View]) -> None:
    needed = {source for view in views for source in view.sources}
    register_labels(engine)
    make_staged(engine, lake, as_of, needed)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE months AS "
        f"SELECT CAST(range AS INTEGER) AS month FROM range({FIRST_PANEL_MONTH}, {as_of + 1})"
    )
    make_perimeter(engine, lake, as_of, reading)


def _write(engine: Engine, view: View, reading: Reading, folder: Path) -> dict[str, object]:
    """Write one table under a temporary name, then its own; describe it."""
    sql, path = view.sql(reading), folder / f"{view.name}.parquet"
    temporary = folder / f".{path.name}.tmp"
    rows = engine.write_parquet(sql, temporary)
    temporary.rename(path)
    with path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "file": path.name,
        "rows": rows,
        "sha256": content,
        "sql_sha256": hashlib.sha256(sql.encode()).hexdigest(),
        "columns": [{"name": c.name, "type": c.kind.value, "unit": c.unit, "label": c.label} for c in view.columns],
    }


def _manifest(lake: Lake, as_of: int, reading: Reading, tables: dict[str, dict[str, object]]) -> str:
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "code_version": __version__,
        "is_synthetic": lake.is_synthetic,
        "lake_profile": lake.profile,
        "lake_reading": REFERENCE if lake.is_compat else EXACT,
        "as_of": format_month(as_of),
        "parameters": asdict(reading),
        "inputs_sha256": inputs_sha256(lake, as_of),
        "tables": tables,
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
