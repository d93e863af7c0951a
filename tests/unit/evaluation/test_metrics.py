from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from signaux_faibles.evaluation.bootstrap import intervals
from signaux_faibles.evaluation.metrics import Judged, measure
from signaux_faibles.evaluation.ranking import Ranking


def _rows(probability: np.ndarray, failure: np.ndarray, company: np.ndarray, origin: int = 24_228) -> Judged:
    count = len(failure)
    return Judged(
        company=company,
        month=np.full(count, origin),
        origin=np.full(count, origin),
        score=np.log(probability / (1 - probability)),
        probability=probability,
        level=(probability >= 0.4).astype(int) + (probability >= 0.8),
        failure=failure.astype(float),
        effectif_count=np.ones(count),
    )


def test_figures_of_a_small_table_worked_by_hand() -> None:
    probability = np.array([0.9, 0.8, 0.4, 0.3, 0.2, 0.1])
    failure = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    rows = _rows(probability, failure, np.arange(6))
    rows = replace(
        rows,
        effectif_count=np.array([10, 20, 30, np.nan, 5, 5]),
        month=np.array([24_228, 24_228, 24_228, 24_229, 24_229, 24_229]),
    )
    figures = measure(rows)
    assert figures.base_rate == pytest.approx(1 / 3)
    assert figures.auc.value == pytest.approx(7 / 8)
    assert figures.average_precision.value == pytest.approx((1 + 2 / 3) / 2)
    assert figures.eleve.precision == 0.5
    assert figures.eleve.recall == 0.5
    assert figures.eleve.jobs_recall == pytest.approx(10 / 40)
    assert figures.eleve.jobs_found_count == pytest.approx(5)
    assert figures.eleve.observed_over_expected == pytest.approx(1 / 1.7)
    assert figures.modere.precision == pytest.approx(2 / 3)
    assert figures.modere.recall == 1.0
    assert figures.modere.f_beta == pytest.approx(5 * (2 / 3) / (4 * 2 / 3 + 1))
    assert figures.observed_over_expected == pytest.approx(2 / 2.7)
    assert figures.brier == pytest.approx(np.mean((probability - failure) ** 2))


def test_an_origin_of_a_single_class_ranks_nothing_and_spoils_no_mean() -> None:
    rng = np.random.default_rng(4)
    one = _rows(rng.uniform(0.01, 0.3, 200), rng.random(200) < 0.2, np.arange(200))
    calm = replace(one, origin=one.origin + 12, failure=np.zeros(200))
    both = Judged(**{name: np.concatenate([array, vars(calm)[name]]) for name, array in vars(one).items()})
    figures = measure(both)
    assert figures.average_precision.value == pytest.approx(measure(one).average_precision.value)
    assert figures.auc.value == pytest.approx(measure(one).auc.value)
    assert len(figures.average_precision_by_origin) == 1


def test_jobs_found_in_a_month_count_once_for_each_origin_that_judges_it() -> None:
    one = _rows(np.array([0.9, 0.1]), np.array([1.0, 0.0]), np.arange(2))
    one = replace(one, effectif_count=np.array([20.0, 5.0]))
    again = replace(one, origin=one.origin - 6)
    both = Judged(**{name: np.concatenate([array, vars(again)[name]]) for name, array in vars(one).items()})
    assert measure(one).eleve.jobs_found_count == measure(both).eleve.jobs_found_count == 20


def test_figures_of_origins_are_averaged_never_pooled() -> None:
    """Scores of two learners do not compare: one that says twice as much would drown the other."""
    rng = np.random.default_rng(3)
    one = _rows(rng.uniform(0.01, 0.3, 200), rng.random(200) < 0.2, np.arange(200))
    two = replace(one, origin=one.origin + 12, score=one.score + 50)
    both = Judged(**{name: np.concatenate([array, vars(two)[name]]) for name, array in vars(one).items()})
    assert measure(both).average_precision.value == pytest.approx(measure(one).average_precision.value)
    assert measure(both).auc.value == pytest.approx(measure(one).auc.value)


@pytest.mark.parametrize("seed", range(5))
def test_a_weighted_ranking_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = np.round(rng.normal(size=500), 1)  # ties
    failure = (rng.random(500) < 0.2).astype(float)
    ranking = Ranking(score, failure)
    for weight in (None, rng.poisson(1.0, 500).astype(float)):
        expected = average_precision_score(failure, score, sample_weight=weight)
        assert ranking.average_precision(weight) == pytest.approx(expected, rel=1e-12)
        assert ranking.auc(weight) == pytest.approx(roc_auc_score(failure, score, sample_weight=weight), rel=1e-12)


def test_an_interval_counts_companies_not_rows() -> None:
    """A company copied a hundred times says no more than once: the interval must not shrink."""
    rng = np.random.default_rng(1)
    probability = rng.uniform(0.05, 0.95, 60)
    failure = rng.random(60) < probability
    once = measure(_rows(probability, failure, np.arange(60)))
    many = measure(_rows(np.tile(probability, 100), np.tile(failure, 100), np.tile(np.arange(60), 100)))
    assert many.auc.high - many.auc.low == pytest.approx(once.auc.high - once.auc.low, rel=1e-9)


def test_figures_drawn_together_are_paired() -> None:
    """The interval of a difference is that of the same draws: a figure against itself gains exactly nothing."""
    rng = np.random.default_rng(2)
    failure = (rng.random(300) < 0.3).astype(float)
    ranking = Ranking(rng.normal(size=300) + failure, failure)
    (gain,) = intervals([lambda weight: ranking.auc(weight) - ranking.auc(weight)], np.arange(300))
    assert (gain.value, gain.low, gain.high) == (0.0, 0.0, 0.0)
