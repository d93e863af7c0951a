"""Columns computed at loading, beside those of the release: what searching and list cards need."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.release.reader import read_table
from signaux_faibles.web.releases.search import search_key

DEBIT_KINDS = ("debit_ouvriere", "debit_patronale")


def with_derived(name: str, table: pa.Table, folder: Path) -> pa.Table:
    """A table of a release, with its computed columns."""
    if name == "entreprises":
        keys = [search_key(text) for text in table["raison_sociale"].to_pylist()]
        return table.append_column("recherche", pa.array(keys, pa.string()))
    if name == "scores":
        debts = last_debts(read_table(folder, "series"))
        values = [debts.get(siren) for siren in table["siren"].to_pylist()]
        return table.append_column("dette_urssaf_eur", pa.array(values, pa.float64()))
    return table


def last_debts(series: pa.Table) -> dict[str, float]:
    """Last known debt of each company, both parts together; a company whose debt was never known is absent."""
    is_debt = pc.and_(
        pc.is_in(series["kind"], value_set=pa.array(DEBIT_KINDS)), pc.equal(pc.utf8_length(series["id"]), 9)
    )
    kept = series.filter(is_debt).combine_chunks()
    totals: dict[str, float] = {}
    for siren, value in zip(kept["id"].to_pylist(), _last_known(kept["values"]), strict=True):
        if value is not None:
            totals[siren] = totals.get(siren, 0.0) + value
    return totals


def _last_known(column: pa.ChunkedArray) -> list[float | None]:
    """Last value of each list that is not missing."""
    if len(column) == 0:
        return []
    lists = column.combine_chunks()
    offsets, values = np.asarray(lists.offsets), lists.values
    is_known = np.asarray(values.is_valid())
    # At each place, the place of the last known value so far.
    last = np.maximum.accumulate(np.where(is_known, np.arange(len(is_known)), -1)) if len(is_known) else is_known
    numbers = values.to_numpy(zero_copy_only=False)
    found = [last[end - 1] if end > start else -1 for start, end in pairwise(offsets)]
    return [float(numbers[at]) if at >= start else None for at, start in zip(found, offsets[:-1], strict=True)]
