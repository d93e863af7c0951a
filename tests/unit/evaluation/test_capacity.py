from __future__ import annotations

import pytest
from tests.unit.evaluation.backtest_rows import JANUARY, backtest_rows, siren

from signaux_faibles.evaluation.capacity import at_capacity
from signaux_faibles.evaluation.evaluate import judged_rows


def _judged(rows: list[dict[str, object]]) -> object:
    return judged_rows(backtest_rows(rows), with_known=False)


def test_the_best_of_each_departement_worked_by_hand() -> None:
    rows = [
        {"siren": siren(1), "log_odds": 3.0, "failure": 1, "effectif_count": 10.0},
        {"siren": siren(2), "log_odds": 2.0},
        {"siren": siren(3), "log_odds": 1.0, "failure": 1, "effectif_count": 30.0},
        {"siren": siren(4), "log_odds": -9.0},  # the only one of its departement
        {"siren": siren(5), "log_odds": 9.0, "failure": 1},  # nowhere
    ]
    places = {siren(1): "21", siren(2): "21", siren(3): "21", siren(4): "58"}
    (one, two) = at_capacity(_judged(rows), places, capacities=(1, 2))
    assert (one.quarters_count, one.departements_count, one.flagged_count) == (1, 2, 2)
    assert (one.precision.value, one.recall.value) == (0.5, 0.5)
    assert one.jobs_recall == pytest.approx(10 / 40)
    assert one.unplaced_share == pytest.approx(1 / 5)
    assert (two.flagged_count, two.precision.value, two.recall.value) == (3, pytest.approx(1 / 3), 0.5)


def test_a_quarter_is_judged_on_its_first_month() -> None:
    rows = [
        {"siren": siren(1), "month": JANUARY + 3, "failure": 1},
        {"siren": siren(1), "month": JANUARY + 4, "failure": 0},
        {"siren": siren(2), "month": JANUARY + 1, "failure": 0},
    ]
    (found,) = at_capacity(_judged(rows), {siren(1): "21", siren(2): "21"}, capacities=(1,))
    assert (found.quarters_count, found.flagged_count) == (2, 2)
    assert (found.precision.value, found.recall.value) == (0.5, 1.0)


def test_without_any_departement_nothing_is_said() -> None:
    assert at_capacity(_judged([{"siren": siren(1)}]), {}) == []
