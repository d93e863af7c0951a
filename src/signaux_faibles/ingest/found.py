"""What a raw file holds: clean records aside, and the account of every line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.header import Header
from signaux_faibles.schema.source import Fault

MAX_LINE_FAULTS = 2_000_000
"""A file with more lines that are no records is not a file of its source."""

MAX_ROWS_BY_RECORD = 1000
"""Rows that one record may make: the months of a wide one, the companies of a notice."""

_CHUNK_ROWS = 65_536


@dataclass(frozen=True)
class LineFault:
    """A line that is not a record."""

    line: int
    fault: Fault
    found: str
    expected: str


class LineFaults:
    """Faults of the lines of a file, in order: packed, since a bad file has millions."""

    SCHEMA = pa.schema(
        [("line", pa.int64()), ("fault", pa.string()), ("found", pa.string()), ("expected", pa.string())]
    )

    def __init__(self) -> None:
        self._packed: list[pa.Table] = []
        self._recent: list[LineFault] = []
        self._count = 0

    def add(self, fault: LineFault) -> None:
        """Add a fault.

        Raises
        ------
        InputError
            If there are too many.
        """
        self._recent.append(fault)
        self._count += 1
        if self._count > MAX_LINE_FAULTS:
            raise InputError(
                f"found more than {MAX_LINE_FAULTS:,} lines that are no records.", todo="Check what this file is."
            )
        if len(self._recent) >= _CHUNK_ROWS:
            self._packed.append(self._pack())
            self._recent = []

    def _pack(self) -> pa.Table:
        rows = self._recent
        columns = [
            [f.line for f in rows],
            [f.fault.value for f in rows],
            [f.found for f in rows],
            [f.expected for f in rows],
        ]
        return pa.table(
            [pa.array(c, type=t.type) for c, t in zip(columns, self.SCHEMA, strict=True)], schema=self.SCHEMA
        )

    def table(self) -> pa.Table:
        """Every fault, one row each."""
        return pa.concat_tables([*self._packed, self._pack()])

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[LineFault]:
        for row in self.table().to_pylist():
            yield LineFault(row["line"], Fault(row["fault"]), row["found"], row["expected"])


class LineStarts:
    """Places of a clean file from which physical lines follow one another: rank of the record, and its line."""

    SCHEMA = pa.schema([("rank", pa.int64()), ("line", pa.int64())])

    def __init__(self) -> None:
        self._ranks: list[int] = []
        self._lines: list[int] = []
        self._packed: list[pa.Table] = []

    def add(self, rank: int, line: int) -> None:
        """Say that the record of a rank stands on a line, and the next ones on the next."""
        self._ranks.append(rank)
        self._lines.append(line)
        if len(self._ranks) >= _CHUNK_ROWS:
            self._packed.append(self._pack())
            self._ranks, self._lines = [], []

    def _pack(self) -> pa.Table:
        columns = [pa.array(column, pa.int64()) for column in (self._ranks, self._lines)]
        return pa.table(columns, schema=self.SCHEMA)

    def table(self) -> pa.Table:
        """Every place, in order."""
        return pa.concat_tables([*self._packed, self._pack()])

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for row in self.table().to_pylist():
            yield row["rank"], row["line"]


@dataclass
class Records:
    """What a raw file holds.

    Parameters
    ----------
    path : Path
        Clean file: UTF-8, one record a line unless a cell holds a newline, no header; or the raw Parquet file itself.
    rows : int
        Records found, right or wrong.
    clean : int
        Records written to `path`.
    trailers : int
        Lines that are not data, by the declaration of the source.
    transcoded : int
        Lines that were not UTF-8 and were read as Windows-1252.
    container, encoding : str
        `gzip`, `zip`, `parquet` or nothing; `utf-8`, `utf-16-le`, `utf-16-be` or the one that the source declares.
    has_mark : bool
        The file begins with a byte order mark.
    crlf : int
        Lines that end as Windows writes them.
    starts : LineStarts
    """

    path: Path
    header: Header | None = None
    rows: int = 0
    clean: int = 0
    trailers: int = 0
    transcoded: int = 0
    container: str = ""
    encoding: str = "utf-8"
    has_mark: bool = False
    crlf: int = 0
    has_quotes: bool = False
    has_newlines: bool = False
    starts: LineStarts = field(default_factory=LineStarts)
    faults: LineFaults = field(default_factory=LineFaults)

    def remove_clean(self) -> None:
        """Remove the clean file, once it is read; a raw file stays."""
        if self.container != "parquet":
            self.path.unlink()
