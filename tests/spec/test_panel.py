"""Règles du panel, en petits tableaux : ce que l'on savait à la fin de chaque mois."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

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
    notice,
    proceeding,
    stage,
    stage_all,
)
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.features.build import build_features
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.build import build_panel
from signaux_faibles.target import build_target

AS_OF = m("2021-12")


def _panel(lake: Lake, *columns: str, as_of: int = AS_OF) -> dict[str, tuple[Any, ...]]:
    """Columns of the company, by month."""
    build_panel(lake, as_of)
    return _panel_of(lake, SIREN, *columns, as_of=as_of)


def _panel_of(lake: Lake, siren: str, *columns: str, as_of: int = AS_OF) -> dict[str, tuple[Any, ...]]:
    rows = duckdb.sql(
        f"SELECT month, {', '.join(columns)} FROM read_parquet('{lake.panel(as_of)}/panel/*.parquet')"
        f" WHERE siren = '{siren}' ORDER BY month"
    ).fetchall()
    return {format_month(row[0]): row[1:] for row in rows}


def _lake(path: Path, **sources: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), **sources})
    return lake


def test_un_effectif_est_connu_trois_mois_apres(tmp_path: Path) -> None:
    company = a_company()
    for row in company["effectif_ent"]:
        row["effectif_count"] = 20 if row["month"] < m("2020-06") else 15
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = _panel(lake, "effectif_count", "effectif_month")
    assert panel["2020-08"] == (20, m("2020-05"))
    assert panel["2020-09"] == (15, m("2020-06"))


def test_un_effectif_en_retard_est_porte_avec_son_age(tmp_path: Path) -> None:
    company = a_company(until="2020-12")
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = _panel(lake, "effectif_count", "effectif_month")
    assert panel["2021-11"] == (20, m("2020-12"))
    assert panel["2021-12"] == (20, m("2020-12")), "an old headcount is carried, the company does not vanish"


def test_une_dette_suit_la_derniere_operation_connue(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        debit=[
            debt_operation(SIREN, 1, "2020-02-10", 100, 200),
            debt_operation(SIREN, 2, "2020-04-25", 40, 60),
            debt_operation(SIREN, 3, "2020-08-02", 0, 0),
        ],
    )
    panel = _panel(lake, "debit_ouvriere_cents", "debit_patronale_cents", "debit_open_count")
    assert panel["2020-02"] == (0, 0, 0), "booked in February, in the file of March"
    assert panel["2020-03"] == panel["2020-04"] == (10000, 20000, 1)
    assert panel["2020-05"] == panel["2020-08"] == (4000, 6000, 1)
    assert panel["2020-09"] == (0, 0, 0)


def test_une_operation_sans_numero_ne_passe_pas_devant_les_autres(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        debit=[debt_operation(SIREN, 2, "2020-02-10", 70, 0), debt_operation(SIREN, None, "2020-02-11", 5, 0)],
    )
    assert _panel(lake, "debit_ouvriere_cents")["2020-06"] == (7000,)


def test_deux_comptes_d_un_etablissement_sont_deux_dettes(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        debit=[
            debt_operation(SIREN, 1, "2020-02-10", 70, 0),
            debt_operation(SIREN, 1, "2020-02-10", 30, 0, compte="2"),
        ],
    )
    assert _panel(lake, "debit_ouvriere_cents")["2020-06"] == (10000,)


def test_une_operation_retiree_par_un_lot_compte_jusqu_a_ce_lot(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    company = a_company()
    stage_all(lake, m("2021-06"), {**company, "debit": [debt_operation(SIREN, 1, "2020-02-10", 70, 0)]})
    stage(lake, "debit", m("2021-08"), [], withdrawn=[(m("2021-06"), 0)])
    stage(lake, "ccsf", AS_OF, [])
    panel = _panel(lake, "debit_ouvriere_cents")
    assert panel["2021-07"] == (7000,)
    assert panel["2021-08"] == (0,)


def test_les_cotisations_de_douze_mois_comptent_les_mois_de_donnees(tmp_path: Path) -> None:
    lake = _lake(tmp_path, cotisation=contributions(SIREN, "2019-01", "2021-12", 100))
    panel = _panel(lake, "cotisation_3m_cents", "cotisation_12m_cents")
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
    lake = _lake(tmp_path, cotisation=[quarter])
    assert _panel(lake, "cotisation_3m_cents", "cotisation_12m_cents")["2020-04"] == (100, 100)
    # Of the quarter, the window of March to May holds March only: the third, smallest share.
    assert _panel(lake, "cotisation_3m_cents")["2020-06"] == (33,)
    lake = _lake(tmp_path / "negative", cotisation=[negative])
    assert _panel(lake, "cotisation_3m_cents", "cotisation_12m_cents")["2020-04"] == (-100, -100)


def test_une_cotisation_corrigee_ne_change_que_les_mois_d_apres_la_correction(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, m("2021-06"), {**a_company(), "cotisation": contributions(SIREN, "2021-01", "2021-05", 100)})
    corrected = {**contributions(SIREN, "2021-03", "2021-03", 500)[0], "known_from": known_at_end_of(m("2021-08"))}
    stage(lake, "cotisation", m("2021-08"), [corrected], withdrawn=[(m("2021-06"), 2)])
    stage(lake, "ccsf", AS_OF, [])
    panel = _panel(lake, "cotisation_12m_cents")
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
    lake = _lake(tmp_path, comptes=accounts)
    panel = _panel(lake, "cloture_month", "chiffre_d_affaires_cents", "previous_chiffre_d_affaires_cents")
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
    panel = _panel(_lake(tmp_path, comptes=[old]), "ebe_cents")
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
    assert _panel(_lake(tmp_path, comptes=[group]), "ebe_cents")["2020-08"] == (None,)


def test_un_retard_de_paiement_absent_reste_absent(tmp_path: Path) -> None:
    value = {
        "siren": SIREN,
        "date_valeur": day("2020-01-31"),
        "retard_days": 12,
        "known_from": known_at_end_of(m("2020-02")),
    }
    panel = _panel(_lake(tmp_path, paydex=[value]), "retard_days")
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
    lake = _lake(tmp_path, apdemande=[demand], apconso=[consumed])
    panel = _panel(lake, "ap_autorise_centi_h", "ap_3m_centi_h", "ap_demande_12m_count")
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
    lake = _lake(tmp_path, delai=[plan, {**plan, "stade": "REFUS", "montant_cents": 7}])
    panel = _panel(lake, "delai_cents", "delai_count", "delai_24m_count")
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
    lake = _lake(tmp_path, procol=[proceeding(SIREN, *event) for event in events])
    panel = _panel(lake, "etat_procol_code")
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
    assert max(_panel(lake, "exclusion")) == "2020-05"


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
        assert _panel(lake, "exclusion")["2021-06"] == (None,)


def test_une_source_facultative_jamais_recue_laisse_du_vide(tmp_path: Path) -> None:
    company = a_company()
    del company["delai"], company["apconso"]
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = _panel(lake, "delai_cents", "ap_12m_centi_h", "debit_ouvriere_cents", "ccsf_24m_count")
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
        build_panel(_lake(tmp_path), AS_OF + 1)


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
    panel = _panel(lake, "departement", "exclusion")
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
    panel = _panel(lake, "delai_24m_count")
    assert (panel["2020-02"], panel["2020-03"], panel["2021-08"]) == ((1,), (0,), (0,))


def test_un_lac_peut_vivre_dans_un_dossier_de_n_importe_quel_nom(tmp_path: Path) -> None:
    for name in ("l'usine", "a[1]", "month=3", "tout *"):
        lake = _lake(tmp_path / name)
        assert build_panel(lake, AS_OF).in_perimeter_count == 1
        assert build_features(lake, AS_OF) == build_target(lake, AS_OF) > 0


def test_le_seuil_d_effectif_doit_avoir_ete_atteint_dans_la_fenetre(tmp_path: Path) -> None:
    company = a_company(effectif=5)
    for row in company["effectif_ent"]:
        if row["month"] == m("2017-01"):
            row["effectif_count"] = 12
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, AS_OF, company)
    panel = _panel(lake, "exclusion")
    assert panel["2017-03"] == ("effectif",)
    assert panel["2017-04"] == (None,), "known three months later"
    assert panel["2020-03"] == (None,)
    assert panel["2020-04"] == ("effectif",), "36 months later"


LIQUIDATION, REDRESSEMENT, PLAN = 30, 20, 21


def test_un_jugement_compte_des_la_premiere_annonce_connue(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        procol=[proceeding(SIREN, "2020-03-20", "liquidation", "ouverture")],
        bodacc=[notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "ouverture")],
    )
    panel = _panel(lake, "etat_procol_code")
    assert panel["2020-02"] == (0,)
    assert panel["2020-03"] == (LIQUIDATION,), "the notice of March came before Urssaf's file of April"
    rows = _proceedings(lake)
    assert rows["2020-03"] == (LIQUIDATION, True)
    assert sum(opening for _, opening in rows.values()) == 1, "one event told twice is one opening"


def test_un_jugement_sans_date_compte_de_sa_parution(tmp_path: Path) -> None:
    lake = _lake(tmp_path, bodacc=[notice(SIREN, "2020-03-29", None, "redressement", "ouverture")])
    assert _panel(lake, "etat_procol_code")["2020-03"] == (REDRESSEMENT,)


def test_une_annonce_annulee_compte_jusqu_a_l_annulation(tmp_path: Path) -> None:
    wrong = notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "ouverture", annonce="A1")
    gone = notice(SIREN, "2020-06-02", None, None, None, annonce="A2", annonce_precedente="A1", type_avis="annulation")
    lake = _lake(tmp_path, bodacc=[wrong, gone])
    panel = _panel(lake, "etat_procol_code")
    assert panel["2020-05"] == (LIQUIDATION,), "in May nobody knew"
    assert panel["2020-06"] == (0,)
    assert _proceedings(lake) == {}, "what never was in force is no event to foresee"


def test_un_rectificatif_remplace_meme_s_il_nomme_une_autre_entreprise(tmp_path: Path) -> None:
    other = "900000003"
    wrong = notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "ouverture", annonce="A1")
    right = notice(
        other,
        "2020-05-29",
        "2020-03-20",
        "liquidation",
        "ouverture",
        annonce="A2",
        annonce_precedente="A1",
        type_avis="rectificatif",
    )
    lake = new_lake(tmp_path / "lake")
    both = a_company() | {name: rows + a_company(other)[name] for name, rows in a_company().items()}
    stage_all(lake, AS_OF, {**both, "bodacc": [wrong, right]})
    build_panel(lake, AS_OF, bucket_companies=1)
    panel = _panel_of(lake, SIREN, "etat_procol_code")
    assert (panel["2020-04"], panel["2020-05"]) == ((LIQUIDATION,), (0,))
    assert _panel_of(lake, other, "etat_procol_code")["2020-05"] == (LIQUIDATION,)


def test_une_annonce_de_nature_inconnue_ne_change_rien(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        bodacc=[
            notice(SIREN, "2020-03-29", "2020-03-20", "redressement", "ouverture"),
            notice(SIREN, "2020-05-29", "2020-05-20", "redressement", None),
            notice(SIREN, "2020-06-29", "2020-06-20", None, None),
        ],
    )
    assert {_panel(lake, "etat_procol_code")[f"2020-{month:02d}"] for month in range(3, 13)} == {(REDRESSEMENT,)}


def test_une_conversion_met_fin_a_la_procedure_plus_legere(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        bodacc=[
            notice(SIREN, "2019-03-29", "2019-03-20", "redressement", "ouverture"),
            notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "conversion"),
            notice(SIREN, "2021-03-29", "2021-03-20", "liquidation", "fin_procedure"),
        ],
    )
    panel = _panel(lake, "etat_procol_code")
    assert [panel[month] for month in ("2020-02", "2020-03", "2021-02")] == [(20,), (30,), (30,)]
    assert panel["2021-03"] == (0,), "the redressement ended when it was converted"


@pytest.mark.parametrize(("stade", "apres"), [("extension", 0), ("reprise", 0), ("abandon_procedure", REDRESSEMENT)])
def test_une_procedure_plus_grave_met_fin_aux_autres_sauf_si_elle_est_defaite(
    tmp_path: Path, stade: str, apres: int
) -> None:
    end = stade if stade == "abandon_procedure" else "fin_procedure"
    lake = _lake(
        tmp_path,
        procol=[proceeding(SIREN, "2019-03-20", "redressement", "ouverture")],
        bodacc=[
            notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", stade),
            notice(SIREN, "2021-03-29", "2021-03-20", "liquidation", end),
        ],
    )
    assert _panel(lake, "etat_procol_code")["2021-03"] == (apres,)


def test_la_cloture_d_une_liquidation_clot_le_redressement_que_l_urssaf_dit_encore(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        procol=[
            proceeding(SIREN, "2019-03-20", "redressement", "ouverture"),
            proceeding(SIREN, "2020-03-20", "liquidation", "ouverture"),
        ],
        bodacc=[notice(SIREN, "2021-03-29", "2021-03-20", "liquidation", "fin_procedure")],
    )
    panel = _panel(lake, "etat_procol_code")
    assert (panel["2021-02"], panel["2021-03"]) == ((LIQUIDATION,), (0,))


def test_une_cloture_sans_nature_met_fin_a_toute_procedure(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        bodacc=[
            notice(SIREN, "2019-03-29", "2019-03-20", "redressement", "plan_continuation"),
            notice(SIREN, "2020-03-29", "2020-03-20", None, "fin_procedure"),
        ],
    )
    panel = _panel(lake, "etat_procol_code")
    assert (panel["2020-02"], panel["2020-03"]) == ((PLAN,), (0,))


def _open_lake(path: Path, **sources: list[Row]) -> Lake:
    lake = new_lake(path / "lake", profile=OPEN)
    stage_all(lake, AS_OF, {**an_open_company(), **sources})
    return lake


def test_les_donnees_ouvertes_seules_donnent_un_panel_ou_le_reste_est_inconnu(tmp_path: Path) -> None:
    lake = _open_lake(tmp_path)
    names = ("debit_ouvriere_cents", "cotisation_12m_cents", "ap_12m_centi_h", "paydex_month", "cloture_month")
    panel = _panel(lake, "exclusion", "effectif_count", "effectif_mensuel_count", *names)
    assert set(panel.values()) == {(None, 20, None, None, None, None, None, None)}
    assert (min(panel), max(panel)) == ("2014-01", "2021-12")


def test_une_tranche_dit_son_annee_une_fois_finie(tmp_path: Path) -> None:
    panel = _panel(_open_lake(tmp_path), "effectif_month")
    assert panel["2018-11"] == (None,), "the stock of 2021 says the end of 2018: how old is that in November?"
    assert panel["2018-12"] == panel["2021-12"] == (m("2018-12"),)


@pytest.mark.parametrize(
    ("tranche", "is_in"), [("NN", False), (None, False), ("03", False), ("11", True), ("53", True)]
)
def test_une_tranche_de_dix_salaries_ouvre_le_perimetre(tmp_path: Path, tranche: str, is_in: bool) -> None:
    company, other = an_open_company(tranche=tranche), an_open_company("900000003")
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    stage_all(lake, AS_OF, {name: rows + other[name] for name, rows in company.items()})
    assert build_panel(lake, AS_OF).in_perimeter_count == 1 + is_in


def test_un_perimetre_vide_est_dit(tmp_path: Path) -> None:
    lake = _open_lake(tmp_path, sirene_ul=an_open_company(tranche="03")["sirene_ul"])
    with pytest.raises(StageError, match="10 employees"):
        build_panel(lake, AS_OF)
    assert not lake.panel(AS_OF).exists()


def test_une_tranche_nouvelle_compte_du_lot_qui_la_porte(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    stage_all(lake, m("2020-06"), an_open_company(tranche="11", annee=2017))
    later = an_open_company(tranche="21", annee=2018)["sirene_ul"][0] | {"known_from": known_at_end_of(AS_OF)}
    stage(lake, "sirene_ul", AS_OF, [later], withdrawn=[(m("2020-06"), 0)])
    panel = _panel(lake, "effectif_count")
    assert (panel["2021-11"], panel["2021-12"]) == ((10,), (50,))
    assert panel["2015-01"] == (10,), "the first stock stands for the past"


def test_sans_historique_un_etablissement_ferme_l_etait_depuis_sa_derniere_periode(tmp_path: Path) -> None:
    site = an_open_company()["sirene"][0] | {"is_active": False, "date_debut": day("2020-05-12")}
    panel = _panel(_open_lake(tmp_path, sirene=[site]), "etablissements_actifs_count")
    assert max(panel) == "2020-05", "closed in May, known in June: the company leaves the panel"
    assert panel["2020-05"] == (1,)


def test_avec_les_seules_donnees_ouvertes_la_cible_vient_du_bodacc(tmp_path: Path) -> None:
    ours = [notice(SIREN, "2019-03-29", "2019-03-20", "liquidation", "ouverture")]
    others = [notice("900000003", when, when, "liquidation", "ouverture") for when in ("2014-01-10", "2021-12-10")]
    labels = _open_labels(tmp_path, [*ours, *others])
    assert labels[m("2016-01")] == labels[m("2017-08")] == 0
    assert labels[m("2017-09")] == labels[m("2019-02")] == 1
    assert labels[m("2019-03")] is None


def test_les_annonces_ne_disent_que_les_mois_de_leur_export(tmp_path: Path) -> None:
    """An export asked for from 2018 to June 2020 and imported in December 2021 says nothing of the other months."""
    days = ("2018-02-10", "2020-06-10")
    labels = _open_labels(tmp_path, [notice("900000003", when, when, "liquidation", "ouverture") for when in days])
    known = [month for month, failure in labels.items() if failure is not None]
    assert (min(known), max(known)) == (m("2018-02"), m("2020-06") - 19)
    assert min(labels) < m("2018-02"), "the months before are there, and nobody knows"


def test_sans_aucune_annonce_connue_il_n_y_a_pas_de_cible(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="No notice of the Bodacc"):
        _open_labels(tmp_path, [])


def _open_labels(path: Path, notices: list[Row]) -> dict[int, int | None]:
    lake = _open_lake(path, bodacc=notices)
    build_panel(lake, AS_OF)
    build_target(lake, AS_OF)
    labels = duckdb.sql(f"SELECT month, failure FROM '{lake.panel(AS_OF)}/target/*.parquet' ORDER BY month")
    return dict(labels.fetchall())


def test_sans_annonce_du_bodacc_les_donnees_ouvertes_ne_suffisent_pas(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    stage_all(lake, AS_OF, {name: rows for name, rows in an_open_company().items() if name != "bodacc"})
    with pytest.raises(StageError, match="bodacc"):
        build_panel(lake, AS_OF)


def _proceedings(lake: Lake) -> dict[str, tuple[int, bool]]:
    rows = duckdb.sql(
        "SELECT month, etat_procol_code, is_opening"
        f" FROM read_parquet('{lake.panel(AS_OF)}/proceedings/*.parquet') WHERE siren = '{SIREN}' ORDER BY month"
    ).fetchall()
    return {format_month(month): (code, opening) for month, code, opening in rows}


def test_un_paquet_fini_est_sur_le_disque_avant_de_porter_son_nom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves the names of files that were renamed, and not always what was in them."""
    lake = _lake(tmp_path)
    synced: set[int] = set()
    really_sync, really_rename = os.fsync, Path.rename
    renamed: dict[str, bool] = {}

    def sync(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        really_sync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        if path.suffix == ".tmp" and target.suffix == ".parquet":
            renamed[f"{target.parent.name}/{target.name}"] = path.stat().st_ino in synced
        return really_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    build_panel(lake, AS_OF)
    assert renamed == {"panel/part-00000.parquet": True, "proceedings/part-00000.parquet": True}
