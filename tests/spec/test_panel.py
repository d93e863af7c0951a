"""Règles du panel, en petits tableaux : ce que l'on savait à la fin de chaque mois."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakes import (
    SIREN,
    Row,
    a_company,
    contributions,
    day,
    debt_operation,
    known_at_end_of,
    m,
    new_lake,
    proceeding,
    stage,
    stage_all,
)
from signaux_faibles.domain.errors import StageError
from signaux_faibles.features.build import build_features
from signaux_faibles.panel.build import build_panel
from signaux_faibles.target.read import read_labels
from spec.panel_samples import AS_OF, lake_of, panel_columns


def test_un_effectif_est_connu_trois_mois_apres(tmp_path: Path) -> None:
    company = a_company()
    for row in company["effectif_ent"]:
        row["effectif_count"] = 20 if row["month"] < m("2020-06") else 15
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = panel_columns(lake, "effectif_count", "effectif_month")
    assert panel["2020-08"] == (20, m("2020-05"))
    assert panel["2020-09"] == (15, m("2020-06"))


def test_un_effectif_en_retard_est_porte_avec_son_age(tmp_path: Path) -> None:
    company = a_company(until="2020-12")
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = panel_columns(lake, "effectif_count", "effectif_month")
    assert panel["2021-11"] == (20, m("2020-12"))
    assert panel["2021-12"] == (20, m("2020-12")), "an old headcount is carried, the company does not vanish"


def test_une_dette_suit_la_derniere_operation_connue(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        debit=[
            debt_operation(SIREN, 1, "2020-02-10", 100, 200),
            debt_operation(SIREN, 2, "2020-04-25", 40, 60),
            debt_operation(SIREN, 3, "2020-08-02", 0, 0),
        ],
    )
    panel = panel_columns(lake, "debit_ouvriere_cents", "debit_patronale_cents", "debit_open_count")
    assert panel["2020-02"] == (0, 0, 0), "booked in February, in the file of March"
    assert panel["2020-03"] == panel["2020-04"] == (10000, 20000, 1)
    assert panel["2020-05"] == panel["2020-08"] == (4000, 6000, 1)
    assert panel["2020-09"] == (0, 0, 0)


def test_une_operation_sans_numero_ne_passe_pas_devant_les_autres(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        debit=[debt_operation(SIREN, 2, "2020-02-10", 70, 0), debt_operation(SIREN, None, "2020-02-11", 5, 0)],
    )
    assert panel_columns(lake, "debit_ouvriere_cents")["2020-06"] == (7000,)


def test_deux_comptes_d_un_etablissement_sont_deux_dettes(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        debit=[
            debt_operation(SIREN, 1, "2020-02-10", 70, 0),
            debt_operation(SIREN, 1, "2020-02-10", 30, 0, compte="2"),
        ],
    )
    assert panel_columns(lake, "debit_ouvriere_cents")["2020-06"] == (10000,)


def test_une_operation_retiree_par_un_lot_compte_jusqu_a_ce_lot(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    company = a_company()
    stage_all(lake, m("2021-06"), {**company, "debit": [debt_operation(SIREN, 1, "2020-02-10", 70, 0)]})
    stage(lake, "debit", m("2021-08"), [], withdrawn=[(m("2021-06"), 0)])
    stage(lake, "ccsf", AS_OF, [])
    panel = panel_columns(lake, "debit_ouvriere_cents")
    assert panel["2021-07"] == (7000,)
    assert panel["2021-08"] == (0,)


def test_les_cotisations_de_douze_mois_comptent_les_mois_de_donnees(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, cotisation=contributions(SIREN, "2019-01", "2021-12", 100))
    panel = panel_columns(lake, "cotisation_3m_cents", "cotisation_12m_cents")
    assert panel["2019-02"] == (10000, 10000)
    assert panel["2019-06"] == (30000, 50000)
    assert panel["2020-06"] == (30000, 120000)


def test_un_trimestre_est_reparti_au_centime_sur_ses_mois(tmp_path: Path) -> None:
    quarter = {
        "siren": SIREN,
        "start_month": m("2020-01"),
        "end_month": m("2020-04"),
        "du_cents": 100,
        "known_from": known_at_end_of(m("2020-04")),
    }
    negative = {**quarter, "du_cents": -100}
    lake = lake_of(tmp_path, cotisation=[quarter])
    assert panel_columns(lake, "cotisation_3m_cents", "cotisation_12m_cents")["2020-04"] == (100, 100)
    # Of the quarter, the window of March to May holds March only: the third, smallest share.
    assert panel_columns(lake, "cotisation_3m_cents")["2020-06"] == (33,)
    lake = lake_of(tmp_path / "negative", cotisation=[negative])
    assert panel_columns(lake, "cotisation_3m_cents", "cotisation_12m_cents")["2020-04"] == (-100, -100)


def test_une_cotisation_corrigee_ne_change_que_les_mois_d_apres_la_correction(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, m("2021-06"), {**a_company(), "cotisation": contributions(SIREN, "2021-01", "2021-05", 100)})
    corrected = {**contributions(SIREN, "2021-03", "2021-03", 500)[0], "known_from": known_at_end_of(m("2021-08"))}
    stage(lake, "cotisation", m("2021-08"), [corrected], withdrawn=[(m("2021-06"), 2)])
    stage(lake, "ccsf", AS_OF, [])
    panel = panel_columns(lake, "cotisation_12m_cents")
    assert panel["2021-07"] == (50000,)
    assert panel["2021-08"] == (90000,)


def test_les_comptes_sont_connus_sept_mois_apres_la_cloture(tmp_path: Path) -> None:
    accounts = [
        {
            "siren": SIREN,
            "date_cloture": day(f"{year}-12-31"),
            "type_bilan": "C",
            "chiffre_d_affaires_cents": year * 100,
            "known_from": known_at_end_of(m(f"{year}-12") + 7),
        }
        for year in (2018, 2019)
    ]
    lake = lake_of(tmp_path, comptes=accounts)
    panel = panel_columns(lake, "cloture_month", "chiffre_d_affaires_cents", "previous_chiffre_d_affaires_cents")
    assert panel["2020-06"] == (m("2018-12"), 201800, None)
    assert panel["2020-07"] == (m("2019-12"), 201900, 201800)


def test_des_comptes_trop_vieux_ne_sont_plus_les_derniers_comptes(tmp_path: Path) -> None:
    old = {
        "siren": SIREN,
        "date_cloture": day("2017-12-31"),
        "type_bilan": "C",
        "ebe_cents": 1,
        "known_from": known_at_end_of(m("2018-07")),
    }
    panel = panel_columns(lake_of(tmp_path, comptes=[old]), "ebe_cents")
    assert panel["2020-06"] == (1,)
    assert panel["2020-07"] == (None,)


def test_les_comptes_consolides_ne_sont_pas_ceux_de_l_entreprise(tmp_path: Path) -> None:
    group = {
        "siren": SIREN,
        "date_cloture": day("2019-12-31"),
        "type_bilan": "K",
        "ebe_cents": 1,
        "known_from": known_at_end_of(m("2020-07")),
    }
    assert panel_columns(lake_of(tmp_path, comptes=[group]), "ebe_cents")["2020-08"] == (None,)


def test_un_retard_de_paiement_absent_reste_absent(tmp_path: Path) -> None:
    value = {
        "siren": SIREN,
        "date_valeur": day("2020-01-31"),
        "retard_days": 12,
        "known_from": known_at_end_of(m("2020-02")),
    }
    panel = panel_columns(lake_of(tmp_path, paydex=[value]), "retard_days")
    assert panel["2020-01"] == (None,)
    assert panel["2020-02"] == panel["2020-07"] == (12,)
    assert panel["2020-08"] == (None,), "six months old at most"


def test_l_activite_partielle_autorisee_est_repartie_sur_la_demande(tmp_path: Path) -> None:
    demand = {
        "siren": SIREN,
        "date_statut": day("2020-03-20"),
        "date_debut": day("2020-03-01"),
        "date_fin": day("2020-05-31"),
        "heures_centi": 300,
        "known_from": known_at_end_of(m("2020-03")),
    }
    consumed = {"siren": SIREN, "month": m("2020-04"), "heures_centi": 50, "known_from": known_at_end_of(m("2020-05"))}
    lake = lake_of(tmp_path, apdemande=[demand], apconso=[consumed])
    panel = panel_columns(lake, "ap_autorise_centi_h", "ap_3m_centi_h", "ap_demande_12m_count")
    assert panel["2020-03"] == (100, 0, 1)
    assert panel["2020-05"] == (100, 50, 1)
    assert panel["2020-06"] == (0, 50, 1)
    assert panel["2020-08"] == (0, 0, 1)
    assert panel["2021-03"] == (0, 0, 0)


def test_un_delai_refuse_n_est_pas_un_delai(tmp_path: Path) -> None:
    plan = {
        "siren": SIREN,
        "date_creation": day("2020-02-05"),
        "date_echeance": day("2020-06-04"),
        "montant_cents": 900,
        "stade": "APPROB",
        "known_from": known_at_end_of(m("2020-03")),
    }
    lake = lake_of(tmp_path, delai=[plan, {**plan, "stade": "REFUS", "montant_cents": 7}])
    panel = panel_columns(lake, "delai_cents", "delai_count", "delai_24m_count")
    assert panel["2020-03"] == panel["2020-06"] == (900, 1, 1)
    assert panel["2020-07"] == (0, 0, 1)
    assert panel["2021-12"] == (0, 0, 1)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("2020-03-15", "redressement", "ouverture")], {"2020-03": 0, "2020-04": 20, "2021-12": 20}),
        (
            [("2020-03-15", "redressement", "ouverture"), ("2020-09-01", "redressement", "plan_continuation")],
            {"2020-09": 20, "2020-10": 21},
        ),
        (
            [("2020-03-15", "sauvegarde", "ouverture"), ("2020-06-01", "liquidation", "ouverture")],
            {"2020-06": 10, "2020-07": 30},
        ),
        (
            [("2020-03-15", "redressement", "ouverture"), ("2020-09-01", "redressement", "fin_procedure")],
            {"2020-09": 20, "2020-10": 0},
        ),
        (
            [("2020-03-15", "redressement", "ouverture"), ("2020-09-01", "redressement", "abandon_procedure")],
            {"2020-09": 20, "2020-10": 0},
        ),
        ([("2020-03-15", "redressement", "solde_procedure")], {"2020-04": 0}),
        ([("2020-03-15", "", "clotureactif")], {"2020-04": 0}),
        ([("2010-03-15", "redressement", "plan_continuation")], {"2020-02": 21, "2020-03": 0}),
    ],
)
def test_une_procedure_connue_suit_le_chemin_legal(
    tmp_path: Path, events: list[tuple[str, str, str]], expected: dict[str, int]
) -> None:
    lake = lake_of(tmp_path, procol=[proceeding(SIREN, *event) for event in events])
    panel = panel_columns(lake, "etat_procol_code")
    assert {month: panel[month][0] for month in expected} == expected


def test_une_entreprise_fermee_quitte_le_panel(tmp_path: Path) -> None:
    company = a_company()
    company["sirene_histo"].append(
        {
            "siren": SIREN,
            "siret": f"{SIREN}00011",
            "date_debut": day("2020-05-10"),
            "is_active": False,
            "known_from": day("2020-06-30"),
        }
    )
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = panel_columns(lake, "exclusion")
    assert panel["2020-05"] == (None,)
    assert panel["2020-06"] == ("inactive",)
    assert max(panel) == "2021-04", "it stays for a year, with the reason why it left"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"categorie_juridique": "1000"}, "personne_physique"),
        ({"categorie_juridique": "7210"}, "categorie"),
        ({"code_naf": "84.11Z"}, "activite"),
        ({}, None),
    ],
)
def test_le_perimetre_dit_pourquoi_une_entreprise_en_sort(tmp_path: Path, change: Row, reason: str | None) -> None:
    company = a_company()
    company["sirene_ul"][0] |= change
    other = a_company("900000002")
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, {source: rows + other[source] for source, rows in company.items()})
    summary = build_panel(lake, AS_OF)
    assert summary.in_perimeter_count == (2 if reason is None else 1)
    if reason is None:
        assert panel_columns(lake, "exclusion")["2021-06"] == (None,)


def test_une_source_facultative_jamais_recue_laisse_du_vide(tmp_path: Path) -> None:
    company = a_company()
    del company["delai"], company["apconso"]
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = panel_columns(lake, "delai_cents", "ap_12m_centi_h", "debit_ouvriere_cents", "ccsf_24m_count")
    assert panel["2021-06"] == (None, None, 0, 0)


@pytest.mark.parametrize("source", ["debit", "procol", "sirene_histo"])
def test_une_source_necessaire_jamais_recue_est_refusee(tmp_path: Path, source: str) -> None:
    company = a_company()
    del company[source]
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    with pytest.raises(StageError, match=source):
        build_panel(lake, AS_OF)


def test_un_mois_apres_le_dernier_lot_n_est_pas_connu(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="the last batch is 2112"):
        build_panel(lake_of(tmp_path), AS_OF + 1)


def test_un_siege_qui_demenage_ne_fait_pas_sortir_les_mois_d_avant(tmp_path: Path) -> None:
    company = a_company()
    company["sirene"] = [
        {
            "siren": SIREN,
            "siret": f"{SIREN}00011",
            "is_siege": False,
            "departement": "75",
            "known_from": day("2005-03-01"),
        },
        {
            "siren": SIREN,
            "siret": f"{SIREN}00029",
            "is_siege": True,
            "departement": "69",
            "known_from": day("2020-05-04"),
        },
    ]
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = panel_columns(lake, "departement", "exclusion")
    assert panel["2020-04"] == ("75", None)
    assert panel["2020-05"] == ("69", None)


def test_un_delai_corrige_ne_redevient_pas_recent(tmp_path: Path) -> None:
    plan = {
        "siren": SIREN,
        "date_creation": day("2018-02-05"),
        "date_echeance": day("2018-06-04"),
        "montant_cents": 900,
        "stade": "APPROB",
        "known_from": known_at_end_of(m("2018-03")),
    }
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, m("2021-06"), {**a_company(), "delai": [plan]})
    corrected = plan | {"montant_cents": 800, "known_from": known_at_end_of(m("2021-08"))}
    stage(lake, "delai", m("2021-08"), [corrected], withdrawn=[(m("2021-06"), 0)])
    stage(lake, "ccsf", AS_OF, [])
    panel = panel_columns(lake, "delai_24m_count")
    assert (panel["2020-02"], panel["2020-03"], panel["2021-08"]) == ((1,), (0,), (0,))


def test_un_lac_peut_vivre_dans_un_dossier_de_n_importe_quel_nom(tmp_path: Path) -> None:
    for name in ("l'usine", "a[1]", "month=3", "tout *"):
        lake = lake_of(tmp_path / name)
        assert build_panel(lake, AS_OF).in_perimeter_count == 1
        assert build_features(lake, AS_OF).in_perimeter_count == 1
        assert read_labels(lake, AS_OF).rows_count > 0


def test_le_seuil_d_effectif_doit_avoir_ete_atteint_dans_la_fenetre(tmp_path: Path) -> None:
    company = a_company(effectif=5)
    for row in company["effectif_ent"]:
        if row["month"] == m("2017-01"):
            row["effectif_count"] = 12
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = panel_columns(lake, "exclusion")
    assert "2017-03" not in panel
    assert panel["2017-04"] == (None,), "known three months later"
    assert panel["2020-03"] == (None,)
    assert panel["2020-04"] == ("effectif",), "36 months later"
