from __future__ import annotations

import pytest

from signaux_faibles.domain.naf import naf_labels, naf_sections, section_labels
from signaux_faibles.domain.niveau import Niveau, niveau_of
from signaux_faibles.domain.territoire import departement_of_commune, departements, departements_of_region


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.3, Niveau.ELEVE), (0.2999, Niveau.MODERE), (0.1, Niveau.MODERE), (0.0999, Niveau.AUCUN), (0.0, Niveau.AUCUN)],
)
def test_a_probability_equal_to_a_threshold_reaches_it(probability: float, expected: Niveau) -> None:
    assert niveau_of(probability, threshold_eleve=0.3, threshold_modere=0.1) is expected


def test_levels_are_ordered_by_gravity() -> None:
    assert sorted(Niveau, key=lambda n: -n.rank) == [Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN]


def test_every_activity_has_a_label_and_a_known_section() -> None:
    assert len(naf_labels()) == 732
    assert set(naf_sections().values()) <= set(section_labels())
    assert naf_sections()["62.01Z"] == "J"


@pytest.mark.parametrize(
    ("commune", "departement"), [("75101", "75"), ("2A004", "2A"), ("97105", "971"), ("98818", "988")]
)
def test_a_commune_gives_its_departement(commune: str, departement: str) -> None:
    assert departement_of_commune(commune) == departement
    assert departement in departements()


def test_a_region_gives_its_departements() -> None:
    assert departements_of_region("94") == ("2A", "2B")
    assert departements_of_region("00") == ()
