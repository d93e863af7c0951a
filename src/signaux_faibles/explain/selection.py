"""Which reasons concern most, and which reassure: the few to read first."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from signaux_faibles.model.learners import Doubles

SELECTED_COUNT = 5
"""Variables marked of each kind, at most."""

THRESHOLD = 0.005
"""Points under which a variable is not marked: half a point of percentage."""


class Selection(StrEnum):
    """Mark of a variable."""

    NONE = ""
    PREOCCUPANT = "preoccupant"
    RASSURANT = "rassurant"


def select(points: Doubles) -> npt.NDArray[np.int8]:
    """Marks of the variables of each company, by place in `Selection`.

    Parameters
    ----------
    points : array, shape (n, b)

    Returns
    -------
    array of int, shape (n, b)
        1 for the variables that raise the risk most, 2 for those that lower it most; equal ones in their order.
    """
    marks = np.zeros(points.shape, np.int8)
    for mark, weight in ((1, points), (2, -points)):
        first = np.argsort(-weight, axis=1, kind="stable")[:, :SELECTED_COUNT]
        is_notable = np.take_along_axis(weight, first, axis=1) >= THRESHOLD
        np.put_along_axis(marks, first, np.where(is_notable, mark, np.take_along_axis(marks, first, axis=1)), axis=1)
    return marks
