"""The truth of a simulation: refused before any work when it is not one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.oracle import oracle_probability
from signaux_faibles.lake import Lake


def check_truth(lake: Lake, truth: Path) -> None:
    """Ask the oracle for one company that does not exist, so that a wrong folder is refused before any work.

    Raises
    ------
    InputError
        If the folder is not the `truth/` of a simulation.
    """
    with Engine(lake.scratch / "truth") as engine:
        oracle_probability(engine, truth, ["000000001"], np.zeros(1, np.int32))
