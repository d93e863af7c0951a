"""Clean tables exported from lakes made by hand, read back as rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lakes import Row, day, m, new_lake, stage
from signaux_faibles.lake import Lake
from signaux_faibles.pipeline.export import Reading, export

AS_OF = m("2026-10")
A, B = "10000000000011", "10000000100011"
"""Two establishments of two invented companies."""


def lake_with(root: Path, batch: str = "2026-10", **sources: list[Row]) -> Lake:
    """A lake of one batch; `known_from` does not matter to the clean tables, `siren` comes from the SIRET."""
    lake = new_lake(root)
    add(lake, batch, **sources)
    return lake


def add(lake: Lake, batch: str, **sources: list[Row]) -> None:
    """One more batch."""
    for source, rows in sources.items():
        full = [{"known_from": day("2000-01-31"), **_siren_of(row), **row} for row in rows]
        stage(lake, source, m(batch), full)


def _siren_of(row: Row) -> Row:
    return {"siren": row["siret"][:9]} if "siret" in row else {}


def cleaned(lake: Lake, table: str, *, as_of: int = AS_OF, has_filter: bool = False, **choices: Any) -> list[Row]:
    """Rows of a clean table, of every company unless told otherwise."""
    folder = lake.root.with_name(f"{lake.root.name}-clean")
    reading = Reading.chosen(as_of, has_filter=has_filter, **choices)
    export(lake, folder, as_of, reading=reading, only=[table])
    rows: list[Row] = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return rows


def columns(rows: list[Row], *names: str) -> list[tuple[Any, ...]]:
    """Some columns of rows, as tuples; dates as texts."""
    return [tuple(str(row[n]) if isinstance(row[n], date) else row[n] for n in names) for row in rows]
