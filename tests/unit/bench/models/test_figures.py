"""Figures are those computed by hand, and those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from signaux_faibles.bench.models.figures import Told, difference, measure
from signaux_faibles.bench.models.ranking import rank


def told(score: np.ndarray, failure: np.ndarray, *, cluster: np.ndarray | None = None) -> Told:
    rows = len(score)
    return Told(
        score=score,
        probability=1 / (1 + np.exp(-score)),
        is_high=score > 1,
        is_moderate=score > 0,
        failure=failure.astype(float),
        cluster=np.arange(rows) if cluster is None else cluster,
        fold=np.arange(rows) % 2,
    )


def test_figures_of_five_rows_by_hand() -> None:
    score, failure = np.array([2.0, 1.0, 1.0, 0.0, -1.0]), np.array([1.0, 1.0, 0.0, 0.0, 1.0])
    ranking, ones = rank(score, failure), np.ones(5)
    # Pairs of a failure and a survivor: 2 + (1/2 + 1) + 0 of 6. Precisions where failures stand: 1, 2/3, 3/5.
    assert ranking.auc(ones) == pytest.approx(3.5 / 6)
    assert ranking.average_precision(ones) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    # A tenth of five rows is half of the first one, a failure: half of one among three.
    assert ranking.top_capture(ones) == pytest.approx(0.5 / 3)
    # A row of weight 0 is not there: the failure ranked last is forgotten.
    assert ranking.auc(np.array([1.0, 1, 1, 1, 0])) == pytest.approx(3.5 / 4)


def test_rankings_under_weights_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    failure, score = (rng.random(500) < 0.1).astype(float), np.round(rng.normal(size=500), 1)
    score += failure
    weight = rng.poisson(1.0, 500).astype(float)
    ranking = rank(score, failure)
    assert ranking.auc(weight) == pytest.approx(roc_auc_score(failure, score, sample_weight=weight))
    assert ranking.average_precision(weight) == pytest.approx(
        average_precision_score(failure, score, sample_weight=weight)
    )


def test_levels_brier_and_folds_by_hand() -> None:
    score, failure = np.array([2.0, 2.0, 0.5, -2.0, -2.0, -2.0]), np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    figures = measure(told(score, failure))
    assert figures.high == (1 / 2, 1 / 3)
    assert figures.moderate == (2 / 3, 2 / 3)
    assert figures.pooled["f_05"].value == pytest.approx(1.25 * (1 / 6) / (0.25 / 2 + 1 / 3))
    assert figures.pooled["f_2"].value == pytest.approx(2 / 3)
    p = 1 / (1 + np.exp(-np.array([2.0, 2.0, 0.5, -2.0, -2.0, -2.0])))
    assert figures.pooled["brier"].value == pytest.approx(np.mean((p - failure) ** 2))
    # Folds take turns: rows 0, 2, 4 are ranked perfectly, rows 1, 3, 5 hold a failure level with one survivor.
    assert figures.folds["auc"].mean == pytest.approx((1 + 0.25) / 2)
    assert figures.folds["auc"].deviation == pytest.approx(0.375)


def test_rows_of_one_company_are_drawn_together() -> None:
    rng = np.random.default_rng(5)
    failure, score = (rng.random(40) < 0.4).astype(float), rng.normal(size=40)
    alone = measure(told(np.repeat(score, 10), np.repeat(failure, 10))).pooled["auc"]
    together = measure(told(np.repeat(score, 10), np.repeat(failure, 10), cluster=np.repeat(np.arange(40), 10)))
    assert together.pooled["auc"].value == alone.value
    assert together.pooled["auc"].high - together.pooled["auc"].low > 2 * (alone.high - alone.low)


def test_the_gain_over_oneself_is_nothing_and_draws_are_paired() -> None:
    rng = np.random.default_rng(6)
    failure = (rng.random(300) < 0.2).astype(float)
    weak = measure(told(rng.normal(size=300) + failure, failure))
    strong = measure(told(rng.normal(size=300) + 3 * failure, failure))
    none = difference(weak, weak, "auc")
    assert (none.value, none.low, none.high) == (0, 0, 0)
    gain = difference(strong, weak, "average_precision")
    assert 0 < gain.low < gain.value < gain.high
