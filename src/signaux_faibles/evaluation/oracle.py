"""The best possible ranking, on simulated data only: the probability that the simulator itself knows.

This is the only module of the pipeline that reads `truth/` (an architecture test proves it).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.errors import InputError
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.model.learners import Doubles


def oracle_probability(
    engine: Engine, truth: Path, siren: Sequence[str] | npt.NDArray[np.object_], month: npt.NDArray[np.int32]
) -> Doubles:
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
    engine.register("judged", pa.table({"rank": np.arange(len(month)), "siren": siren, "month": month}))
    table = engine.arrow(f"""
        SELECT j.rank AS rank, h.probability_18m AS probability FROM judged AS j
        LEFT JOIN {parquet_sql([path])} AS h ON h.siren = j.siren AND h.month = j.month ORDER BY rank""")
    if table.num_rows != len(month):
        raise InputError(f"{path} repeats a company and month: {table.num_rows} rows for {len(month)} asked.")
    return np.asarray(table.column("probability").to_numpy(), np.float64)
