from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.evaluation.metrics import measure
from signaux_faibles.model.thresholds import Thresholds


def test_figures_of_a_small_table_worked_by_hand() -> None:
    probability = np.array([0.9, 0.8, 0.4, 0.3, 0.2, 0.1])
    failure = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    figures = measure(
        probability,
        failure,
        company=np.array(["a", "b", "c", "d", "e", "f"], dtype=object),
        effectif_count=np.array([10, 20, 30, np.nan, 5, 5]),
        months_count=2,
        thresholds=Thresholds(eleve=0.8, modere=0.4),
    )
    assert figures.base_rate == pytest.approx(1 / 3)
    assert figures.auc.value == pytest.approx(7 / 8)
    assert figures.average_precision.value == pytest.approx((1 + 2 / 3) / 2)
    assert figures.eleve.precision == 0.5
    assert figures.eleve.recall == 0.5
    assert figures.eleve.jobs_recall == pytest.approx(10 / 40)
    assert figures.eleve.jobs_found_count == pytest.approx(5)
    assert figures.modere.precision == pytest.approx(2 / 3)
    assert figures.modere.recall == 1.0
    assert figures.modere.f_beta == pytest.approx(5 * (2 / 3) / (4 * 2 / 3 + 1))
    assert figures.brier == pytest.approx(np.mean((probability - failure) ** 2))


def test_an_interval_counts_companies_not_rows() -> None:
    """A company copied a hundred times says no more than once: the interval must not shrink."""
    rng = np.random.default_rng(1)
    probability = rng.random(60)
    failure = (rng.random(60) < probability).astype(float)
    company = np.array([str(i) for i in range(60)], dtype=object)
    once = measure(
        probability,
        failure,
        company=company,
        effectif_count=np.ones(60),
        months_count=1,
        thresholds=Thresholds(0.8, 0.4),
    )
    many = measure(
        np.tile(probability, 100),
        np.tile(failure, 100),
        company=np.tile(company, 100),
        effectif_count=np.ones(6000),
        months_count=1,
        thresholds=Thresholds(0.8, 0.4),
    )
    assert many.auc.high - many.auc.low == pytest.approx(once.auc.high - once.auc.low, rel=1e-9)
