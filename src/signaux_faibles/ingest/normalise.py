"""Make a clean file of records out of a raw file, whatever holds it; every line is accounted for.

Text is decoded and cut (`cutter`); documents are made rows of raw cells (`documents`); a Parquet file is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.cutter import MAX_LINE_BYTES, Cutter
from signaux_faibles.ingest.decoding import text_blocks
from signaux_faibles.ingest.flatten import flatten
from signaux_faibles.ingest.found import Records
from signaux_faibles.ingest.header import read_header
from signaux_faibles.ingest.opening import PARQUET, container_of
from signaux_faibles.schema.source import Source

Tell = Callable[[int, int], None]
"""Receives the bytes of the file read so far and the rows found."""


def normalise(source: Source, path: Path, clean: Path, *, progress: Tell | None = None) -> Records:
    """Write the records of a raw file to a clean file.

    Parameters
    ----------
    progress : callable, optional
        Called after each block with the bytes of the file read so far and the rows found.

    Raises
    ------
    InputError
        If the file has no header, is not what its source can be, or its header is not that of the source.
    """
    container = container_of(path)
    if container == PARQUET:
        return _parquet(source, path, progress)
    if source.flatten is not None:
        return flatten(source, path, clean, container=container, progress=progress)
    return _text(source, path, clean, container=container, progress=progress)


def _text(source: Source, path: Path, clean: Path, *, container: str, progress: Tell | None) -> Records:
    records = Records(clean, container=container, encoding=source.encoding)
    with clean.open("wb") as stream:
        cutter = Cutter(source, path.name, records, stream)
        carry = b""
        for block, position in text_blocks(path, records):
            carry = cutter.take(carry + block, is_last=False)
            if len(carry) > 16 * MAX_LINE_BYTES:
                raise InputError(f"{path.name}: found no line, expected a text file.", todo="Check what this file is.")
            if progress is not None:
                progress(position, records.rows)
        cutter.take(carry, is_last=True)
    if records.header is None:
        raise InputError(f"{path.name}: the file is empty, expected a header line.", todo="Copy the file again.")
    return records


def _parquet(source: Source, path: Path, progress: Tell | None) -> Records:
    if PARQUET not in source.formats:
        raise InputError(
            f"{path.name}: found Parquet, expected text.", todo=f"Ask {source.producer} for the text file."
        )
    try:
        metadata = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        raise InputError(
            f"{path.name}: found a truncated or damaged Parquet file, expected a whole one.",
            todo="Copy the file again.",
        ) from None
    names = tuple(metadata.schema.to_arrow_schema().names)
    header = read_header(source, names, path.name)
    rows = metadata.num_rows
    records = Records(path, header, rows, rows, container=PARQUET)
    records.starts.add(0, 1)
    if progress is not None:
        progress(path.stat().st_size, rows)
    return records
