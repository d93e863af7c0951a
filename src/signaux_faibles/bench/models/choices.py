"""What is chosen before any row is learnt from: how rows are shared out, and what a label means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Protocol(StrEnum):
    """How rows are shared out."""

    KFOLD = "kfold"
    GROUPED = "grouped"
    WALK = "walk"


class Event(StrEnum):
    """What a label means: this row fails, or its group does and its last row is the one."""

    ROW = "row"
    LAST = "last"
    LAST_KEPT = "last-kept"


@dataclass(frozen=True)
class Sharing:
    """Protocol and its choices.

    Parameters
    ----------
    protocol : Protocol
    folds_count : int
        Of `kfold` and `grouped`.
    seed : int
    first_test : float or None
        First time judged, of `walk`; None for the second half of the times.
    first_train : float or None
        First time learnt from, of `walk`; None for the first one.
    """

    protocol: Protocol
    folds_count: int = 10
    seed: int = 0
    first_test: float | None = None
    first_train: float | None = None
