"""Les phrases disent le nombre, l'unité et le signe comme un agent les lit."""

from __future__ import annotations

import re

import pytest

from signaux_faibles.domain.theme import Theme
from signaux_faibles.explain.sentences import format_value, sentence_of
from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE
from signaux_faibles.features.declare import Feature

NEVER_EMPTY_OR_UNKNOWN = {
    "debit_sur_cotisation_months", "debit_ouvriere_sur_cotisation_months", "debit_max_12m_months", "debit_12m_count",
    "debit_24m_count", "debit_since_clean_months", "ap_24m_count", "fpi_30_ratio", "fpi_90_ratio",
    "section_naf_rank", "region_code", "procol_36m_count",
}  # fmt: skip
"""Features written with a condition that does not make them empty, or that are so only when their source is."""


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
        ("effectif_change_12m_ratio", 0.0, "0 %"),
        ("ebe_sur_ca_ratio", 0.0, "0 %"),
        ("ebe_sur_ca_ratio", 0.05, "5 %"),
        ("ebe_sur_ca_ratio", 0.0999, "10 %"),
        ("ebe_sur_ca_ratio", 0.0002, "moins de 0,1 %"),
        ("debit_eur", 0.3, "moins de 1 €"),
        ("autonomie_financiere_change_ratio", 0.1, "+10 points"),
        ("ebe_sur_ca_change_ratio", -0.015, "\u22121,5 point"),
        ("ap_change_12m_ratio", 0.01, "+1 point"),
        ("age_years", 1.96, "2 ans"),
        ("debit_sur_cotisation_months", 36.0, "36 mois ou plus"),
        ("debit_change_3m_months", -36.0, "\u221236 mois ou moins"),
        ("effectif_change_12m_ratio", -1.0, "\u2212100 %"),
        ("retard_change_3m_days", -7.0, "\u22127 jours"),
        ("retard_days", 1.0, "1 jour"),
        ("ebe_sur_ca_ratio", -0.018, "\u22121,8 %"),
        ("age_years", 31.2, "31 ans"),
    ],
)
def test_a_value_is_written_the_french_way(name: str, value: float, expected: str) -> None:
    assert _plain(format_value(BY_NAME[name], value)) == expected


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_every_feature_has_a_sentence_for_a_value_and_for_none(feature: Feature) -> None:
    for value in (0.0, 1.5, None, float("nan")):
        sentence = sentence_of(feature, value)
        assert sentence.endswith(".")
        assert sentence[0] == sentence[0].upper() or sentence[0].isdigit()
        assert "{" not in sentence
        assert not re.search(r"\bnan\b", sentence)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("debit_open_count", 0.0, "L'Urssaf ne compte aucune dette à solder."),
        ("debit_open_count", 1.0, "L'Urssaf compte 1 dette à solder."),
        ("debit_open_count", 3.0, "L'Urssaf compte 3 dettes à solder."),
        ("debit_since_clean_months", 0.0, "L'entreprise n'a pas de dette Urssaf."),
        ("debit_sur_max_24m_ratio", None, "L'entreprise n'a pas eu de dette Urssaf en deux ans."),
        ("debit_ouvriere_share_ratio", None, "L'entreprise n'a pas de dette Urssaf."),
        ("delai_sur_debit_ratio", None, "L'entreprise n'a pas de dette Urssaf."),
        ("delai_24m_count", 0.0, "L'Urssaf n'a accordé aucun délai de paiement en deux ans."),
        ("ap_24m_count", 3.0, "Pour 3 mois sur vingt-quatre, les trois mois précédents comptent des heures chômées."),
        ("ap_change_12m_ratio", 0.1, "En un an, la part du temps de travail chômée a varié de +10 points."),
        ("bfr_sur_ca_ratio", 0.12, "Besoin en fonds de roulement d'exploitation : 12 % du chiffre d'affaires."),
        ("retard_days", 0.0, "Les fournisseurs sont payés sans retard en moyenne."),
        ("section_naf_rank", 0.0, "Le secteur d'activité compte dans le risque."),
        ("age_years", None, "Âge de l'entreprise : donnée inconnue."),
    ],
)
def test_a_sentence_says_what_is_known(name: str, value: float | None, expected: str) -> None:
    assert _plain(sentence_of(BY_NAME[name], value)) == expected


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_a_count_and_a_change_of_zero_are_told_in_words(feature: Feature) -> None:
    if feature.name.endswith("_count") or "_change_" in feature.name or feature.theme is Theme.DETTE_URSSAF:
        assert not re.search(r"\b0\b", sentence_of(feature, 0.0))


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_what_is_computed_from_several_values_says_why_it_has_none(feature: Feature) -> None:
    """A ratio or a change may be empty though its parts are known: only a value of a source may be called unknown."""
    if re.search(r"\b(LAG|CASE WHEN|previous_\w+)\b", feature.sql) and feature.name not in NEVER_EMPTY_OR_UNKNOWN:
        assert "donnée inconnue" not in sentence_of(feature, None)


def test_a_difference_of_two_percentages_is_in_points() -> None:
    points = {feature.name for feature in CATALOGUE if feature.unit == "points"}
    assert points == {
        "ap_change_12m_ratio", "ebe_sur_ca_change_ratio", "autonomie_financiere_change_ratio",
        "fpi_30_change_12m_ratio",
        "secteur_ouvertures_change_12m_ratio", "departement_ouvertures_change_12m_ratio",
    }  # fmt: skip
    assert all(BY_NAME[name].percent for name in points)


def _plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)
