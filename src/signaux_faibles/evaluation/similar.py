"""Rate of failure of past companies by score, from a backtest: what `explain.similar` tells of each company."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.evaluation.backtest import read_rows
from signaux_faibles.evaluation.kept import judged, made_otherwise
from signaux_faibles.explain.similar import SimilarBin
from signaux_faibles.lake import Lake
from signaux_faibles.model.registry import read_card
from signaux_faibles.model.train import Model

MIN_ROWS, MIN_COMPANIES = 200, 20
"""Rows and different companies under which a bin says too little, or too much of too few."""

MAX_BINS = 20


def similar_of(lake: Lake, model: Model) -> tuple[SimilarBin, ...]:
    """Bins of the backtest that the reports of a model speak of.

    None when it was not judged, or from other inputs: past companies of such a score would be of another score.
    """
    made = judged(lake, model.recipe.name, model.as_of)
    if made is None or made_otherwise(made, read_card(lake, model.model_id)["inputs"]):
        return ()
    return similar_cases(read_rows(lake, made))


@dataclass(frozen=True)
class _Rows:
    """Rows of a backtest that can be judged, by rising probability."""

    probability: npt.NDArray[np.float64]
    failure: npt.NDArray[np.float64]
    company: npt.NDArray[np.int64]


def similar_cases(rows: pa.Table) -> tuple[SimilarBin, ...]:
    """Bins of probability, each with the share of its rows that failed within 18 months, which never falls.

    Bins start as equal shares of the rows, finer where risks are high; neighbours are put together while one has too
    few rows or companies, or a rate below that of the bin before.

    Parameters
    ----------
    rows : pyarrow.Table
        Of `evaluation.backtest.ROWS`; those in a proceeding, or whose end is unknown, are left out.

    Returns
    -------
    tuple of SimilarBin
        By rising probability; empty when all the rows together are too few.
    """
    told = _judged(rows)
    count = len(told.probability)
    # Half of the rows, then half of the rest: most companies have a low risk, and few lists speak of them.
    shares = [1 - 0.5 ** (step / 2) for step in range(1, MAX_BINS)]
    cuts = sorted({0, count, *(_first_of_its_value(told.probability, int(count * share)) for share in shares)})
    merged: list[tuple[int, int]] = []
    for start, end in pairwise(cuts):
        merged.append((start, end))
        while len(merged) > 1 and (_is_thin(told, merged[-2]) or _rate(told, merged[-2]) > _rate(told, merged[-1])):
            merged[-2:] = [(merged[-2][0], merged[-1][1])]
    while len(merged) > 1 and _is_thin(told, merged[-1]):
        merged[-2:] = [(merged[-2][0], merged[-1][1])]
    while len(merged) > 1 and _rate(told, merged[-2]) > _rate(told, merged[-1]):
        merged[-2:] = [(merged[-2][0], merged[-1][1])]
    return tuple(_bin(told, one) for one in merged if not _is_thin(told, one))


def _judged(rows: pa.Table) -> _Rows:
    failure = rows.column("failure").to_numpy().astype(np.float64)
    kept = ~np.isnan(failure) & ~rows.column("is_in_proceeding").to_numpy().astype(bool)
    probability = rows.column("probability").to_numpy()[kept]
    company = rows.column("siren").to_numpy()[kept].astype(np.int64)
    order = np.lexsort((company, probability))
    return _Rows(probability[order], failure[kept][order], company[order])


def _first_of_its_value(probability: npt.NDArray[np.float64], place: int) -> int:
    """Rows of one probability are of one bin: an isotonic calibrator makes many of them."""
    return int(np.searchsorted(probability, probability[min(place, len(probability) - 1)])) if len(probability) else 0


def _is_thin(rows: _Rows, one: tuple[int, int]) -> bool:
    start, end = one
    return end - start < MIN_ROWS or len(np.unique(rows.company[start:end])) < MIN_COMPANIES


def _rate(rows: _Rows, one: tuple[int, int]) -> float:
    return float(rows.failure[one[0] : one[1]].mean())


def _bin(rows: _Rows, one: tuple[int, int]) -> SimilarBin:
    start, end = one
    return SimilarBin(
        least=float(rows.probability[start]),
        rows_count=end - start,
        companies_count=len(np.unique(rows.company[start:end])),
        rate=_rate(rows, one),
    )
