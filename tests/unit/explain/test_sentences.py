"""Les phrases disent le nombre, l'unité et le signe comme un agent les lit."""

from __future__ import annotations

import re

import pytest

from signaux_faibles.explain.sentences import format_value, sentence_of
from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE
from signaux_faibles.features.declare import Feature


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("debit_sur_cotisation_months", 6.8, "6,8 mois"),
        ("debit_sur_cotisation_months", 12.4, "12 mois"),
        ("debit_eur", 1234567.0, "1 234 567 €"),
        ("effectif_count", 1.0, "1 salarié"),
        ("effectif_count", 44.0, "44 salariés"),
        ("effectif_change_12m_ratio", -0.25, "\u221225 %"),
        ("effectif_change_12m_ratio", 0.034, "+3,4 %"),
        ("effectif_change_12m_ratio", 0.0, "0,0 %"),
        ("retard_change_3m_days", -7.0, "\u22127 jours"),
        ("retard_days", 1.0, "1 jour"),
        ("ebe_sur_ca_ratio", -0.018, "\u22121,8 %"),
        ("age_years", 31.2, "31 ans"),
    ],
)
def test_a_value_is_written_the_french_way(name: str, value: float, expected: str) -> None:
    assert re.sub("[\u00a0\u202f]", " ", format_value(BY_NAME[name], value)) == expected


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_every_feature_has_a_sentence_for_a_value_and_for_none(feature: Feature) -> None:
    for value in (0.0, 1.5, None, float("nan")):
        sentence = sentence_of(feature, value)
        assert sentence.endswith(".")
        assert sentence[0] == sentence[0].upper() or sentence[0].isdigit()
        assert "{" not in sentence
        assert not re.search(r"\bnan\b", sentence)
