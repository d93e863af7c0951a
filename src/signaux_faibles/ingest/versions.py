"""Read a source as a log of versions: which rows were known, and until when."""

from __future__ import annotations

import json
from pathlib import Path

from signaux_faibles.domain.delivery import MAX_RANK, Delivery, parse_delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.engine import parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.sources import SOURCES


def staged_batches(lake: Lake, source: str) -> list[int]:
    """Months for which something of a source is staged, oldest first; a batch and its sub-batches make one month."""
    return sorted({delivery.month for delivery in staged_deliveries(lake, source)})


def staged_deliveries(lake: Lake, source: str) -> list[Delivery]:
    """Batches and sub-batches of a source, oldest first.

    A folder appears whole: one that lost a file since is among them, so that what reads it refuses it.
    """
    folders = lake.staged(source).glob("batch=*")
    return sorted(parse_delivery(path.name.removeprefix("batch=")) for path in folders)


def batch_error(folder: Path, fault: str) -> LakeError:
    """Error of a staged batch that was damaged: what is wrong, and what to do.

    Only the last batch of its source may be imported again: the others were compared with it.
    """
    todo = (
        "Later batches were compared with it: restore its folder from a copy, or import the batches again, in order, "
        "into a new lake."
    )
    if folder.name >= max((path.name for path in folder.parent.glob("batch=*")), default=""):
        key, source = folder.name.removeprefix("batch="), folder.parent.name
        todo = f"Import it again: `signaux import RAW --batch {key} --only {source} --force`."
    return LakeError(f"{fault}.", todo=todo)


def manifest_error(folder: Path) -> LakeError:
    """Error of a staged batch whose manifest is lost or damaged."""
    path = folder / "manifest.json"
    return batch_error(folder, f"{path} {'cannot be read as a manifest' if path.exists() else 'is missing'}")


def versions_sql(lake: Lake, source: str, as_of: int | Delivery) -> str:
    """SELECT of every row of a source staged by the batches up to a month.

    A row is alive at month t when `known_month <= t` and (`until_month` is NULL or `until_month > t`).

    Parameters
    ----------
    lake : Lake
    source : str
        Name in `sources.SOURCES`.
    as_of : int or Delivery
        Month of the last batch read, sub-batches included, or the last one read.

    Returns
    -------
    str
        Staged columns, `batch_month` (of the batch that brought the row), `known_month` and `until_month` (of the batch
        that withdrew it, NULL while it stands); no row, but the same columns, when nothing is staged. `batch_month` and
        `row_id` name one row, and order the rows as they were delivered.

    Raises
    ------
    LakeError
        If a batch lost its rows or its manifest.
    """
    declared = SOURCES[source]
    names = ", ".join(f'"{column.name}"' for column in declared.staged)
    last = as_of if isinstance(as_of, Delivery) else Delivery(as_of, MAX_RANK)
    batches = [batch for batch in staged_deliveries(lake, source) if batch <= last]
    if not batches:
        nulls = ", ".join(f'CAST(NULL AS {column.kind.value}) AS "{column.name}"' for column in declared.staged)
        months = ", ".join(f"CAST(NULL AS INTEGER) AS {name}" for name in ("batch_month", "known_month", "until_month"))
        return f"SELECT {nulls}, {months} WHERE 1 = 0"
    parts = " UNION ALL ".join(
        f"SELECT {names}, CAST({batch.month} AS INTEGER) AS batch_month "
        f"FROM {parquet_sql(staged_parts(lake.staged(source, batch)))}"
        for batch in batches
    )
    known = "CAST(date_part('year', known_from) * 12 + date_part('month', known_from) - 1 AS INTEGER)"
    withdrawing = [batch for batch in batches if _withdrawn_count(lake, source, batch)]
    if not withdrawing:
        nothing = "CAST(NULL AS INTEGER) AS until_month"
        return f"SELECT {names}, batch_month, {known} AS known_month, {nothing} FROM ({parts}) part"
    withdrawn = " UNION ALL ".join(
        f"SELECT row_batch, row_id AS withdrawn_id, CAST({batch.month} AS INTEGER) AS until_month "
        f"FROM {parquet_sql([lake.staged(source, batch) / 'withdrawn.parquet'])}"
        for batch in withdrawing
    )
    return (
        f"SELECT {names}, batch_month, {known} AS known_month, until_month FROM ({parts}) part "
        f"LEFT JOIN ({withdrawn}) gone ON gone.row_batch = part.batch_month AND gone.withdrawn_id = part.row_id"
    )


def staged_parts(folder: Path) -> list[Path]:
    """Files of the rows of a batch.

    Raises
    ------
    LakeError
        If there is none: a batch without rows has an empty one.
    """
    if not (parts := sorted(folder.glob("part-*.parquet"))):
        raise batch_error(folder, f"{folder} holds no file part-*.parquet")
    return parts


def _withdrawn_count(lake: Lake, source: str, batch: Delivery) -> int:
    """Rows that a batch withdrew, as its manifest says."""
    folder = lake.staged(source, batch)
    try:
        return int(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["withdrawn"])
    except (OSError, ValueError, TypeError, KeyError):
        raise manifest_error(folder) from None
