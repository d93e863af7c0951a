from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signaux_faibles.model.matrix import Matrix
from signaux_faibles.model.ranks import grid_of, with_ranks
from signaux_faibles.model.recipes import RECIPES

RANKED = replace(RECIPES["boosting-rangs"], features=("a", "b"))


def _rows(values: np.ndarray, month: np.ndarray) -> Matrix:
    count = len(month)
    number = np.zeros(count, np.float32)
    return Matrix(
        siren=np.array([f"{900_000_000 + i * 13}" for i in range(count)], object),
        month=month.astype(np.int32),
        values=values.astype(np.float32),
        failure=number,
        is_in_proceeding=np.zeros(count, bool),
        months_to_failure=number,
        months_observed=number,
        effectif_count=number,
    )


def test_a_rank_is_the_share_of_companies_below() -> None:
    values = np.arange(10_001, dtype=np.float32)[:, None]
    ranks = grid_of(values).ranks(np.array([[0.0], [2500.0], [5000.0], [10_000.0]], np.float32))
    assert ranks[:, 0] == pytest.approx([0, 0.25, 0.5, 1], abs=0.003)


def test_companies_without_debt_share_the_middle_of_their_place() -> None:
    values = np.concatenate([np.zeros(800), np.linspace(1, 2, 200)]).astype(np.float32)[:, None]
    ranks = grid_of(values).ranks(values)[:, 0]
    assert np.unique(ranks[:800]).tolist() == [ranks[0]]
    assert ranks[0] == pytest.approx(0.4, abs=0.01)
    assert ranks[800:].min() > 0.79


def test_what_is_unknown_has_no_rank_and_counts_for_nobody() -> None:
    values = np.array([[np.nan, 1], [np.nan, 2], [np.nan, np.nan]], np.float32)
    ranks = grid_of(values).ranks(values)
    assert np.isnan(ranks[:, 0]).all()
    assert np.isnan(ranks[2, 1])
    assert ranks[0, 1] < ranks[1, 1]


def test_a_month_is_ranked_alone() -> None:
    """A shock that moves every company of a month leaves its ranks as they were."""
    rng = np.random.default_rng(1)
    values, month = rng.normal(size=(600, 2)), np.repeat([24_228, 24_229, 24_230], 200)
    calm = with_ranks(RANKED, _rows(values, month)).values
    values[month == 24_230] = values[month == 24_230] * 3 + 40
    shaken = with_ranks(RANKED, _rows(values, month)).values
    assert calm.shape == (600, 4)
    assert RANKED.columns == ("a", "b", "rang_a", "rang_b")
    np.testing.assert_array_equal(calm[:, 2:], shaken[:, 2:])


def test_a_recipe_without_ranks_leaves_its_rows_alone() -> None:
    rows = _rows(np.ones((3, 2)), np.full(3, 24_228))
    assert with_ranks(RECIPES["boosting"], rows) is rows
