"""Records of a Parquet file, every value written as a text file would write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.records import Record

BATCH_ROWS = 16_384


class ParquetRecords:
    """The rows of a file in order; the first record is the header, as in a text file.

    Raises
    ------
    InputError
        If the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records = self._read()

    def next(self) -> Record | None:
        """Next record; None at the end."""
        return next(self._records, None)

    def _read(self) -> Iterator[Record]:
        try:
            with pq.ParquetFile(self._path) as file:
                yield Record([name.encode() for name in file.schema_arrow.names], 1)
                line = 1
                for batch in file.iter_batches(BATCH_ROWS):
                    columns = [_texts(column) for column in batch.columns]
                    for cells in zip(*columns, strict=True):
                        line += 1
                        yield Record(list(cells), line)
        except (pa.ArrowException, OSError):
            raise _damaged(self._path) from None


def _damaged(path: Path) -> InputError:
    return InputError(
        f"{path.name}: found a truncated or damaged Parquet file, expected a whole one.", todo="Copy the file again."
    )


def check_pages(path: Path) -> None:
    """Read a whole file, for nothing but to know whether it can be.

    Raises
    ------
    InputError
        If it is damaged.
    """
    try:
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches(BATCH_ROWS):
                pass
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None


def _texts(column: pa.Array) -> list[bytes]:
    """Values as a text file has them: nothing for NULL, days in ISO form, booleans in full."""
    text = pc.strftime(column, format="%Y-%m-%d") if pa.types.is_timestamp(column.type) else column.cast(pa.string())
    return [(value or "").encode() for value in text.to_pylist()]
