"""Contrat des fichiers JSON d'une liste : ce que lisent le service de 2024 et l'interface d'avant."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from signaux_faibles.domain.theme import Theme
from signaux_faibles.lists.rules import RULES
from signaux_faibles.pipeline.export.list_entries import (
    API_TOPICS,
    BASE,
    FRONT_TOPICS,
    Entry,
    Publication,
    api_entry,
    front_entry,
)
from signaux_faibles.release.manifest import Manifest
from signaux_faibles.release.tables import ENTREPRISES, EXPLICATIONS, SCORES

ALERTED, RAISED, QUIET, APART = "900000004", "900000012", "900000020", "900000038"

MANIFEST = Manifest(
    release_id="2026-03-essai",
    list_label="mars 2026",
    list_month="2026-03",
    as_of="2026-03",
    model_id="boosting-essai",
    code_version="0",
    is_synthetic=True,
    threshold_eleve=0.31,
    threshold_modere=0.12,
    base_probability=0.02,
    counts={},
    freshness={},
)

ALL = ("siren", "code_naf", "code_commune", "région", "Risque de défaillance", "alert", "idListe", "batch", "algo")
ALL += ("période", "Seuil modéré", "Seuil fort")

API_ALL = ("siren", "score", "diff", "alert", "alertPreRedressements", "redressements", "periode", "batch", "idListe")
API_ALL += ("algo",)


SMALL = ("debit_eur", "debit_12m_count", "delai_count")
CODES = ["k_propres_negatifs", "confidentiel"]


def score(siren: str, probability: float | None, niveau: str | None, **other: Any) -> dict[str, Any]:
    return {
        "siren": siren, "probability_18m": probability, "niveau": niveau, "niveau_avant_regles": niveau,
        "probability_precedente": None, "redressements": [], "flags": [], "is_first_alert": False,
    } | other  # fmt: skip


def line(siren: str, rang: int, nature: str, theme: str, feature: str, points: float) -> dict[str, Any]:
    return {"siren": siren, "rang": rang, "nature": nature, "theme": theme, "feature": feature, "points": points}


def explained(siren: str, probability: float) -> list[dict[str, Any]]:
    """Points that would not add up if they were rounded one by one: three equal themes, one of four features."""
    third = (probability - 0.02) / 3
    return [
        line(siren, 0, "base", "", "", 0.02),
        line(siren, 1, "theme", "dette_urssaf", "", third + 0.01),
        line(siren, 2, "theme", "sante_financiere", "", third),
        line(siren, 3, "theme", "activite_partielle", "", third),
        line(siren, 4, "theme", "identite", "", -0.01),
        line(siren, 5, "variable", "dette_urssaf", "debit_change_3m_months", 0.7 * (third + 0.01)),
        *(line(siren, 6 + k, "variable", "dette_urssaf", name, 0.1 * (third + 0.01)) for k, name in enumerate(SMALL)),
        line(siren, 9, "variable", "sante_financiere", "autres", third),
        line(siren, 10, "variable", "activite_partielle", "autres", third),
        line(siren, 11, "variable", "identite", "age_years", -0.01),
    ]


@pytest.fixture
def publication() -> Publication:
    """Four companies: two alerted, one of them by the rules, one without alert, one set apart."""
    scores = [
        score(ALERTED, 0.4277771, "eleve", probability_precedente=0.2, redressements=CODES),
        score(RAISED, 0.05, "modere", niveau_avant_regles="aucun", redressements=["hausse_dette_urssaf_recente"]),
        score(QUIET, 0.011, "aucun"),
        score(APART, None, None, exclusion="procedure"),
    ]  # fmt: skip
    companies = [
        {"siren": siren, "code_naf": "25.62B", "code_commune": "69123", "region": "84"} for siren in (ALERTED, RAISED)
    ]
    lines = [*explained(ALERTED, 0.4277771), *explained(RAISED, 0.05)]
    return Publication(
        MANIFEST,
        pa.Table.from_pylist(scores, schema=SCORES.arrow),
        pa.Table.from_pylist(lines, schema=EXPLICATIONS.arrow),
        pa.Table.from_pylist([*companies, {"siren": QUIET}, {"siren": APART}], schema=ENTREPRISES.arrow),
    )


def by_siren(publication: Publication) -> dict[str, Entry]:
    return {str(entry.score["siren"]): entry for entry in publication.entries()}


def test_une_entreprise_sans_niveau_n_a_pas_de_place_dans_ces_fichiers(publication: Publication) -> None:
    assert list(by_siren(publication)) == [ALERTED, RAISED, QUIET]
    assert publication.without_level_count == 1


def test_une_entree_du_service_a_ses_champs_et_les_alertes_leurs_explications(publication: Publication) -> None:
    entries = {siren: front_entry(entry, MANIFEST) for siren, entry in by_siren(publication).items()}
    assert tuple(entries[QUIET]) == ALL
    assert tuple(entries[ALERTED]) == tuple(entries[RAISED]) == (*ALL, "macroExpl", "microExpl")
    assert {key: entries[ALERTED][key] for key in ALL} == {
        "siren": ALERTED,
        "code_naf": "25.62B",
        "code_commune": "69123",
        "région": "Auvergne-Rhône-Alpes",
        "Risque de défaillance": 42.7777,
        "alert": "Alerte seuil F1",
        "idListe": "mars 2026",
        "batch": "2603",
        "algo": "boosting-essai",
        "période": "2026-03-01",
        "Seuil modéré": 0.12,
        "Seuil fort": 0.31,
    }
    assert entries[RAISED]["alert"] == "Alerte seuil F2"
    assert entries[QUIET]["alert"] == "Pas d'alerte"
    assert (entries[QUIET]["code_naf"], entries[QUIET]["région"]) == (None, None)


@pytest.mark.parametrize("siren", [ALERTED, RAISED])
def test_les_barres_font_le_risque_a_la_derniere_decimale(publication: Publication, siren: str) -> None:
    content: Any = front_entry(by_siren(publication)[siren], MANIFEST)
    units = {topic: round(value * 10_000) for topic, value in content["macroExpl"].items()}
    assert sum(units.values()) == round(content["Risque de défaillance"] * 10_000)
    for topic, features in content["microExpl"].items():
        assert sum(round(value * 10_000) for value in features.values()) == units[topic]
    assert content["macroExpl"]["Risque-moyen-de-départ"] == 2.0
    assert list(content["microExpl"]["Dettes-sociales"]) == ["debit_change_3m_months", *SMALL]


def test_une_entree_de_l_interface_dit_le_score_son_ecart_et_les_regles(publication: Publication) -> None:
    entries = {siren: api_entry(entry, MANIFEST) for siren, entry in by_siren(publication).items()}
    assert tuple(entries[QUIET]) == API_ALL
    assert tuple(entries[ALERTED]) == (*API_ALL, "explSelection", "macroExpl", "microExpl")
    assert entries[ALERTED]["score"] == 0.4277771
    assert entries[ALERTED]["diff"] == pytest.approx(0.2277771)
    assert entries[QUIET]["diff"] is None
    assert entries[ALERTED]["periode"] == "2026-03-01T00:00:00Z"
    assert (entries[RAISED]["alertPreRedressements"], entries[RAISED]["alert"]) == ("Pas d'alerte", "Alerte seuil F2")
    assert entries[ALERTED]["redressements"] == ["k_propres_négatifs", "confidentiel"]
    assert entries[RAISED]["redressements"] == ["augmentation_dette_sur_cotisation_urssaf_recente"]
    selection: Any = entries[ALERTED]["explSelection"]
    assert selection["selectConcerning"][0] == ["dette_urssaf", "debit_change_3m_months"]
    assert [topic for topic, _ in selection["selectConcerning"]] == ["dette_urssaf"] * 3
    assert selection["selectReassuring"] == [["identité", "age_years"]]


def test_l_interface_a_les_memes_points_sous_ses_noms(publication: Publication) -> None:
    content: Any = api_entry(by_siren(publication)[ALERTED], MANIFEST)
    assert sum(round(value * 10_000) for value in content["macroExpl"].values()) == 427_777
    assert sum(round(value * 10_000) for value in content["microExpl"].values()) == 427_777
    assert set(content["macroExpl"]) == {
        "model_offset", "dette_urssaf", "santé_financière", "activité_partielle", "identité",
    }  # fmt: skip
    assert set(content["microExpl"]) == {
        "model_offset", "debit_change_3m_months", *SMALL, "autres_sante_financiere", "autres_activite_partielle",
        "age_years",
    }  # fmt: skip


def test_chaque_theme_a_un_nom_dans_chaque_fichier() -> None:
    for topics in (FRONT_TOPICS, API_TOPICS):
        assert set(topics) == {BASE, *Theme}
        assert len(set(topics.values())) == len(topics)
    assert {FRONT_TOPICS[theme] for theme in list(Theme)[:3]} == {
        "Dettes-sociales", "Données-financières", "Recours-à-l'activité-partielle",
    }  # fmt: skip


def test_les_codes_des_regles_sont_ceux_que_connaissent_les_consommateurs() -> None:
    assert {rule.reference for rule in RULES.values()} == {
        "solvabilité_faible", "k_propres_négatifs", "rentabilité_faible", "dette_urssaf_macro_preponderante",
        "augmentation_dette_sur_cotisation_urssaf_recente", "diminution_dette_urssaf_ancienne",
        "dette_urssaf_ancienne_significative", "demande_activite_partielle_elevee",
    }  # fmt: skip


def test_tout_s_ecrit_en_json_sans_nombre_qui_n_en_est_pas(publication: Publication) -> None:
    for layout in (front_entry, api_entry):
        json.dumps([layout(entry, MANIFEST) for entry in publication.entries()], allow_nan=False)
