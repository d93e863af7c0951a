"""Write the documents of a file as rows of raw cells, for SQL to read as those of any other file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from signaux_faibles.ingest.documents import flattened
from signaux_faibles.ingest.found import LineFault, Records
from signaux_faibles.ingest.header import Header
from signaux_faibles.schema.source import Source

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
    with clean.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter=source.separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for item in flattened(source, path, progress=progress):
            records.rows += 1
            records.transcoded += item.is_transcoded
            if item.fault is not None:
                records.faults.add(LineFault(item.line, item.fault, item.found, item.expected))
                continue
            records.starts.add(records.clean, item.line)
            records.clean += 1
            cells = item.cells
            values = [""] * len(columns) if cells is None else [cells.get(name, "") for name in columns]
            rows.writerow([*values, "1" if cells is None else ""])
    return records
