"""The best possible ranking, on simulated data only: the probability that the simulator itself knows.

This is the only module of the pipeline that reads `truth/` (an architecture test proves it).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from signaux_faibles.domain.errors import InputError
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.model.learners import Doubles
from signaux_faibles.model.matrix import Matrix


def oracle_probability(engine: Engine, truth: Path, rows: Matrix) -> Doubles:
    """True 18-month probability of each row, shape (n,), NaN where the simulator has none.

    Raises
    ------
    InputError
        If the folder is not the `truth/` of a simulation.
    """
    path = truth / "health.parquet"
    if not path.is_file():
        raise InputError(
            f"No truth in {truth}: health.parquet is missing.",
            todo="Give --truth the folder `truth/` that `signaux simulate` wrote; real data have none.",
        )
    engine.register("judged", pa.table({"rank": np.arange(len(rows)), "siren": rows.siren, "month": rows.month}))
    table = engine.arrow(f"""
        SELECT j.rank AS rank, h.probability_18m AS probability FROM judged AS j
        LEFT JOIN {parquet_sql([path])} AS h ON h.siren = j.siren AND h.month = j.month ORDER BY rank""")
    if table.num_rows != len(rows):
        raise InputError(f"{path} repeats a company and month: {table.num_rows} rows for {len(rows)} asked.")
    return np.asarray(table.column("probability").to_numpy(), np.float64)
