"""Rows that Spark reads from the lake and keeps: what they are learnt as comes to the program, their values do not."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost as xgb

from signaux_faibles.domain.errors import StageError
from signaux_faibles.engine import TreeEngine, parquet_sql
from signaux_faibles.engine.spark_trees import tree_estimator
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners.distant import DistantRows, Kept, Labelled, Parameters, as_values
from signaux_faibles.model.learners.interface import Floats
from signaux_faibles.model.matrix import TOLD, Matrix, labelled_rows_sql, matrix_of
from signaux_faibles.model.recipes import Recipe


@dataclass(frozen=True)
class SparkRows(DistantRows):
    """Rows of a table of Spark.

    Parameters
    ----------
    engine : TreeEngine
    folder : Path
        Where the workers read what they are told of the rows.
    table : str
        Keyed by (siren, month).
    columns : tuple of str, length p
        Those of the table that are learnt from.
    siren, month : array, shape (n,)
        Which rows, in order.
    added : array, shape (n, k)
        Columns that the program knows, after those of the table.
    """

    engine: TreeEngine
    folder: Path
    table: str
    columns: tuple[str, ...]
    siren: npt.NDArray[np.object_]
    month: npt.NDArray[np.int32]
    added: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.month), len(self.columns) + self.added.shape[1]

    def __getitem__(self, kept: Kept) -> SparkRows:
        return replace(self, siren=self.siren[kept], month=self.month[kept], added=self.added[kept])

    def with_column(self, column: Floats) -> SparkRows:
        """The rows with one more column, after the others."""
        return replace(self, added=np.column_stack([self.added, column]))

    def grow(self, labelled: Labelled, parameters: Parameters, *, rounds: int) -> xgb.Booster:
        """Trees grown by the workers, each on as many rows as the others."""
        added = [f"added_{rank}" for rank in range(self.added.shape[1])]
        place = np.arange(len(self))
        plan = {
            "siren": pa.array(self.siren, pa.string()),
            "month": self.month,
            "place": place,
            "part": (place * self.engine.workers_count // max(len(self), 1)).astype(np.int32),
            "label": labelled.label.astype(np.float32),
            "weight": labelled.weight.astype(np.float32),
            **dict(zip(added, self.added.T, strict=True)),
        }
        fill = ("COALESCE(lesson.", ", CAST(0 AS FLOAT))") if labelled.fill_missing_with_zero else ("lesson.", "")
        columns = ", ".join(f"{fill[0]}{name}{fill[1]} AS {name}" for name in self.columns)
        said = ", ".join(f"plan.{name}" for name in ("part", "place", "label", "weight", *added))
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            path = Path(folder) / "plan.parquet"
            pq.write_table(pa.table(plan), path)
            sql = f"""
                SELECT {said}, {columns} FROM {parquet_sql([path])} AS plan
                JOIN {self.table} AS lesson ON lesson.siren = plan.siren AND lesson.month = plan.month"""
            written = self.engine.grow_trees(sql, [*self.columns, *added], parameters, rounds=rounds)
        booster = xgb.Booster()
        booster.load_model(bytearray(written))
        return booster


def read_spark_rows(
    engine: TreeEngine, lake: Lake, as_of: int, features: Sequence[str], where: str, *, known_at: int, table: str
) -> Matrix:
    """Rows that `matrix.read_matrix` reads, whose values stay with Spark in a table of that name.

    Raises
    ------
    StageError
        If the panel or its features were not built, or no file of proceedings is known.
    """
    engine.create(table, labelled_rows_sql(engine, lake, as_of, features, where, known_at=known_at))
    told = engine.arrow(f"SELECT {', '.join(TOLD)} FROM {table} ORDER BY siren, month")
    empty = np.empty((told.num_rows, 0), np.float32)
    matrix = matrix_of(told, empty)
    folder = lake.scratch / "train"
    folder.mkdir(parents=True, exist_ok=True)
    columns = tuple(f"f_{name}" for name in features)
    rows = SparkRows(engine, folder, table, columns, matrix.siren, matrix.month, empty)
    return replace(matrix, values=as_values(rows))


def check_spark_learns(recipe: Recipe) -> None:
    """Refuse a recipe that Spark does not learn, or an environment that lacks what it learns with, before it starts.

    Raises
    ------
    StageError
        If its learner is not made of trees, or it reads ranks.
    MachineError
        If something is not installed.
    """
    reason = ""
    if not recipe.learner.is_made_of_trees:
        reason = "is not made of trees"
    elif recipe.has_ranks:
        reason = "ranks values within their month"
    if reason:
        raise StageError(
            f"Recipe {recipe.name} {reason}, which training on Spark does not do.",
            todo=f"Train it with `signaux train {recipe.name} --engine duckdb`.",
        )
    tree_estimator()
