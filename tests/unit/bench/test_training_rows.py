"""Rows made for the benchmark of training: the same at each reading, and like those of a panel."""

from __future__ import annotations

import numpy as np
import pytest
import xgboost as xgb

from signaux_faibles.bench.training.rows import COMPANIES_AT_ONCE, MONTHS, Rows, Stream
from signaux_faibles.model.learners import Floats, Outcome

COUNT, COLUMNS = 100_000, 12


@pytest.fixture(scope="module")
def made() -> tuple[Floats, Outcome]:
    return Rows(COUNT, COLUMNS).whole()


def test_rows_are_the_same_at_each_reading(made: tuple[Floats, Outcome]) -> None:
    values, outcome = made
    assert values.shape == (COUNT, COLUMNS)
    again, told = Rows(COUNT, COLUMNS).whole()
    np.testing.assert_array_equal(again, values)
    np.testing.assert_array_equal(told.failure, outcome.failure)
    assert not np.array_equal(Rows(COUNT, COLUMNS, seed=2).whole()[0], values)


def test_they_are_skewed_missing_and_near_the_month_before(made: tuple[Floats, Outcome]) -> None:
    values, outcome = made
    share = np.isnan(values).mean(axis=0)
    assert share[0] == 0
    assert share[-1] == pytest.approx(0.7, abs=0.05)
    amounts = values[:, 3][~np.isnan(values[:, 3])]
    assert amounts.mean() > 3 * np.median(amounts)
    assert 0.5 < (values[:, 0] == 0).mean() < 1, "mostly zero"
    months = values[: MONTHS * COMPANIES_AT_ONCE, 1].reshape(MONTHS, COMPANIES_AT_ONCE)
    known = ~np.isnan(months[0])
    near = np.corrcoef(months[0][known], months[1][known])[0, 1]
    assert near > 0.9 > np.corrcoef(months[0][known], months[12][known])[0, 1]
    assert 0.005 < outcome.failure.mean() < 0.05
    ahead = outcome.months_to_failure
    assert ahead is not None
    assert np.nanmin(ahead) >= 1


def test_xgboost_reads_them_batch_by_batch(made: tuple[Floats, Outcome]) -> None:
    values, outcome = made
    data = xgb.QuantileDMatrix(Stream(Rows(COUNT, COLUMNS)))
    assert (data.num_row(), data.num_col()) == values.shape
    np.testing.assert_array_equal(data.get_label(), outcome.failure)
