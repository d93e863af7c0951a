"""Recognise a file by its first line, when its name says nothing.

A source is a candidate when every column that it requires is there. Sources whose header proves nothing are never
candidates: those read by position, documents, explicit perimeters, and those that require one column only.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.header import month_of_cell
from signaux_faibles.ingest.opening import PARQUET, blocks_of, container_of
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES

MAX_HEADER_BYTES = 1 << 16


def sources_of_header(path: Path) -> tuple[str, ...]:
    """Sources whose required columns a file holds; none for a file that cannot be read, or is of no source."""
    try:
        return _of_parquet(path) if container_of(path) == PARQUET else _of_text(path)
    except (InputError, OSError):
        return ()


def _of_parquet(path: Path) -> tuple[str, ...]:
    try:
        names = pq.read_schema(path).names
    except pa.ArrowException:
        return ()
    return _closest([source for source in SOURCES.values() if "parquet" in source.formats and _holds(source, names)])


def _of_text(path: Path) -> tuple[str, ...]:
    line = _first_line(path)
    cells = {separator: _cells(line, separator) for separator in {source.separator for source in SOURCES.values()}}
    return _closest(
        [source for source in SOURCES.values() if "text" in source.formats and _holds(source, cells[source.separator])]
    )


def _first_line(path: Path) -> str:
    start = b""
    for block, _ in blocks_of(path):
        start += block[:MAX_HEADER_BYTES]
        if b"\n" in start.lstrip(b"\r\n") or len(start) >= MAX_HEADER_BYTES:
            break
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = start[: len(start) // 2 * 2].decode("utf-16", "replace")
    else:
        text = start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _required(source: Source) -> frozenset[str]:
    return frozenset(column.name.lower() for column in source.raw_columns if not column.is_optional)


def _holds(source: Source, names: list[str]) -> bool:
    if (
        source.flatten
        or source.has_optional_header
        or any(column.position is not None for column in source.raw_columns)
    ):
        return False
    required = _required(source)
    if not source.is_wide and len(required) < 2:
        return False
    has_month = not source.is_wide or any(month_of_cell(name) is not None for name in names)
    return has_month and required <= {name.lower() for name in names}


def _closest(candidates: list[Source]) -> tuple[str, ...]:
    """Candidates, without those that require only a part of what another requires."""
    required = [_required(source) for source in candidates]
    return tuple(s.name for s, mine in zip(candidates, required, strict=True) if not any(mine < o for o in required))
