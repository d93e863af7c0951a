"""Rows of a panel as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake
from signaux_faibles.target import target_folder

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Matrix:
    """Rows (siren, month), sorted by them.

    Parameters
    ----------
    siren : array of str, shape (n,)
    month : array of int, shape (n,)
    values : array of float32, shape (n, p)
        NaN where missing.
    failure : array of float32, shape (n,)
        1, 0, or NaN when unknown or in a proceeding.
    is_in_proceeding : array of bool, shape (n,)
        A proceeding is in force, whether or not it was known at the time.
    effectif_count : array of float32, shape (n,)
        Last known headcount, NaN if unknown.
    """

    siren: npt.NDArray[np.object_]
    month: npt.NDArray[np.int32]
    values: Floats
    failure: Floats
    is_in_proceeding: npt.NDArray[np.bool_]
    effectif_count: Floats

    def __len__(self) -> int:
        return len(self.month)


def read_matrix(engine: Engine, lake: Lake, as_of: int, features: Sequence[str], where: str) -> Matrix:
    """Rows of a panel's features and labels that satisfy a condition on (siren, month).

    Raises
    ------
    StageError
        If the features or the labels were not built.
    """
    features_files, labels = current_features(lake, as_of), sorted(target_folder(lake, as_of).glob("part-*.parquet"))
    if not labels:
        raise StageError(
            f"No labels for the panel as of {format_month(as_of)} in {lake.root}.",
            todo=f"Build them with `signaux panel --as-of {format_month(as_of)}`.",
        )
    columns = ", ".join(f"CAST({name} AS FLOAT) AS {name}" for name in features)
    table = engine.arrow(f"""
        SELECT f.siren AS siren, f.month AS month, t.failure AS failure, t.is_in_proceeding AS is_in_proceeding,
            CAST(f.effectif_count AS FLOAT) AS headcount, {columns}
        FROM (SELECT * FROM {parquet_sql(features_files)} WHERE {where}) AS f
        JOIN (SELECT * FROM {parquet_sql(labels)} WHERE {where}) AS t
            ON t.siren = f.siren AND t.month = f.month
        ORDER BY siren, month""")
    values = np.empty((table.num_rows, len(features)), np.float32)
    for rank, name in enumerate(features):
        values[:, rank] = table.column(name).to_numpy()
    return Matrix(
        siren=table.column("siren").to_numpy(),
        month=table.column("month").to_numpy().astype(np.int32),
        values=values,
        failure=table.column("failure").to_numpy().astype(np.float32),
        is_in_proceeding=table.column("is_in_proceeding").to_numpy(zero_copy_only=False).astype(bool),
        effectif_count=table.column("headcount").to_numpy().astype(np.float32),
    )
