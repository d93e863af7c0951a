"""Write the documents of a file as rows of raw cells, for SQL to read as those of any other file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.documents import Flattened, flattened
from signaux_faibles.ingest.found import MAX_ROWS_BY_RECORD, LineFault, Records
from signaux_faibles.ingest.header import Header
from signaux_faibles.schema.source import Fault, Source

MAX_CHARACTERS = 1 << 20
"""Of the cells of a document: quotes doubled and in UTF-8, they still make a line that the engine takes."""

OTHER = "_other"
"""Name of the cell that is `1` for a document that is not of the source."""


def flatten(
    source: Source, path: Path, clean: Path, *, container: str, progress: Callable[[int, int], None] | None = None
) -> Records:
    """Write one row per document: the cells that the source declares, and one that says that it is of something else.

    Raises
    ------
    InputError
        If the file is not made of documents of the source.
    """
    columns = [column.name for column in source.raw_columns]
    names = (*columns, OTHER)
    header = Header(names, {name: rank for rank, name in enumerate(names)}, {})
    records = Records(clean, header, container=container, has_quotes=True, has_newlines=True)
    others = 0
    with clean.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter=source.separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for item in flattened(source, path, progress=progress):
            records.rows += 1
            fault = _fault(source, item)
            if fault is not None:
                _add(records, fault, path.name)
                continue
            records.transcoded += item.is_transcoded
            records.starts.add(records.clean, item.line)
            records.clean += 1
            cells = item.cells
            values = [""] * len(columns) if cells is None else [cells.get(name, "") for name in columns]
            rows.writerow([*values, "1" if cells is None else ""])
            others += cells is None
    if records.rows and others == records.rows:
        raise InputError(
            f"{path.name}: none of its {others:,} documents is one of {source.name}.", todo="Check what this file is."
        )
    return records


def _fault(source: Source, item: Flattened) -> LineFault | None:
    """Why a document makes no row, if it does not."""
    if item.fault is not None:
        return LineFault(item.line, item.fault, item.found, item.expected)
    cells = item.cells or {}
    expected = ""
    if sum(map(len, cells.values())) > MAX_CHARACTERS:
        expected = f"au plus {MAX_CHARACTERS} caractères"
    elif source.explodes and len(cells.get(source.explodes, "").split()) > MAX_ROWS_BY_RECORD:
        expected = f"au plus {MAX_ROWS_BY_RECORD} entreprises"
    return LineFault(item.line, Fault.DOCUMENT, "", expected) if expected else None


def _add(records: Records, fault: LineFault, name: str) -> None:
    try:
        records.faults.add(fault)
    except InputError as error:
        raise InputError(f"{name}: {error.message}", todo=error.todo) from None
