"""First alert, aggravation and the other changes: one definition."""

from __future__ import annotations

import pytest

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.evolution import Before, Evolution, Past, evolution_of

ELEVE, MODERE, AUCUN = Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN
A, B = "900000004", "900000012"


@pytest.mark.parametrize(
    ("current", "previous", "expected"),
    [
        (ELEVE, AUCUN, Evolution.ENTREE),
        (MODERE, None, Evolution.ENTREE),
        (ELEVE, MODERE, Evolution.AGGRAVATION),
        (MODERE, ELEVE, Evolution.AMELIORATION),
        (ELEVE, ELEVE, Evolution.STABLE),
        (AUCUN, MODERE, Evolution.SORTIE),
        (None, ELEVE, Evolution.SORTIE),
        (AUCUN, None, Evolution.STABLE),
        (AUCUN, AUCUN, Evolution.STABLE),
        (None, AUCUN, None),
        (None, None, None),
    ],
)
def test_the_change_between_two_lists(
    current: Niveau | None, previous: Niveau | None, expected: Evolution | None
) -> None:
    assert evolution_of(current, previous) is expected


@pytest.mark.parametrize("niveau", [ELEVE, MODERE, AUCUN, None])
def test_in_the_first_list_every_alert_is_a_first_alert_and_nothing_changed(niveau: Niveau | None) -> None:
    past = Past()
    assert past.is_first_alert(A, niveau) is (niveau in (ELEVE, MODERE))
    assert past.evolution(A, niveau) is None


def test_a_company_alerted_in_any_earlier_list_is_never_a_first_alert() -> None:
    past = Past(True, {A: Before(AUCUN, 0.01)}, frozenset({A}))
    assert past.evolution(A, ELEVE) is Evolution.ENTREE
    assert not past.is_first_alert(A, ELEVE), "it comes back"
    assert past.is_first_alert(B, MODERE), "no list named it"
    assert past.evolution(B, MODERE) is Evolution.ENTREE


def test_an_aggravation_is_an_alert_that_was_already_one() -> None:
    past = Past(True, {A: Before(MODERE, 0.1), B: Before(AUCUN, 0.01)}, frozenset({A}))
    assert past.evolution(A, ELEVE) is Evolution.AGGRAVATION
    assert not past.is_first_alert(A, ELEVE)
    assert past.evolution(B, ELEVE) is Evolution.ENTREE


def test_a_previous_list_that_names_nobody_is_a_list_all_the_same() -> None:
    assert Past(True).evolution(A, MODERE) is Evolution.ENTREE
