"""Ce qui a changé se dit avec les chiffres de l'entreprise."""

from __future__ import annotations

import math
import re

import pytest

from signaux_faibles.explain.changes import PASSAGES, change_sentence, months_in_words
from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE
from signaux_faibles.features.declare import Feature

NAN = math.nan


@pytest.mark.parametrize(
    ("name", "before", "now", "months", "expected"),
    [
        ("debit_eur", 12_000.0, 41_000.0, 6, "La dette Urssaf est passée de 12 000 € à 41 000 € en six mois."),
        ("debit_eur", 12_000.0, 0.0, 3, "La dette Urssaf est passée de 12 000 € à 0 € en trois mois."),
        ("effectif_count", 44.0, 1.0, 12, "L'effectif est passé de 44 salariés à 1 salarié en douze mois."),
        ("ebe_sur_ca_ratio", 0.02, -0.05, 18,
         "L'excédent brut d'exploitation est passé de 2 % à \u22125 % du chiffre d'affaires en 18 mois."),
        ("debit_eur", 12_000.2, 12_000.4, 3, "Dette Urssaf : 12 000 €, comme il y a trois mois."),
        ("debit_eur", NAN, 500.0, 1, "Dette Urssaf : pas de valeur connue il y a un mois, 500 € aujourd'hui."),
        ("fpi_90_ratio", 0.1, NAN, 3,
         "Encours en retard de plus de 90 jours : 10 % il y a trois mois, pas de valeur connue aujourd'hui."),
        ("effectif_change_6m_ratio", -0.1, 0.2, 3,
         "Variation de l'effectif en 6 mois : \u221210 % il y a trois mois, +20 % aujourd'hui."),
        ("region_code", 27.0, 44.0, 3, "Région du siège : changement depuis trois mois."),
        ("region_code", 27.0, 27.0, 3, "Région du siège : comme il y a trois mois."),
    ],
)  # fmt: skip
def test_une_variation_se_dit_avec_ses_deux_valeurs(
    name: str, before: float, now: float, months: int, expected: str
) -> None:
    assert re.sub("[\u00a0\u202f]", " ", change_sentence(BY_NAME[name], before, now, months)) == expected


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_toute_variable_a_sa_phrase(feature: Feature) -> None:
    for before, now in ((0.0, 2.0), (NAN, 1.0), (3.0, NAN), (NAN, NAN), (1.0, 1.0)):
        sentence = change_sentence(feature, before, now, 3)
        assert sentence.endswith(".")
        assert "nan" not in sentence.split()
        assert "{" not in sentence


def test_seules_des_variables_du_catalogue_ont_une_phrase_de_passage() -> None:
    assert set(PASSAGES) <= set(BY_NAME)


@pytest.mark.parametrize(("months", "words"), [(1, "un mois"), (12, "douze mois"), (13, "13 mois")])
def test_les_mois_se_disent_en_lettres_jusqu_a_douze(months: int, words: str) -> None:
    assert months_in_words(months).replace("\u00a0", " ") == words
