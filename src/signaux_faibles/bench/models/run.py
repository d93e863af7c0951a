"""Judge contenders on a table."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from signaux_faibles.bench.models.choices import Sharing
from signaux_faibles.bench.models.contenders import Contender
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.bench.models.figures import Figures, Told, measure
from signaux_faibles.bench.models.histories import ranks_within_times
from signaux_faibles.bench.models.protocols import Fold, inner_folds, outer_folds
from signaux_faibles.bench.models.tuning import FoldResult, run_fold

Progress = Callable[[str, int, int, int], None]


@dataclass(frozen=True)
class Judged:
    """A contender and what was measured of it.

    Parameters
    ----------
    contender : Contender
    figures : Figures
    chosen : dict of int to int
        Folds in which each candidate was preferred.
    cpu_seconds : float
        Processor time of choosing, learning and telling, over all folds.
    """

    contender: Contender
    figures: Figures
    chosen: dict[int, int]
    cpu_seconds: float


def judge(data: Dataset, contenders: Sequence[Contender], sharing: Sharing, *, progress: Progress) -> list[Judged]:
    """Figures of each contender, all on the same folds.

    Parameters
    ----------
    progress : callable
        Given the contender under way, its rounds of learning done, their number, and the rows learnt from.

    Raises
    ------
    InputError, StageError
        If the protocol does not fit the table.
    """
    folds = outer_folds(data, sharing)
    inner = [inner_folds(data, fold.train, sharing) for fold in folds]
    wide = np.column_stack([data.values, ranks_within_times(data)])
    rounds = sum(len(parts) + 1 for parts in inner)
    failure = data.failure.astype(np.float64)
    judged = []
    for contender in contenders:
        started = time.process_time()
        values = wide if contender.is_widened else data.values
        told = _counter(contender.name, rounds, progress)
        results = [
            run_fold(contender, values, failure, fold, parts, amounts_count=data.amounts_count, told=told)
            for fold, parts in zip(folds, inner, strict=True)
        ]
        cpu = time.process_time() - started
        chosen = dict(Counter(result.chosen for result in results))
        judged.append(Judged(contender, measure(_pooled(data, folds, results)), chosen, cpu))
    return judged


def _counter(name: str, rounds: int, progress: Progress) -> Callable[[int], None]:
    done = learnt = 0

    def told(rows: int) -> None:
        nonlocal done, learnt
        done, learnt = done + 1, learnt + rows
        progress(name, done, rounds, learnt)

    return told


def _pooled(data: Dataset, folds: list[Fold], results: list[FoldResult]) -> Told:
    """What was told of all judged rows, fold after fold."""
    rows = np.concatenate([fold.test for fold in folds])
    cluster = rows if data.group is None else data.group[rows]
    return Told(
        score=np.concatenate([result.score for result in results]),
        probability=np.concatenate([result.probability for result in results]),
        is_high=np.concatenate([result.is_high for result in results]),
        is_moderate=np.concatenate([result.is_moderate for result in results]),
        failure=data.failure[rows].astype(np.float64),
        cluster=cluster,
        fold=np.repeat(np.arange(len(folds)), [len(fold.test) for fold in folds]),
    )
