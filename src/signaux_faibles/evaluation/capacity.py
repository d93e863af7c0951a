"""What an office finds when it can call k companies a quarter in its departement: precision and recall at k.

The list of a quarter is the one of its first month judged, since agents work on one list until the next. Companies are
ranked on the score that is not calibrated, among those of the departement of their head office as last known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.evaluation.bootstrap import Interval, intervals
from signaux_faibles.evaluation.metrics import Judged

CAPACITIES = (10, 25, 50)
CAPACITY_RESAMPLES = 50
MONTHS = 3


@dataclass(frozen=True)
class AtCapacity:
    """What is found with k companies a departement and a quarter.

    Parameters
    ----------
    capacity : int
    quarters_count, departements_count : int
        Quarters judged, and departements with at least one company.
    flagged_count : int
        Companies called, over all departements and quarters: a small departement has fewer than k.
    precision, recall : Interval
        Shares of the flagged that failed, and of the failures that were flagged; the draws of companies keep the same
        ones flagged.
    jobs_recall : float
        Share of the jobs of the companies that failed which stood in flagged companies.
    unplaced_share : float
        Share of the rows whose departement is not known: they are not ranked, and count in no figure.
    """

    capacity: int
    quarters_count: int
    departements_count: int
    flagged_count: int
    precision: Interval
    recall: Interval
    jobs_recall: float
    unplaced_share: float


def at_capacity(
    rows: Judged,
    departement: Mapping[str, str],
    *,
    capacities: Sequence[int] = CAPACITIES,
    resamples: int = CAPACITY_RESAMPLES,
) -> list[AtCapacity]:
    """Figures at each capacity; none when no company has a departement.

    Parameters
    ----------
    departement : mapping of str to str
        Departement of the head office of each siren.
    """
    rows = rows.take(_is_first_month(rows))
    codes = _codes(rows.company, departement)
    unplaced = float((codes < 0).mean()) if len(rows) else 1.0
    rows, codes = rows.take(codes >= 0), codes[codes >= 0]
    if len(rows) == 0:
        return []
    rank = _rank(rows, codes)
    return [_measure(rows, codes, rank < k, k, unplaced, resamples) for k in capacities]


def _is_first_month(rows: Judged) -> npt.NDArray[np.bool_]:
    """Rows of the first month that an origin judged in each quarter."""
    key = np.stack([rows.origin, rows.month // MONTHS])
    _, quarter = np.unique(key, axis=1, return_inverse=True)
    quarter = quarter.ravel()
    first = np.full(quarter.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, quarter, rows.month)
    found: npt.NDArray[np.bool_] = rows.month == first[quarter]
    return found


def _codes(company: npt.NDArray[np.int64], departement: Mapping[str, str]) -> npt.NDArray[np.int64]:
    """Number of the departement of each row, -1 where unknown."""
    numbers = {name: number for number, name in enumerate(sorted({d for d in departement.values() if d}))}
    found, inverse = np.unique(company, return_inverse=True)
    of_company = [numbers.get(departement.get(f"{siren:09d}", ""), -1) for siren in found.tolist()]
    return np.array(of_company, np.int64)[inverse.ravel()]


def _rank(rows: Judged, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rank of each row in its departement, origin and quarter, 0 for the highest score; ties by siren."""
    order = np.lexsort((rows.company, -rows.score, rows.month, rows.origin, codes))
    key = np.stack([codes, rows.origin, rows.month])[:, order]
    is_new = np.append(True, (key[:, 1:] != key[:, :-1]).any(axis=0))
    starts = np.flatnonzero(is_new)
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    return rank


def _measure(
    rows: Judged,
    codes: npt.NDArray[np.int64],
    flagged: npt.NDArray[np.bool_],
    k: int,
    unplaced: float,
    resamples: int,
) -> AtCapacity:
    found = rows.failure * flagged
    ones = np.ones(len(rows))

    def share_of(whole: npt.NDArray[np.floating], weight: npt.NDArray[np.float64] | None) -> float:
        weight = ones if weight is None else weight
        total = float(weight @ whole)
        return float(weight @ found) / total if total else float("nan")

    precision, recall = intervals(
        [lambda weight: share_of(flagged.astype(np.float64), weight), lambda weight: share_of(rows.failure, weight)],
        rows.company,
        resamples=resamples,
    )
    jobs = np.nan_to_num(rows.effectif_count, nan=0.0) * rows.failure
    return AtCapacity(
        capacity=k,
        quarters_count=len(np.unique(np.stack([rows.origin, rows.month]), axis=1).T),
        departements_count=len(np.unique(codes)),
        flagged_count=int(flagged.sum()),
        precision=precision,
        recall=recall,
        jobs_recall=float(jobs[flagged].sum() / jobs.sum()) if jobs.any() else 0.0,
        unplaced_share=unplaced,
    )
