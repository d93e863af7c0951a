"""Features of the companies of a list, read beside their scores: for the flags and the expert rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.features.build import built_set, current_features
from signaux_faibles.features.sets import feature_set
from signaux_faibles.lake import Lake


def built_features(lake: Lake, month: int) -> frozenset[str]:
    """Features that the panel of a month has, none when it was not made by the catalogue in force."""
    name = built_set(lake, month)
    return frozenset(feature_set(name)) if name else frozenset()


def read_month_values(
    lake: Lake, month: int, siren: Sequence[str], names: Sequence[str]
) -> dict[str, npt.NDArray[np.float64]]:
    """Values of some features at a month, NaN where missing, in the order of the companies.

    Parameters
    ----------
    siren : sequence of str, length n
        Companies in perimeter that month, sorted.

    Raises
    ------
    StageError
        If the panel has not these features, or other companies.
    """
    files = current_features(lake, month, names=names, first=month, last=month)
    columns = ["siren", *names]
    parts = [pq.read_table(path, columns=columns, filters=[("month", "==", month)]) for path in files]
    table = pa.concat_tables(parts, promote_options="default").sort_by("siren")
    if table.column("siren").to_pylist() != list(siren):
        raise StageError(
            f"The features of {format_month(month)} are of {table.num_rows:,} companies, its scores of {len(siren):,}.",
            todo=f"Score it again with `signaux score --as-of {format_month(month)} --force`.",
        )
    return {name: table.column(name).to_numpy().astype(np.float64) for name in names}
