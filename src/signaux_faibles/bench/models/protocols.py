"""Who learns and who is judged: folds at random, folds of whole groups, or one time after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from signaux_faibles.bench.models.choices import Protocol, Sharing
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.domain.errors import InputError, StageError

Rows = npt.NDArray[np.int64]

INNER_FOLDS = 3
VALIDATED_TIMES_SHARE = 1 / 3
"""Of the times learnt from, the last ones on which parameters and thresholds are chosen, when time passes."""


@dataclass(frozen=True)
class Fold:
    """Rows learnt from, rows judged: ranks in the table.

    Parameters
    ----------
    name : str
    train, test : array of int
    """

    name: str
    train: Rows
    test: Rows


def outer_folds(data: Dataset, sharing: Sharing) -> list[Fold]:
    """Folds on which recipes are judged.

    Raises
    ------
    InputError
        If the protocol lacks the column that it needs, or would put a group on both sides.
    StageError
        If a fold holds a single class.
    """
    if sharing.protocol is Protocol.WALK:
        return _checked(_walk(data, sharing), data)
    rows = np.arange(len(data))
    if sharing.protocol is Protocol.KFOLD and data.group is not None:
        raise InputError(
            "kfold would put rows of one group on both sides.", todo="Use --protocol grouped, or no --group."
        )
    if sharing.protocol is Protocol.GROUPED and data.group is None:
        raise InputError("The protocol grouped needs to know who each row is of.", todo="Give --group COLUMN.")
    return _checked(_at_random(data, rows, sharing.folds_count, sharing.seed), data)


def inner_folds(data: Dataset, rows: Rows, sharing: Sharing) -> list[Fold]:
    """Folds within the rows learnt from: parameters, calibration and thresholds are chosen there.

    Raises
    ------
    StageError
        If a fold holds a single class, or there is a single time to learn from.
    """
    if sharing.protocol is not Protocol.WALK:
        return _checked(_at_random(data, rows, INNER_FOLDS, sharing.seed + 1), data)
    times = np.unique(data.times[rows])
    first = len(times) - max(1, round(len(times) * VALIDATED_TIMES_SHARE))
    if first < 1:
        raise StageError(
            "A single time to learn from: found 1, expected 2 at least, one of them to choose on.",
            todo="Give a later --from.",
        )
    late = data.times[rows] >= times[first]
    return _checked([Fold(f"from {times[first]:g}", rows[~late], rows[late])], data)


def _at_random(data: Dataset, rows: Rows, count: int, seed: int) -> list[Fold]:
    failure = data.failure[rows]
    least = int(min(failure.sum(), len(failure) - failure.sum()))
    if least < count:
        raise StageError(
            f"{least} rows of the rarer class among {len(rows)} cannot be shared over {count} folds.",
            todo="Use fewer --folds or more rows.",
        )
    if data.group is None:
        parts = StratifiedKFold(count, shuffle=True, random_state=seed).split(rows, failure)
    else:
        parts = StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(rows, failure, data.group[rows])
    return [Fold(f"{rank}", rows[train], rows[test]) for rank, (train, test) in enumerate(parts, 1)]


def _walk(data: Dataset, sharing: Sharing) -> list[Fold]:
    times = np.unique(data.times)
    first_test = times[len(times) // 2] if sharing.first_test is None else sharing.first_test
    first_train = times[0] if sharing.first_train is None else sharing.first_train
    folds = []
    for time in times[times >= first_test]:
        train = np.flatnonzero((data.times >= first_train) & (data.times < time))
        folds.append(Fold(f"{time:g}", train, np.flatnonzero(data.times == time)))
    if not folds:
        raise InputError(f"No time from {first_test:g}: the table goes from {times[0]:g} to {times[-1]:g}.")
    return folds


def _checked(folds: list[Fold], data: Dataset) -> list[Fold]:
    for fold in folds:
        for part, rows in (("learnt from", fold.train), ("judged", fold.test)):
            positives = int(data.failure[rows].sum())
            if not 0 < positives < len(rows):
                raise StageError(
                    f"Fold {fold.name}: {len(rows)} rows {part}, {positives} positive; both classes are needed.",
                    todo="Use fewer --folds, or another --from.",
                )
    return folds
