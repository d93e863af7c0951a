"""Comparison of two lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lakes import new_lake
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lake import Lake
from signaux_faibles.lists.compare import compare_lists, spearman
from written_lists import A, B, C, D, write

ELEVE, MODERE, AUCUN = Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = new_lake(tmp_path / "lake")
    write(made, "2026-01", {A: (ELEVE, 0.5), B: (MODERE, 0.2), C: (AUCUN, 0.05)})
    write(made, "2026-04", {A: (AUCUN, 0.01), D: (MODERE, 0.2)})
    write(made, "2026-07", {A: (MODERE, 0.15), B: (ELEVE, 0.4), C: (None, None), D: (MODERE, 0.11)}, model_id="m2")
    return made


def test_changes_are_those_of_the_levels_of_the_two_lists(lake: Lake) -> None:
    found = compare_lists(lake, "2026-01", "2026-07")
    assert found.evolutions == {"aggravation": 1, "amelioration": 1, "entree": 1}
    assert found.between == ("2026-04",)
    assert found.first_alerts_count == 0, "D was alerted between the two"
    assert (found.alerts_earlier_count, found.alerts_later_count, found.alerts_both_count) == (2, 3, 2)
    assert found.jaccard_ratio == pytest.approx(2 / 3)
    assert found.scored_both_count == 2
    assert found.spearman_ratio == pytest.approx(-1)


def test_another_model_thresholds_or_rules_are_said(lake: Lake) -> None:
    found = compare_lists(lake, "2026-01", "2026-07")
    assert (found.is_same_model, found.are_thresholds_same, found.are_rules_same) == (False, True, True)
    write(
        lake, "2026-10", {A: (AUCUN, 0.1)}, model_id="m2", threshold_modere=0.12, rules=("activite_partielle_elevee",)
    )
    found = compare_lists(lake, "2026-07", "2026-10")
    assert (found.is_same_model, found.are_thresholds_same, found.are_rules_same) == (True, False, False)
    assert (found.jaccard_ratio, found.spearman_ratio) == (0, None)


def test_lists_without_alert_have_no_jaccard(tmp_path: Path) -> None:
    made = new_lake(tmp_path / "lake")
    for month in ("2026-01", "2026-04"):
        write(made, month, {A: (AUCUN, 0.01)})
    assert compare_lists(made, "2026-01", "2026-04").jaccard_ratio is None


def test_a_list_is_compared_with_an_earlier_one_that_exists(lake: Lake) -> None:
    with pytest.raises(InputError, match="before 2026-01"):
        compare_lists(lake, "2026-07", "2026-01")
    with pytest.raises(InputError):
        compare_lists(lake, "2026-07", "2026-07")
    with pytest.raises(StageError, match="2026-02"):
        compare_lists(lake, "2026-01", "2026-02")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3], [10, 20, 90], 1),
        ([1, 2, 3], [3, 2, 1], -1),
        ([1, 1, 2, 3], [1, 2, 3, 3], 8 / 9),
        ([1, 1], [1, 2], None),
        ([1], [1], None),
        ([], [], None),
    ],
)
def test_rank_correlation_with_ties_at_their_mean_rank(
    one: list[float], other: list[float], expected: float | None
) -> None:
    found = spearman(np.array(one, np.float64), np.array(other, np.float64))
    assert found == (None if expected is None else pytest.approx(expected))
