from __future__ import annotations

import math

import numpy as np
import pytest

from signaux_faibles.evaluation.drift import ALERT_PSI, LEAST_SHARE, Sample, drift, psi, warning

LABELS = {"age_years": "Âge de l'entreprise", "debit_eur": "Dette Urssaf"}


def test_the_index_of_two_classes_worked_by_hand() -> None:
    before = np.array([0.0] * 50 + [1.0] * 50)
    now = np.array([0.0] * 80 + [1.0] * 20)
    # The only edge between the tenths is 0: what is above makes the second class; nothing is missing in either.
    expected = (0.8 - 0.5) * math.log(0.8 / 0.5) + (0.2 - 0.5) * math.log(0.2 / 0.5)
    assert psi(before, now) == pytest.approx(expected)


def test_values_that_go_missing_count() -> None:
    before, now = np.arange(100.0), np.where(np.arange(100) < 30, np.nan, np.arange(100.0))
    lost = (0.3 - LEAST_SHARE) * math.log(0.3 / LEAST_SHARE)
    assert psi(before, now) > lost
    assert psi(before, before) == 0.0
    assert psi(np.full(5, np.nan), np.full(9, np.nan)) == 0.0


def _sample(values: np.ndarray, score: np.ndarray) -> Sample:
    return Sample("2024-01", values, score)


def test_features_are_sorted_and_named_in_the_warning() -> None:
    rng = np.random.default_rng(0)
    before = rng.normal(size=(2_000, 2))
    now = np.stack([before[:, 0], before[:, 1] + 2], axis=1)
    found = drift(_sample(before, before[:, 0]), _sample(now, now[:, 0]), ["age_years", "debit_eur"], LABELS)
    assert [one.name for one in found.features] == ["debit_eur", "age_years"]
    assert [one.name for one in found.drifted] == ["debit_eur"]
    assert found.score_psi == 0.0
    assert found.is_alarming
    assert "« Dette Urssaf »" in warning(found)
    assert "Âge" not in warning(found)
    assert "scores" not in warning(found)


def test_scores_that_move_are_told_first() -> None:
    rng = np.random.default_rng(0)
    values, score = rng.normal(size=(2_000, 1)), rng.normal(size=2_000)
    found = drift(_sample(values, score), _sample(values, score + 1), ["age_years"], LABELS)
    assert found.score_psi > ALERT_PSI
    assert warning(found).startswith("Attention : les scores")


def test_a_population_that_stays_raises_no_warning() -> None:
    rng = np.random.default_rng(0)
    before, now = rng.normal(size=(5_000, 3)), rng.normal(size=(5_000, 3))
    found = drift(_sample(before, before[:, 0]), _sample(now, now[:, 0]), ["a", "b", "c"], {})
    assert not found.is_alarming
    assert warning(found) == ""
