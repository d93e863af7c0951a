"""Check that what was staged is whole, and has the columns that the sources declare now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.ingest.manifest import SourceReport, read_manifest, schema_hash
from signaux_faibles.ingest.versions import batch_error, staged_deliveries, staged_parts
from signaux_faibles.lake import Lake
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES


def check_layout(lake: Lake, as_of: int | Delivery, *, sources: Iterable[str] = SOURCES) -> None:
    """Refuse staged files written for another layout of their source, damaged, or compared with others now lost.

    Parameters
    ----------
    as_of : int or Delivery
        Month of the last batch looked at, sub-batches included, or the delivery before which they are looked at.
    sources : iterable of str

    Raises
    ------
    LakeError
        With the source, the batch, what is wrong and what to do, for the first batch found.
    """
    for name in sources:
        rows_count = 0
        for batch in staged_deliveries(lake, name):
            if batch < as_of if isinstance(as_of, Delivery) else batch.month <= as_of:
                report = _check_batch(lake, SOURCES[name], batch)
                _check_earlier(report, rows_count)
                rows_count += report.appeared - report.withdrawn


def _check_batch(lake: Lake, source: Source, batch: Delivery) -> SourceReport:
    folder, name = lake.staged(source.name, batch), f"{source.name}, batch {batch.key}"
    faults = [fault for part in staged_parts(folder) for fault in _faults(source, part.name, _read_schema(part, name))]
    report = None if faults else read_manifest(folder)
    if report is None or report.schema_hash != schema_hash(source):
        told = faults[0] if faults else "its manifest names other columns than those of its files"
        raise batch_error(folder, f"{name}: {told}. It was imported by another version of the code")
    if report.withdrawn:
        _read_schema(folder / "withdrawn.parquet", name)
    return report


def _check_earlier(report: SourceReport, rows_count: int) -> None:
    """Refuse a batch compared with other rows than those that the batches before it left standing.

    A manifest without that count tells nothing.
    """
    if report.alive and report.alive != rows_count:
        raise LakeError(
            f"{report.source}, batch {report.batch}: it was compared with {report.alive:,} row(s), and the batches "
            f"before it hold {rows_count:,}: one of them is lost.",
            todo="Restore its folder from a copy, or import the batches again, in order, into a new lake.",
        )


def _read_schema(path: Path, name: str) -> pa.Schema:
    try:
        return pq.read_schema(path)
    except (pa.ArrowException, OSError):
        raise batch_error(path.parent, f"{name}: {path.name} cannot be read as Parquet") from None


def _faults(source: Source, part: str, schema: pa.Schema) -> list[str]:
    """What is wrong with the columns of a file, the columns named."""
    found = {field.name: field.type for field in schema}
    declared = {column.name: column.kind.arrow for column in source.staged}
    wrong = [name for name in declared if name in found and found[name] != declared[name]]
    kinds = ", ".join(f"{name} ({found[name]} instead of {declared[name]})" for name in wrong)
    sentences = {
        "without the column(s) ": ", ".join(name for name in declared if name not in found),
        "with column(s) of another type: ": kinds,
        "with column(s) no longer declared: ": ", ".join(name for name in found if name not in declared),
    }
    return [f"{part} is {start}{names}" for start, names in sentences.items() if names]
