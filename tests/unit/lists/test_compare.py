from __future__ import annotations

import pytest

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.compare import Evolution, evolution_of

ELEVE, MODERE, AUCUN = Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN


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
        (None, AUCUN, Evolution.STABLE),
    ],
)
def test_the_change_between_two_lists(current: Niveau | None, previous: Niveau | None, expected: Evolution) -> None:
    assert evolution_of(current, previous) is expected
