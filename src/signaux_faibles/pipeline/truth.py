"""The truth of a simulation: refused before any work when it is not one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.oracle import oracle_probability
from signaux_faibles.lake import Lake
from signaux_faibles.model.matrix import Matrix


def check_truth(lake: Lake, truth: Path) -> None:
    """Ask the oracle for one company that does not exist, so that a wrong folder is refused before any work.

    Raises
    ------
    InputError
        If the folder is not the `truth/` of a simulation.
    """
    number = np.zeros(1, np.float32)
    nobody = Matrix(
        siren=np.array(["000000001"], object),
        month=np.zeros(1, np.int32),
        values=number.reshape(1, 1),
        failure=number,
        is_in_proceeding=np.zeros(1, bool),
        effectif_count=number,
    )
    with Engine(lake.scratch / "truth") as engine:
        oracle_probability(engine, truth, nobody)
