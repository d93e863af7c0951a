"""Rows of a panel as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.engine import SqlEngine, parquet_sql
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners.interface import Floats, Outcome
from signaux_faibles.panel.events import CLOSURE
from signaux_faibles.target.labels import HORIZON_MONTHS, NO_EVENT
from signaux_faibles.target.read import panel_labels_sql

TOLD = ("siren", "month", "failure", "is_in_proceeding", "ahead", "months_observed", "headcount")
"""What is told of each row, beside its features."""


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
    months_to_failure : array of float32, shape (n,)
        Months to the next opening of a proceeding, NaN when none was observed before a closure.
    months_observed : array of float32, shape (n,)
        Months after the row of which everything is told; NaN in a proceeding.
    effectif_count : array of float32, shape (n,)
        Last known headcount, NaN if unknown.
    """

    siren: npt.NDArray[np.object_]
    month: npt.NDArray[np.int32]
    values: Floats
    failure: Floats
    is_in_proceeding: npt.NDArray[np.bool_]
    months_to_failure: Floats
    months_observed: Floats
    effectif_count: Floats

    def __len__(self) -> int:
        return len(self.month)

    def take(self, kept: npt.NDArray[np.bool_]) -> Matrix:
        """Some of the rows."""
        return Matrix(**{name: array[kept] for name, array in vars(self).items()})

    @property
    def outcome(self) -> Outcome:
        """What happened to the rows, as learners read it."""
        return Outcome(self.failure, self.months_to_failure, self.months_observed)

    @property
    def number(self) -> npt.NDArray[np.int64]:
        """Number of each company, shape (n,)."""
        return self.siren.astype(np.int64)


def read_matrix(
    engine: SqlEngine,
    lake: Lake,
    as_of: int,
    features: Sequence[str],
    where: str,
    *,
    horizon: int = HORIZON_MONTHS,
    known_at: int | None = None,
) -> Matrix:
    """Rows of a panel's features that satisfy a condition on (siren, month), labelled as they are read.

    Parameters
    ----------
    horizon : int
        Months ahead that the labels look, from 1 to 36.
    known_at : int, optional
        Month whose knowledge the labels stop at, when it is before that of the panel.

    Raises
    ------
    StageError
        If the panel or its features were not built, or no file of proceedings is known.
    """
    sql = labelled_rows_sql(engine, lake, as_of, features, where, horizon=horizon, known_at=known_at)
    table = engine.arrow(f"{sql} ORDER BY siren, month")
    values = np.empty((table.num_rows, len(features)), np.float32)
    for rank, name in enumerate(features):
        values[:, rank] = table.column(f"f_{name}").to_numpy()
    return matrix_of(table, values)


def labelled_rows_sql(
    engine: SqlEngine,
    lake: Lake,
    as_of: int,
    features: Sequence[str],
    where: str,
    *,
    horizon: int = HORIZON_MONTHS,
    known_at: int | None = None,
) -> str:
    """Query of the rows that `read_matrix` reads, in no order: `TOLD`, then the features, each as `f_` and its name."""
    files = parquet_sql(current_features(lake, as_of, names=features))
    columns = ", ".join(f"CAST({name} AS FLOAT) AS f_{name}" for name in features)
    rows = f"""(
        SELECT siren, month, CAST(effectif_count AS FLOAT) AS headcount, {columns} FROM {files} WHERE {where})"""
    kept = ["headcount", *(f"f_{name}" for name in features)]
    labelled = panel_labels_sql(engine, lake, as_of, rows, horizon=horizon, keep=kept, known_at=known_at)
    ahead = f"CASE WHEN event NOT IN ('{CLOSURE}', '{NO_EVENT}') THEN CAST(months_to_event AS FLOAT) END AS ahead"
    names = ", ".join([ahead if name == "ahead" else name for name in TOLD] + kept[1:])
    return f"SELECT {names} FROM ({labelled}) AS labelled"


def matrix_of(table: pa.Table, values: Floats) -> Matrix:
    """Rows of which a table has what is told of each (`TOLD`), with their values."""
    return Matrix(
        siren=table.column("siren").to_numpy(),
        month=table.column("month").to_numpy().astype(np.int32),
        values=values,
        failure=table.column("failure").to_numpy().astype(np.float32),
        is_in_proceeding=table.column("is_in_proceeding").to_numpy(zero_copy_only=False).astype(bool),
        months_to_failure=table.column("ahead").to_numpy().astype(np.float32),
        months_observed=table.column("months_observed").to_numpy().astype(np.float32),
        effectif_count=table.column("headcount").to_numpy().astype(np.float32),
    )
