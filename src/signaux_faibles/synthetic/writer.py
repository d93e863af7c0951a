"""Write the files of the batches and the truth, piece by piece, in the order of the blocks."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.periode import batch_key
from signaux_faibles.synthetic import deflate, truth
from signaux_faibles.synthetic.block import World
from signaux_faibles.synthetic.deflate import Piece, make_piece
from signaux_faibles.synthetic.delivery import WITH_BOM, WITH_TRUNCATED_END, Delivery, Order
from signaux_faibles.synthetic.files.raw_file import RawFile


@dataclass
class OpenFile:
    """A file being written: its stream and the running length and checksum of its content."""

    stream: BinaryIO
    size: int = 0
    checksum: int = 0
    rows: int = 0
    last_line: bytes = b""

    def append(self, piece: Piece) -> None:
        """Add a piece at the end."""
        self.stream.write(piece.data)
        self.checksum = deflate.combine(self.checksum, piece.checksum, piece.size) if piece.size else self.checksum
        self.size += piece.size
        self.rows += piece.rows


@dataclass
class BatchWriter:
    """Open files of a group of batches. Use it as a context: files get their end when it closes."""

    folder: Path
    world: World
    order: Order
    rows: dict[str, int] = field(default_factory=dict)
    _files: dict[tuple[int, str], OpenFile] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for batch in self.order.batches:
            for file in self.order.files:
                self._files[batch, file.name] = self._open(batch, file)
        return self

    def _open(self, batch: int, file: RawFile) -> OpenFile:
        """Start a file: folder, gzip header, byte order mark, header line."""
        folder = self.folder / batch_key(self.world.first_month + batch)
        folder.mkdir(parents=True, exist_ok=True)
        stream = self._stack.enter_context((folder / file.name_of(self.world, batch)).open("wb"))
        opened = OpenFile(stream)
        if file.gzipped:
            stream.write(deflate.HEADER)
        mark = b"\xef\xbb\xbf" if self.order.dirt and file.name == WITH_BOM else b""
        line = mark + f"{file.header(self.world, batch)}\n".encode(file.encoding)
        opened.append(make_piece(line, compressed=file.gzipped))
        opened.rows = 0
        return opened

    def write(self, delivery: Delivery) -> None:
        """Append what a block contributes."""
        for key, piece in delivery.pieces.items():
            opened = self._files[key]
            opened.append(piece)
            if key[1] == WITH_TRUNCATED_END and piece.rows:
                opened.last_line = piece.data.rstrip(b"\n").rsplit(b"\n", 1)[-1]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for (batch, name), opened in self._files.items():
                file = next(file for file in self.order.files if file.name == name)
                self._finish(file, opened)
                if batch == self.order.last_batch:
                    self.rows[file.name_of(self.world, batch)] = opened.rows
        self._stack.close()

    def _finish(self, file: RawFile, opened: OpenFile) -> None:
        """End a file: trailer line, truncated line, gzip end."""
        if file.trailer:
            opened.stream.write(f"{file.trailer.format(count=opened.rows)}\n".encode(file.encoding))
        if self.order.dirt and file.name == WITH_TRUNCATED_END and opened.last_line:
            opened.stream.write(opened.last_line[: opened.last_line.index(b",") + 6])
            opened.rows += 1
        if file.gzipped:
            opened.stream.write(deflate.trailer(opened.checksum, opened.size))


class TruthWriter:
    """Parquet tables of the truth, one row group per block. Use it as a context: tables are finished when it closes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._health = pq.ParquetWriter(folder / "health.parquet", truth.HEALTH_SCHEMA, compression="zstd")
        self._failures = folder / "failures.parquet"
        self._tables: list[pa.Table] = [truth.FAILURES_SCHEMA.empty_table()]

    @property
    def failures(self) -> int:
        """Proceedings written so far."""
        return sum(len(table) for table in self._tables)

    def write(self, delivery: Delivery) -> None:
        """Append what a block contributes."""
        if delivery.health is not None and delivery.failures is not None:
            self._health.write_table(delivery.health)
            self._tables.append(delivery.failures)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._health.close()
        pq.write_table(pa.concat_tables(self._tables), self._failures, compression="zstd")


def refuse_used_folder(out: Path) -> bool:
    """Whether a folder already holds something."""
    return out.exists() and any(out.iterdir())
