"""Grow XGBoost's trees on Spark: each worker keeps its share of the rows, and sends sums of gradients only."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from signaux_faibles.domain.errors import MachineError

PART, PLACE = "part", "place"
"""Columns of the rows given: the worker that takes a row, from 0, and its place among all of them."""

LABEL, WEIGHT = "label", "weight"

INSTALL = "Install the extras from the repository: `pip install '.[model,spark]'`, or use --engine duckdb."


def grow_trees(
    frame: Any, columns: Sequence[str], parameters: Mapping[str, float | int | str], *, rounds: int, workers: int
) -> bytes:
    """Trees grown on the rows of a Spark table, in XGBoost's open JSON.

    Rows are cut as their column `part` says, and sorted by `place`: the same rows and as many workers give the same
    trees, wherever the workers are.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        With the columns `part`, `place`, `label`, `weight` and those learnt from; a null is a missing value.
    columns : sequence of str
        Learnt from, in order.
    parameters : mapping
        As XGBoost names them; the threads of a worker are those of a task of Spark.
    rounds : int
    workers : int
        All of them must be at work at once.

    Raises
    ------
    MachineError
        If XGBoost or pandas, which its estimator for Spark reads rows with, is missing; or Spark lends fewer workers.
    """
    estimator_of = tree_estimator()
    _check_slots(frame.sparkSession.sparkContext, workers)
    for name in ("XGBoost-PySpark", "SparkXGBRegressor"):
        logging.getLogger(name).setLevel(logging.WARNING)
    cut = frame.repartitionById(workers, PART).sortWithinPartitions(PLACE).select(LABEL, WEIGHT, *columns)
    # Whatever the objective says: the classifier would count the labels first, and impose its own.
    estimator = estimator_of(
        features_col=list(columns),
        label_col=LABEL,
        weight_col=WEIGHT,
        num_workers=workers,
        n_estimators=rounds,
        verbose=False,
        **parameters,
    )
    booster = estimator.fit(cut).get_booster()
    booster.feature_names, booster.feature_types = None, None  # as rows of an array are read, without names
    return bytes(booster.save_raw("json"))


def tree_estimator() -> Any:
    """XGBoost's estimator for Spark.

    Raises
    ------
    MachineError
        If it, or what it needs, is missing.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise MachineError("PySpark is not installed.", todo=INSTALL) from None
    try:
        from xgboost.spark import SparkXGBRegressor
    except ImportError as error:
        raise MachineError(f"Training on Spark needs {error.name}, which is not installed.", todo=INSTALL) from None
    return SparkXGBRegressor


def _check_slots(context: Any, workers: int) -> None:
    """Refuse to wait for workers that will not come: they must all talk to each other."""
    java = context._jsc.sc()
    slots = int(java.maxNumConcurrentTasks(java.resourceProfileManager().resourceProfileFromId(0)))
    if slots < workers:
        raise MachineError(
            f"Training needs {workers} workers at once, and Spark lends {slots}.",
            todo="Give `partitions` of the file of --engine-config that number, or wait for more workers.",
        )
