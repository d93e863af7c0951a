from __future__ import annotations

import random

import pytest

from signaux_faibles.target.incidence import Counted, cumulative_incidence


def test_without_censoring_it_is_the_share_of_companies() -> None:
    exits: list[Counted] = [("liquidation", 3, 2), ("fermeture", 5, 1), ("aucun", 36, 7)]
    found = cumulative_incidence(exits, (2, 3, 6, 36))
    assert found["liquidation"] == pytest.approx({2: 0, 3: 0.2, 6: 0.2, 36: 0.2})
    assert found["fermeture"] == pytest.approx({2: 0, 3: 0, 6: 0.1, 36: 0.1})


def test_a_censored_company_counts_as_long_as_it_is_observed() -> None:
    # Ten at risk at month 1, of which two leave; eight remain, four of them no longer observed at month 2.
    exits: list[Counted] = [("redressement", 1, 2), ("aucun", 1, 4), ("redressement", 2, 1), ("aucun", 2, 3)]
    assert cumulative_incidence(exits, (1, 2))["redressement"] == pytest.approx({1: 0.2, 2: 0.2 + 0.8 / 4})


def test_a_closure_leaves_nothing_to_fail() -> None:
    # One minus Kaplan-Meier, with the closure counted as censored, would say that everybody fails.
    exits: list[Counted] = [("fermeture", 1, 1), ("liquidation", 2, 1)]
    assert cumulative_incidence(exits, (2,)) == {"fermeture": {2: 0.5}, "liquidation": {2: 0.5}}


def test_beyond_what_is_observed_nobody_knows() -> None:
    exits: list[Counted] = [("liquidation", 1, 1), ("aucun", 3, 9)]
    assert cumulative_incidence(exits, (3, 4)) == {"liquidation": {3: pytest.approx(0.1), 4: None}}


def test_a_company_not_observed_at_all_changes_nothing() -> None:
    exits: list[Counted] = [("liquidation", 1, 1), ("aucun", 3, 9)]
    assert cumulative_incidence([*exits, ("aucun", 0, 50)], (3,)) == cumulative_incidence(exits, (3,))


def test_incidences_and_survival_add_up_to_one() -> None:
    draw = random.Random(1)
    exits: list[Counted] = [
        (event, month, draw.randint(0, 5)) for event in ("liquidation", "fermeture", "aucun") for month in range(1, 37)
    ]
    free = 1.0
    for month in range(1, 37):
        at_risk = sum(n for _, months, n in exits if months >= month)
        free *= 1 - sum(n for event, months, n in exits if months == month and event != "aucun") / at_risk
        found = cumulative_incidence(exits, (month,))
        assert sum(values[month] or 0 for values in found.values()) == pytest.approx(1 - free)
