"""Read a source as a log of versions: which rows were known, and until when."""

from __future__ import annotations

from signaux_faibles.domain.periode import parse_batch_key
from signaux_faibles.engine import parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.sources import SOURCES


def staged_batches(lake: Lake, source: str) -> list[int]:
    """Months of the batches of a source that are whole, oldest first."""
    folders = lake.staged(source).glob("batch=*/manifest.json")
    return sorted(parse_batch_key(path.parent.name.removeprefix("batch=")) for path in folders)


def versions_sql(lake: Lake, source: str, as_of: int) -> str:
    """SELECT of every row of a source staged by the batches up to a month.

    A row is alive at month t when `known_month <= t` and (`until_month` is NULL or `until_month > t`).

    Parameters
    ----------
    lake : Lake
    source : str
        Name in `sources.SOURCES`.
    as_of : int
        Month of the last batch read.

    Returns
    -------
    str
        Staged columns, `batch_month` (batch that brought the row), `known_month` and `until_month` (batch that withdrew
        it, NULL while it stands); no row, but the same columns, when nothing is staged.
    """
    declared = SOURCES[source]
    names = ", ".join(f'"{column.name}"' for column in declared.staged)
    batches = [batch for batch in staged_batches(lake, source) if batch <= as_of]
    if not batches:
        nulls = ", ".join(f'CAST(NULL AS {column.kind.value}) AS "{column.name}"' for column in declared.staged)
        months = ", ".join(f"CAST(NULL AS INTEGER) AS {name}" for name in ("batch_month", "known_month", "until_month"))
        return f"SELECT {nulls}, {months} WHERE 1 = 0"
    parts = " UNION ALL ".join(
        f"SELECT {names}, CAST({batch} AS INTEGER) AS batch_month "
        f"FROM {parquet_sql(sorted(lake.staged(source, batch).glob('part-*.parquet')))}"
        for batch in batches
    )
    withdrawn = " UNION ALL ".join(
        f"SELECT row_batch, row_id AS withdrawn_id, CAST({batch} AS INTEGER) AS until_month "
        f"FROM {parquet_sql([lake.staged(source, batch) / 'withdrawn.parquet'])}"
        for batch in batches
    )
    known = "CAST(date_part('year', known_from) * 12 + date_part('month', known_from) - 1 AS INTEGER)"
    return (
        f"SELECT {names}, batch_month, {known} AS known_month, until_month FROM ({parts}) part "
        f"LEFT JOIN ({withdrawn}) gone ON gone.row_batch = part.batch_month AND gone.withdrawn_id = part.row_id"
    )
