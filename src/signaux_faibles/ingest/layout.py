"""Check that what was staged has the columns that the sources declare now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.ingest.manifest import read_manifest, schema_hash
from signaux_faibles.ingest.versions import staged_deliveries
from signaux_faibles.lake import Lake
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES


def check_layout(lake: Lake, as_of: int | Delivery, *, sources: Iterable[str] = SOURCES) -> None:
    """Refuse staged files written for another layout of their source, by an earlier version of the code.

    Parameters
    ----------
    as_of : int or Delivery
        Month of the last batch looked at, sub-batches included, or the delivery before which they are looked at.
    sources : iterable of str

    Raises
    ------
    LakeError
        With the source, the batch, the columns and what to do, for the first file found.
    """
    for name in sources:
        staged = staged_deliveries(lake, name)
        for batch in staged:
            if batch < as_of if isinstance(as_of, Delivery) else batch.month <= as_of:
                _check_batch(lake, SOURCES[name], batch, is_last=batch == staged[-1])


def _check_batch(lake: Lake, source: Source, batch: Delivery, *, is_last: bool) -> None:
    folder = lake.staged(source.name, batch)
    faults = [fault for part in sorted(folder.glob("part-*.parquet")) for fault in _faults(source, part)]
    if not faults and read_manifest(folder).schema_hash == schema_hash(source):
        return
    told = faults[0] if faults else "its manifest names other columns than those of its files"
    todo = f"Import it again: `signaux import RAW --batch {batch.key} --only {source.name} --force`."
    if not is_last:  # each batch holds what changed since the one before: replacing one would break the next
        todo = "Later batches were compared with it: import the batches again, in order, into a new lake."
    raise LakeError(
        f"{source.name}, batch {batch.key}: {told}. It was imported by another version of the code.", todo=todo
    )


def _faults(source: Source, part: Path) -> list[str]:
    """What is wrong with the columns of a file, the columns named."""
    found = {field.name: field.type for field in pq.read_schema(part)}
    declared = {column.name: column.kind.arrow for column in source.staged}
    wrong = [name for name in declared if name in found and found[name] != declared[name]]
    kinds = ", ".join(f"{name} ({found[name]} instead of {declared[name]})" for name in wrong)
    sentences = {
        "without the column(s) ": ", ".join(name for name in declared if name not in found),
        "with column(s) of another type: ": kinds,
        "with column(s) no longer declared: ": ", ".join(name for name in found if name not in declared),
    }
    return [f"{part.name} is {start}{names}" for start, names in sentences.items() if names]
