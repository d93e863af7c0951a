"""How early a failure is announced: months from the first alert of a company to its proceeding.

Companies already in a proceeding have nothing left to be announced: their rows count for nothing here, whatever the
protocol. A company judged for the first time a few months before it fails cannot be announced earlier: leads are what
the months judged allow, and are understated near the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.evaluation.metrics import ELEVE, MODERE

Z_95 = 1.959963984540054
"""Bound of the middle 95 % of a normal law."""

QUANTILES = (0.25, 0.5, 0.75)
LEAD_CLASSES = (3, 6, 12, 18)
"""Bounds of the classes of leads, months."""

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LeadTime:
    """How early the failures of some companies were announced at a level or above.

    Parameters
    ----------
    level : str
        `modere` (or above) or `eleve`.
    failures_count, caught_count : int
        Failures of companies judged in the 18 months before, and those with an alert before.
    caught_share : float
    lead_q25_months, lead_median_months, lead_q75_months : float or None
        Of those caught; None when none is.
    by_class : dict of str to int
        Failures caught by class of lead: `0-2`, `3-5`, `6-11`, `12-17`, `18+` months.
    """

    level: str
    failures_count: int
    caught_count: int
    caught_share: float
    lead_q25_months: float | None
    lead_median_months: float | None
    lead_q75_months: float | None
    by_class: dict[str, int]


@dataclass(frozen=True)
class FirstDetection:
    """Companies by what the model first said of them, and how many then failed.

    Parameters
    ----------
    status : str
        `eleve`: some month at the high level, judged at the first of them; `modere`: some month at the moderate level
        and none above, judged at the first; `aucun`: never in alert, judged at a month drawn by its number.
    companies_count, failures_count : int
    failure_rate, low, high : float
        Share that failed within 18 months of that month, and its binomial interval at 95 % (Wilson).
    """

    status: str
    companies_count: int
    failures_count: int
    failure_rate: float
    low: float
    high: float


def lead_times(rows: pa.Table) -> list[LeadTime]:
    """Leads of the failures of a backtest, at each level.

    Parameters
    ----------
    rows : pyarrow.Table
        Rows of a backtest, with `siren`, `month`, `level`, `failure`, `is_in_proceeding`, `months_to_failure`.
    """
    free = _free(rows)
    ahead = free["months_to_failure"].to_numpy().astype(np.float64)
    known = ~np.isnan(ahead)
    month = free["month"].to_numpy().astype(np.int64)[known]
    company = free["siren"].to_numpy().astype(np.int64)[known]
    failing = month + ahead[known].astype(np.int64)
    failed = free["failure"].to_numpy()[known] == 1
    level = free["level"].to_numpy()[known]
    _, episode = np.unique(np.stack([company, failing]), axis=1, return_inverse=True)
    episode = episode.ravel()
    is_told: Flags = np.bincount(episode, weights=failed) > 0
    return [
        _lead_time(name, episode, month, failing, level >= least, is_told)
        for name, least in (("modere", MODERE), ("eleve", ELEVE))
    ]


def _lead_time(
    name: str, episode: Integers, month: Integers, failing: Integers, alert: Flags, is_told: Flags
) -> LeadTime:
    """Lead of each failure that was told, from its first alert."""
    first = np.full(len(is_told), np.iinfo(np.int64).max)
    np.minimum.at(first, episode[alert], month[alert])
    end = np.zeros(len(is_told), np.int64)
    end[episode] = failing
    caught = is_told & (first < np.iinfo(np.int64).max)
    leads = (end - np.where(caught, first, end))[caught]
    low, median, high = np.quantile(leads, QUANTILES).tolist() if len(leads) else (None, None, None)
    failures = int(is_told.sum())
    return LeadTime(
        name, failures, len(leads), len(leads) / failures if failures else 0.0, low, median, high, _classes(leads)
    )


def _classes(leads: Integers) -> dict[str, int]:
    bounds = (0, *LEAD_CLASSES)
    names = [f"{low}-{high - 1}" for low, high in zip(bounds, LEAD_CLASSES, strict=False)] + [f"{LEAD_CLASSES[-1]}+"]
    counts = np.bincount(np.digitize(leads, LEAD_CLASSES), minlength=len(names))
    return dict(zip(names, counts.tolist(), strict=True))


def first_detections(rows: pa.Table) -> list[FirstDetection]:
    """What became of companies by what was first said of them, one row each, as the State's first models were judged.

    References
    ----------
    The « première détection » of the State's first models, by establishment; ours are companies.
    """
    free = _free(rows)
    company = free["siren"].to_numpy().astype(np.int64)
    month, level = free["month"].to_numpy().astype(np.int64), free["level"].to_numpy()
    failure = free["failure"].to_numpy()
    order = np.lexsort((month, company))
    company, level, failure = company[order], level[order], failure[order]
    starts = np.flatnonzero(np.append(True, company[1:] != company[:-1])) if len(company) else np.zeros(0, np.int64)
    counts = np.diff(np.append(starts, len(company)))
    owner = np.repeat(np.arange(len(starts)), counts)
    first = {name: _first(owner, level >= least, len(starts)) for name, least in (("eleve", ELEVE), ("modere", MODERE))}
    drawn = starts + company[starts] * 2654435761 % 4294967296 % np.maximum(counts, 1)
    is_eleve = first["eleve"] >= 0
    is_modere = ~is_eleve & (first["modere"] >= 0)
    chosen = {
        "eleve": first["eleve"][is_eleve],
        "modere": first["modere"][is_modere],
        "aucun": drawn[~is_eleve & ~is_modere],
    }
    return [_detection(status, failure[kept]) for status, kept in chosen.items()]


def _first(owner: Integers, alert: Flags, companies_count: int) -> Integers:
    """Rank of the first alert of each company, rows sorted by month; -1 without alert."""
    first = np.full(companies_count, -1, np.int64)
    ranks = np.flatnonzero(alert)[::-1]
    first[owner[ranks]] = ranks  # from the last to the first: the first one stays
    return first


def _detection(status: str, failure: npt.NDArray[np.floating]) -> FirstDetection:
    count, failed = len(failure), int(np.nansum(failure))
    low, high = wilson(failed, count)
    return FirstDetection(status, count, failed, failed / count if count else 0.0, low, high)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Binomial interval at 95 % of a share; the whole range without trial.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if trials == 0:
        return 0.0, 1.0
    share, square = successes / trials, Z_95**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = Z_95 / (1 + square / trials) * float(np.sqrt(share * (1 - share) / trials + square / (4 * trials**2)))
    return max(0.0, middle - half), min(1.0, middle + half)


def _free(rows: pa.Table) -> pa.Table:
    """Rows of companies not in a proceeding, whose outcome is told."""
    told = rows["failure"].to_numpy(zero_copy_only=False)
    kept = ~rows["is_in_proceeding"].to_numpy(zero_copy_only=False).astype(bool) & ~np.isnan(told.astype(np.float64))
    return rows.filter(pa.array(kept))
