"""What contenders learn from, and how they choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signaux_faibles.bench.models.choices import Protocol, Sharing
from signaux_faibles.bench.models.contenders import Candidate, find_contenders
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.bench.models.pairs import find_pairs
from signaux_faibles.bench.models.protocols import Fold
from signaux_faibles.bench.models.run import judge
from signaux_faibles.bench.models.tuning import run_fold
from signaux_faibles.domain.errors import InputError

QUICK = {"num_boost_round": 20, "max_depth": 3, "eta": 0.3}


def test_columns_that_rank_rows_alike_are_paired_and_read_in_double_precision() -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(size=400)
    values = np.column_stack([first, first + 1e-9, rng.normal(size=400), -first])
    values[0, 2] = np.nan
    pairs = find_pairs(values, 3)
    assert list(zip(pairs.left, pairs.right, strict=True)) == [(0, 1)]
    wide = pairs.widen(values)
    np.testing.assert_allclose(wide[:, 4], -1e-9, rtol=1e-3)
    np.testing.assert_array_equal(wide[:, :4], values)
    assert sorted(zip(*(p.tolist() for p in vars(find_pairs(values, 4)).values()), strict=True)) == [
        (0, 1),
        (0, 3),
        (1, 3),
    ]
    assert find_pairs(values, 1).widen(values).shape == (400, 4)


def test_a_quotient_by_zero_is_missing() -> None:
    values = np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 2.0]])
    wide = find_pairs(values, 2).widen(values)
    np.testing.assert_array_equal(wide[:, 3], [np.nan, 2.0, 1.5])


def told_by_a_difference(rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Two columns that are nearly one; rows fail when the second is above the first."""
    rng = np.random.default_rng(1)
    first, gap = rng.normal(size=rows) * 100, rng.normal(size=rows)
    return np.column_stack([first, first + gap]), (gap > 0.5).astype(float)


def test_a_widened_contender_sees_what_two_columns_say_by_disagreeing() -> None:
    values, failure = told_by_a_difference()
    plain, wide = (replace(find_contenders((name,))[0]) for name in ("boosting", "boosting-elargi"))
    candidates = (Candidate(QUICK),)

    def right(contender: object) -> float:
        (score,) = contender.scores(candidates, values[:400], failure[:400], values[400:], amounts_count=2)  # type: ignore[attr-defined]
        return float(np.mean((score > 0) == (failure[400:] > 0)))

    assert right(wide) > 0.95
    assert right(plain) < 0.85


def test_the_forest_adds_to_the_log_odds_what_its_weight_says() -> None:
    values, failure = told_by_a_difference(200)
    contender = find_contenders(("boosting",))[0]
    candidates = tuple(Candidate(QUICK, weight) for weight in (0.0, 5.0, 10.0))
    none, five, ten = contender.scores(candidates, values, failure, values, amounts_count=2)
    np.testing.assert_allclose(ten - none, 2 * (five - none), rtol=1e-9)
    share = (ten - none) / 10
    assert 0 <= share.min() < share.max() <= 1


def test_what_inner_folds_prefer_is_chosen_and_rows_judged_change_nothing() -> None:
    values, failure = told_by_a_difference()
    useless = Candidate({"num_boost_round": 1, "max_depth": 1, "eta": 1e-3})
    contender = replace(find_contenders(("boosting-elargi",))[0], candidates=(useless, Candidate(QUICK)))
    rows = np.arange(600)
    fold = Fold("1", rows[:400], rows[400:])
    inner = [Fold("1", rows[:200], rows[200:400]), Fold("2", rows[200:400], rows[:200])]

    def result(label: np.ndarray):  # type: ignore[no-untyped-def]
        return run_fold(contender, values, label, fold, inner, amounts_count=2, told=lambda _: None)

    found = result(failure)
    assert found.chosen == 1
    assert ((found.probability >= 0) & (found.probability <= 1)).all()
    turned = failure.copy()
    turned[400:] = 1 - turned[400:]
    again = result(turned)
    for name in ("score", "probability", "is_high", "is_moderate"):
        np.testing.assert_array_equal(getattr(found, name), getattr(again, name))


def test_the_moderate_level_flags_more_rows_than_the_high_one() -> None:
    values, failure = told_by_a_difference()
    noisy = np.where(np.random.default_rng(8).random(600) < 0.15, 1 - failure, failure)
    rows = np.arange(600)
    contender = replace(find_contenders(("boosting-elargi",))[0], candidates=(Candidate(QUICK),))
    fold, inner = Fold("1", rows[:400], rows[400:]), [Fold("1", rows[:200], rows[200:400])]
    found = run_fold(contender, values, noisy, fold, inner, amounts_count=2, told=lambda _: None)
    assert 0 < found.is_high.sum() < found.is_moderate.sum()
    assert (found.is_high <= found.is_moderate).all()


def test_every_contender_is_judged_on_the_same_rows_with_its_cost() -> None:
    values, failure = told_by_a_difference(300)
    data = Dataset(("a", "b"), values, 2, failure.astype(np.float32), None, None)
    told: list[tuple[str, int, int, int]] = []
    judged = judge(
        data,
        find_contenders(("logistique", "foret")),
        Sharing(Protocol.KFOLD, folds_count=2),
        progress=lambda *at: told.append(at),
    )
    assert [one.contender.name for one in judged] == ["foret", "logistique"]
    # Two folds of 150 rows; in each, three inner folds of 50.
    rows = [100, 200, 300, 450, 550, 650, 750, 900]
    expected = [(done, 8, learnt) for done, learnt in enumerate(rows, 1)]
    assert [at[1:] for at in told if at[0] == "foret"] == expected
    assert [at[1:] for at in told if at[0] == "logistique"] == expected
    assert all(one.cpu_seconds > 0 for one in judged)
    assert all(one.chosen == {0: 2} for one in judged)
    assert all(estimate.low <= estimate.high for one in judged for estimate in one.figures.pooled.values())


def test_a_widened_contender_reads_ranks_where_years_move_everyone() -> None:
    rng = np.random.default_rng(2)
    time = np.repeat(np.arange(2000.0, 2006), 150)
    risk = rng.normal(size=900)
    level = np.array([0.0, 30.0, -30.0, 60.0, -60.0, 90.0])[(time - 2000).astype(int)]
    data = Dataset(("x",), (risk + level)[:, None], 1, (risk > 1).astype(np.float32), None, time)
    quick = (Candidate(QUICK),)
    contenders = [replace(one, candidates=quick) for one in find_contenders(("boosting", "boosting-elargi"))]
    plain, wide = judge(data, contenders, Sharing(Protocol.WALK, first_test=2004), progress=lambda *_: None)
    assert plain.figures.folds["auc"].mean < 0.7
    assert wide.figures.folds["auc"].mean > 0.95


def test_an_unknown_recipe_is_told() -> None:
    with pytest.raises(InputError, match="found 'tree', expected one of foret, foret-manquants"):
        find_contenders(("foret", "tree"))
