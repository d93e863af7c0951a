"""Bins of past companies: large enough to tell, and never falling."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaux_faibles.evaluation.backtest import ROWS
from signaux_faibles.evaluation.similar import MIN_COMPANIES, MIN_ROWS, similar_cases
from signaux_faibles.explain.similar import SimilarBin, places_of, similar_sentence


def rows(
    probability: np.ndarray, failure: list[int | None], company: np.ndarray, proceeding: object = None
) -> pa.Table:
    count = len(probability)
    columns = {
        "siren": [f"{number:09d}" for number in company],
        "probability": probability,
        "failure": failure,
        "is_in_proceeding": np.zeros(count, bool) if proceeding is None else proceeding,
    }
    names = [name for name in ROWS.names if name in columns]
    return pa.table([pa.array(columns[name], ROWS.field(name).type) for name in names], names=names)


def drawn(seed: int, count: int, companies: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 15, count)
    failure = (rng.uniform(size=count) < probability).astype(int).tolist()
    return rows(probability, failure, rng.integers(0, companies, count))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 3000), st.integers(1, 400))
def test_bins_are_large_enough_and_never_fall(seed: int, count: int, companies: int) -> None:
    bins = similar_cases(drawn(seed, count, companies))
    assert all(one.rows_count >= MIN_ROWS and one.companies_count >= MIN_COMPANIES for one in bins)
    assert sorted(one.rate for one in bins) == [one.rate for one in bins]
    assert sorted({one.least for one in bins}) == [one.least for one in bins]
    assert sum(one.rows_count for one in bins) in (0, count)


def test_rates_are_those_of_the_rows() -> None:
    probability = np.repeat([0.01, 0.02, 0.5, 0.9], 400)
    failure = [0] * 400 + [1] * 4 + [0] * 396 + [1] * 100 + [0] * 300 + [1] * 300 + [0] * 100
    bins = similar_cases(rows(probability, failure, np.arange(1600)))
    assert [(one.least, one.rate, one.rows_count) for one in bins] == [
        (0.01, 0.0, 400), (0.02, 0.01, 400), (0.5, 0.25, 400), (0.9, 0.75, 400)
    ]  # fmt: skip


def test_a_rate_that_falls_is_put_with_the_one_before() -> None:
    probability = np.repeat([0.1, 0.5, 0.9], 400)
    failure = [0] * 400 + [1] * 200 + [0] * 200 + [1] * 100 + [0] * 300
    bins = similar_cases(rows(probability, failure, np.arange(1200)))
    assert [(one.least, one.rate) for one in bins] == [(0.1, 0.0), (0.5, 300 / 800)]


def test_many_rows_of_few_companies_tell_nothing() -> None:
    assert similar_cases(rows(np.full(1000, 0.3), [1] * 1000, np.arange(1000) % (MIN_COMPANIES - 1))) == ()
    assert similar_cases(rows(np.full(MIN_ROWS - 1, 0.3), [1] * (MIN_ROWS - 1), np.arange(MIN_ROWS - 1))) == ()


def test_rows_in_a_proceeding_or_without_known_end_are_left_out() -> None:
    proceeding = np.array([False] * 300 + [True] * 300)
    (one,) = similar_cases(rows(np.full(600, 0.3), [0] * 300 + [1] * 300, np.arange(600), proceeding))
    assert (one.rate, one.rows_count) == (0.0, 300)
    unknown: list[int | None] = [0] * 300 + [None] * 300
    (one,) = similar_cases(rows(np.full(600, 0.3), unknown, np.arange(600)))
    assert one.rows_count == 300


def test_a_probability_is_of_the_last_bin_that_starts_below_it() -> None:
    bins = [SimilarBin(0.1, 300, 50, 0.01), SimilarBin(0.2, 300, 50, 0.3)]
    assert places_of(bins, np.array([0.0, 0.1, 0.19, 0.2, 0.9])).tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.0, "moins d'une a connu"),
        (0.004, "moins d'une a connu"),
        (0.012, "une a connu"),
        (0.256, "26 ont connu"),
    ],
)
def test_the_sentence_counts_companies_of_a_hundred(rate: float, expected: str) -> None:
    sentence = similar_sentence(SimilarBin(0.1, 300, 50, rate))
    assert sentence == (f"Sur 100 entreprises ayant eu un tel score, {expected} une défaillance dans les 18\u00a0mois.")
