"""Règles des variables : l'inconnu reste inconnu, les rapports sont protégés, les fenêtres sont en mois."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lakes import (
    SIREN,
    Row,
    a_company,
    an_open_company,
    contributions,
    day,
    debt_operation,
    known_at_end_of,
    m,
    new_lake,
    stage_all,
)
from signaux_faibles.engine import parquet_sql
from signaux_faibles.explain.sentences import sentence_of
from signaux_faibles.features import production
from signaux_faibles.features.build import build_features, current_features
from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE, FEATURE_NAMES
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN

AS_OF = m("2021-12")
Features = dict[str, float | None]

KNOWN_OF_A_PLAIN_COMPANY = {"effectif", "identite"}
ZERO_WHEN_NOTHING_IS_OWED = {
    "debit_eur", "debit_sur_cotisation_months", "debit_ouvriere_sur_cotisation_months", "debit_par_effectif_eur",
    "debit_open_count", "debit_change_1m_months", "debit_change_3m_months", "debit_change_6m_months",
    "debit_change_12m_months", "debit_max_12m_months", "debit_12m_count", "debit_24m_count",
    "debit_since_clean_months", "cotisation_par_effectif_eur", "delai_count", "delai_24m_count", "ccsf_24m_count",
    "ap_3m_ratio", "ap_12m_ratio", "ap_change_12m_ratio", "ap_24m_count", "ap_autorise_ratio", "ap_demande_12m_count",
    "ap_24m_ratio", "debit_par_effectif_change_3m_eur", "debit_recent_count", "delai_refuse_24m_count",
    "ap_economique_12m_ratio", "ap_approvisionnement_12m_ratio", "ap_restructuration_12m_ratio",
    "ap_exceptionnel_12m_ratio", "ap_special_12m_ratio",
}  # fmt: skip


def _features(path: Path, month: str = "2021-06", **sources: list[Row]) -> Features:
    """Features of the company at a month."""
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), **sources})
    return _features_of(lake, month)


def _features_of(lake: Lake, month: str) -> Features:
    build_features(lake, AS_OF)
    rows = duckdb.sql(
        f"SELECT {', '.join(FEATURE_NAMES)} FROM {parquet_sql(current_features(lake, AS_OF))}"
        f" WHERE siren = '{SIREN}' AND month = {m(month)}"
    ).fetchall()
    return dict(zip(FEATURE_NAMES, rows[0], strict=True))


def test_ce_qui_n_est_pas_connu_reste_vide(tmp_path: Path) -> None:
    features = _features(tmp_path)
    known = {name for name, value in features.items() if value is not None}
    expected = ZERO_WHEN_NOTHING_IS_OWED | {f.name for f in production.FEATURES}
    expected |= {f.name for f in CATALOGUE if f.theme in KNOWN_OF_A_PLAIN_COMPANY}
    assert known == expected
    assert {features[name] for name in ZERO_WHEN_NOTHING_IS_OWED} == {0.0}


def test_avec_les_seules_donnees_ouvertes_rien_n_est_invente(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    stage_all(lake, AS_OF, an_open_company(annee=2018))
    features = _features_of(lake, "2021-06")
    known = {name: value for name, value in features.items() if value is not None}
    identity = {f.name for f in CATALOGUE if f.theme == "identite"}
    assert set(known) - identity == {
        "effectif_count", "effectif_age_months", "etablissements_actifs_count", "etablissements_change_12m_count",
        "etablissements_ouverts_12m_count", "etablissements_fermes_12m_count",
    }  # fmt: skip
    assert (known["effectif_count"], known["effectif_age_months"]) == (20, 30)
    assert "les heures ou l'effectif" in sentence_of(BY_NAME["ap_12m_ratio"], features["ap_12m_ratio"])


def test_une_dette_sans_cotisation_ne_disparait_pas(tmp_path: Path) -> None:
    features = _features(tmp_path, debit=[debt_operation(SIREN, 1, "2020-02-10", 100, 200)])
    assert features["debit_eur"] == 300
    assert features["debit_sur_cotisation_months"] == 36


def test_la_dette_se_dit_en_mois_de_cotisations(tmp_path: Path) -> None:
    features = _features(
        tmp_path,
        cotisation=contributions(SIREN, "2018-01", "2021-12", 100),
        debit=[
            debt_operation(SIREN, 1, "2020-02-10", 0, 150),
            debt_operation(SIREN, 2, "2021-04-10", 0, 250),
        ],
    )
    assert features["debit_sur_cotisation_months"] == pytest.approx(2.5)
    assert features["debit_change_3m_months"] == pytest.approx(1.0), "the second operation was known in May"
    assert features["debit_change_1m_months"] == 0
    assert features["debit_12m_count"] == 12
    assert features["debit_24m_count"] == 16, "in debt since March 2020, sixteen months to June 2021"
    assert features["debit_since_clean_months"] == 16, "the last clean month was February 2020"


def test_les_tendances_d_effectif_comparent_ce_que_l_on_savait(tmp_path: Path) -> None:
    company = a_company()
    for row in company["effectif_ent"]:
        row["effectif_count"] = 20 if row["month"] < m("2021-01") else 15
    features = _features(tmp_path, effectif_ent=company["effectif_ent"])
    assert features["effectif_count"] == 15
    assert features["effectif_age_months"] == 3
    assert features["effectif_change_3m_ratio"] == pytest.approx(-0.25), "15 known in June, 20 known in March"
    assert features["effectif_change_12m_ratio"] == pytest.approx(-0.25)
    assert features["effectif_sur_max_24m_ratio"] == pytest.approx(0.75)


def test_un_denominateur_negatif_ou_nul_ne_donne_pas_de_rapport(tmp_path: Path) -> None:
    accounts = {
        "siren": SIREN,
        "date_cloture": day("2019-12-31"),
        "type_bilan": "C",
        "chiffre_d_affaires_cents": 0,
        "ebe_cents": -500,
        "known_from": known_at_end_of(m("2020-07")),
    }
    features = _features(tmp_path, comptes=[accounts])
    assert features["chiffre_d_affaires_eur"] == 0
    assert features["ebe_sur_ca_ratio"] is None


def test_un_rapport_hors_norme_est_ramene_a_sa_borne(tmp_path: Path) -> None:
    accounts = {
        "siren": SIREN,
        "date_cloture": day("2019-12-31"),
        "type_bilan": "C",
        "chiffre_d_affaires_cents": 100,
        "ebe_cents": -5000,
        "known_from": known_at_end_of(m("2020-07")),
    }
    paydex = {"siren": SIREN, "date_valeur": day("2021-04-30"), "fpi_30_pct": 140.0, "known_from": day("2021-05-31")}
    features = _features(tmp_path, comptes=[accounts], paydex=[paydex])
    assert features["ebe_sur_ca_ratio"] == -3
    assert features["fpi_30_ratio"] == 1
    assert features["fpi_90_ratio"] is None


def test_l_activite_partielle_se_rapporte_au_temps_de_travail(tmp_path: Path) -> None:
    hours = 20 * 151.67 * 3 / 2
    consumed = {
        "siren": SIREN,
        "month": m("2021-04"),
        "heures_centi": round(hours * 100),
        "known_from": day("2021-05-31"),
    }
    features = _features(tmp_path, apconso=[consumed])
    assert features["ap_3m_ratio"] == pytest.approx(0.5, rel=1e-6)
    assert features["ap_12m_ratio"] == pytest.approx(0.125, rel=1e-6)


def test_un_mois_chome_compte_pour_les_trois_mois_qui_le_suivent(tmp_path: Path) -> None:
    consumed = {"siren": SIREN, "month": m("2021-01"), "heures_centi": 5000, "known_from": day("2021-02-28")}
    features = _features(tmp_path, apconso=[consumed])
    assert features["ap_24m_count"] == 3
    assert "les trois mois précédents" in sentence_of(BY_NAME["ap_24m_count"], features["ap_24m_count"])


def test_sans_dette_rien_n_est_dit_inconnu(tmp_path: Path) -> None:
    features = _features(tmp_path, cotisation=contributions(SIREN, "2018-01", "2021-12", 100))
    owed = [f for f in CATALOGUE if "debit" in f.name]
    assert {features["debit_sur_max_24m_ratio"], features["delai_sur_debit_ratio"]} == {None}
    assert not [f.name for f in owed if "inconnu" in sentence_of(f, features[f.name])]
    assert sentence_of(BY_NAME["debit_since_clean_months"], features["debit_since_clean_months"]) == (
        "L'entreprise n'a pas de dette Urssaf."
    )


def test_un_chiffre_d_affaires_nul_n_est_pas_dit_inconnu(tmp_path: Path) -> None:
    accounts = {
        "siren": SIREN,
        "date_cloture": day("2020-12-31"),
        "type_bilan": "C",
        "chiffre_d_affaires_cents": 0,
        "ebe_cents": -500,
        "known_from": known_at_end_of(m("2021-05")),
    }
    features = _features(tmp_path, comptes=[accounts])
    assert "inconnu" not in sentence_of(BY_NAME["ebe_sur_ca_ratio"], features["ebe_sur_ca_ratio"])
    assert sentence_of(BY_NAME["chiffre_d_affaires_eur"], features["chiffre_d_affaires_eur"]) == (
        "Le chiffre d'affaires est nul."
    )


def test_les_bornes_annoncees_sont_celles_du_calcul(tmp_path: Path) -> None:
    """A value at its cap is read as such: the declaration and the expression must stop at the same place."""
    company = a_company()
    for row in company["effectif_ent"]:
        row["effectif_count"] = 10 if row["month"] < m("2021-01") else 900
    features = _features(
        tmp_path,
        effectif_ent=company["effectif_ent"],
        debit=[debt_operation(SIREN, 1, "2021-05-10", 100, 200)],
        cotisation=contributions(SIREN, "2021-01", "2021-12", 1),
    )
    for name in ("effectif_change_12m_ratio", "debit_sur_cotisation_months", "debit_max_12m_months"):
        assert features[name] == BY_NAME[name].cap
        assert "ou plus" in sentence_of(BY_NAME[name], features[name])


def test_une_dette_n_est_pas_plus_vieille_que_l_entreprise(tmp_path: Path) -> None:
    company = a_company()
    company["sirene_histo"] = [
        row | {"date_debut": day("2020-12-10"), "known_from": day("2021-01-31")} for row in company["sirene_histo"]
    ]
    company["debit"] = [debt_operation(SIREN, 1, "2020-12-20", 100, 200)]
    assert _features(tmp_path, **company)["debit_since_clean_months"] == 6, "in debt in each of its six months"
