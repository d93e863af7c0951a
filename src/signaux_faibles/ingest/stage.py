"""Read the files of one source, compare them with the lake, write the difference: an import, source by source.

The order is fixed: clean files, `typed` rows, faults, `fresh` rows, `appeared` and `withdrawn` rows, then the folder.
What decides whether a delivery may enter the lake stands between the last two, in the importer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, as_delivery
from signaux_faibles.domain.errors import InputError
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.difference import compare, freshness, write_difference
from signaux_faibles.ingest.found import Records
from signaux_faibles.ingest.normalise import normalise
from signaux_faibles.ingest.staging import checks_of, load
from signaux_faibles.ingest.tally import (
    count_rows,
    emptied_cells,
    filtered_rows,
    make_faults,
    make_fresh,
    mark,
    rejected_rows,
    write_faults,
)
from signaux_faibles.lake import Lake
from signaux_faibles.schema.source import Source

MEMORY_LIMIT = "1300MB"
"""Of the engine; the whole process stays under 2 GB, whatever the size of the files."""

Tell = Callable[[Path, int, int], None]
"""Receives the file under way, the bytes of it read so far, and the rows found in it."""


@dataclass(frozen=True)
class Reading:
    """A source as its files tell it, beside what the lake held: counts, and the tables of the engine.

    Parameters
    ----------
    engine : Engine
        Holds `typed` (every record), the views `kept` (records accepted) and `fresh` (their rows), `appeared`,
        `withdrawn`, `rejects`.
    records : list of Records
        One per file.
    counts : dict of str to int
        `read`, `accepted`, `rejected`, `filtered`, `fakes`, `transcoded` rows of the files.
    moved : dict of str to int
        `staged`, `appeared`, `withdrawn`, `alive` (before this batch), `repeated` rows of the lake.
    freshness_month : int or None
        Last month informed.
    first_row_id : int
        Number of the first row that appeared.
    """

    source: Source
    engine: Engine
    records: list[Records]
    counts: dict[str, int]
    moved: dict[str, int]
    freshness_month: int | None
    first_row_id: int = 0

    def rejected_rows(self) -> dict[str, int]:
        """Faults that rejected a row, by class; a row may have several."""
        return rejected_rows(self.engine)

    def emptied_cells(self) -> dict[str, int]:
        """Faults that emptied a cell of a row that was kept, by class."""
        return emptied_cells(self.engine)

    def filtered_rows(self) -> dict[str, int]:
        """Rows left out on purpose, by reason."""
        return filtered_rows(self.engine, self.source)

    def write(self, folder: Path) -> None:
        """Write the rows that appeared, those withdrawn, and the rejects."""
        write_difference(self.engine, self.source, folder, first_row_id=self.first_row_id)
        write_faults(self.engine, folder / "rejects.parquet")


@contextmanager
def read_source(
    lake: Lake, source: Source, files: Sequence[Path], *, batch: int | Delivery, scratch: Path, tell: Tell | None = None
) -> Iterator[Reading]:
    """Read the files of a source; the tables live until the context ends.

    Parameters
    ----------
    batch : int or Delivery
        The batch, by its month or its key: what earlier batches staged is what the files are compared with.
    scratch : Path
        Folder for clean files and for what does not fit in memory.

    Raises
    ------
    InputError
        If a file cannot be used.
    """
    if lake.is_compat:
        source = source.as_reference()
    records = [_normalise(source, path, scratch / f"{rank}.csv", tell) for rank, path in enumerate(files)]
    with Engine(scratch / "engine", memory_limit=MEMORY_LIMIT) as engine:
        checks = checks_of(source)
        firsts = load(engine, source, checks, records, is_compat=lake.is_compat)
        for record in records:
            record.remove_clean()
        mark(engine, source, checks, is_synthetic=lake.is_synthetic)
        make_fresh(engine, source, sorted({month for r in records if r.header for month in r.header.months}))
        make_faults(engine, source, checks, records, firsts, [path.name for path in files])
        counts = count_rows(engine, source, records)
        if source.is_all_or_nothing and (counts["rejected"] or not counts["accepted"]):
            raise InputError(
                f"{source.name}: found {counts['accepted']} right row(s) and {counts['rejected']} wrong one(s), "
                "expected at least one, all right.",
                todo="Correct the file: such a list counts as a whole.",
            )
        moved = compare(engine, lake, source, batch)
        last = freshness(engine, source, batch)
        yield Reading(source, engine, records, counts, moved, last, as_delivery(batch).first_row_id)


def _normalise(source: Source, path: Path, clean: Path, tell: Tell | None) -> Records:
    if tell is None:
        return normalise(source, path, clean)
    return normalise(source, path, clean, progress=lambda done, rows: tell(path, done, rows))
