"""Variables calculées à la main : dettes récentes, échéanciers, motifs, exercices, mouvements."""

from __future__ import annotations

from pathlib import Path

import duckdb
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
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features.build import build_features, current_features
from signaux_faibles.features.catalogue import FEATURE_NAMES
from signaux_faibles.lake import Lake

AS_OF = m("2021-12")
Values = dict[str, float | None]


def _lake(path: Path, **sources: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), **sources})
    build_features(lake, AS_OF)
    return lake


def _at(lake: Lake, month: str) -> Values:
    rows = duckdb.sql(
        f"SELECT {', '.join(FEATURE_NAMES)} FROM {parquet_sql(current_features(lake, AS_OF))}"
        f" WHERE siren = '{SIREN}' AND month = {m(month)}"
    ).fetchall()
    return dict(zip(FEATURE_NAMES, rows[0], strict=True))


def _plan(created: str, due: str, eur: int, stade: str = "APPROB") -> Row:
    when = day(created)
    return {
        "siren": SIREN,
        "date_creation": when,
        "date_echeance": day(due),
        "montant_cents": eur * 100,
        "stade": stade,
        "known_from": known_at_end_of(when.year * 12 + when.month),
    }


def _accounts(closed: str, ca_eur: int | None, **other: float | str | None) -> Row:
    when = day(closed)
    return {
        "siren": SIREN,
        "date_cloture": when,
        "type_bilan": "C",
        "chiffre_d_affaires_cents": None if ca_eur is None else ca_eur * 100,
        "known_from": known_at_end_of(when.year * 12 + when.month - 1 + 7),
        **other,
    }


def test_une_dette_cesse_d_etre_recente_un_an_apres_le_debut_de_sa_periode(tmp_path: Path) -> None:
    recent = {"numero_ecart": "201", "start_month": m("2020-07"), "end_month": m("2020-08")}
    lake = _lake(
        tmp_path,
        debit=[
            debt_operation(SIREN, 1, "2020-02-10", 100, 200),
            debt_operation(SIREN, 1, "2020-09-10", 300, 600, **recent),
            debt_operation(SIREN, 2, "2021-02-10", 100, 0, **recent),
            debt_operation(SIREN, 3, "2021-08-10", 50, 0, **recent),
        ],
    )
    expected = {
        "2020-09": (0, 0),
        "2020-10": (900 / 1200, 1),
        "2021-02": (900 / 1200, 1),
        "2021-03": (100 / 400, 1),
        "2021-06": (100 / 400, 1),
        "2021-07": (0, 0),
        "2021-10": (0, 0),
    }
    for month, (share, count) in expected.items():
        values = _at(lake, month)
        assert values["debit_recent_share_ratio"] == pytest.approx(share), month
        assert values["debit_recent_count"] == count, month


def test_une_dette_recente_retiree_ne_compte_plus(tmp_path: Path) -> None:
    """The file of May no longer holds it: neither recent nor old, and its end as recent adds nothing."""
    lake = new_lake(tmp_path / "lake")
    row = debt_operation(SIREN, 1, "2020-09-10", 300, 600, start_month=m("2020-07"), end_month=m("2020-08"))
    stage_all(lake, m("2021-01"), {**a_company(), "debit": [row]})
    stage(lake, "debit", m("2021-05"), [], [(m("2021-01"), 0)])
    stage(lake, "comptes", AS_OF, [])
    build_features(lake, AS_OF)
    assert _at(lake, "2021-04")["debit_recent_count"] == 1
    for month in ("2021-05", "2021-07", "2021-12"):
        assert _at(lake, month)["debit_recent_count"] == 0, month


def test_l_ecart_a_l_echeancier_est_ce_que_l_on_doit_de_trop(tmp_path: Path) -> None:
    """12,000 euros in twelve instalments from January: 7,000 should be left at the end of June."""
    lake = _lake(
        tmp_path,
        delai=[_plan("2021-01-15", "2022-01-15", 12_000)],
        debit=[
            debt_operation(SIREN, 1, "2020-11-10", 2_000, 10_000),
            debt_operation(SIREN, 2, "2021-04-10", 1_000, 8_000),
        ],
    )
    assert _at(lake, "2021-01")["delai_ecart_ratio"] is None, "the plan is known in February"
    assert _at(lake, "2021-02")["delai_ecart_ratio"] == pytest.approx((12_000 - 11_000) / 12_000)
    assert _at(lake, "2021-06")["delai_ecart_ratio"] == pytest.approx((9_000 - 7_000) / 12_000)


def test_un_refus_et_un_rejet_se_comptent_deux_ans(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        delai=[
            _plan("2019-03-15", "2020-03-15", 100, "REFUS"),
            _plan("2020-05-15", "2021-03-15", 100, "REJ"),
            _plan("2020-06-15", "2021-03-15", 100, "FIN"),
        ],
    )
    counts = [_at(lake, t)["delai_refuse_24m_count"] for t in ("2019-03", "2019-04", "2020-06", "2021-03", "2021-04")]
    assert counts == [0, 1, 2, 2, 1]


def test_les_cotisations_se_comparent_a_celles_d_avant(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        cotisation=[
            *contributions(SIREN, "2018-01", "2020-11", 100),
            *contributions(SIREN, "2020-12", "2021-02", 200),
            *contributions(SIREN, "2021-03", "2021-12", 300),
        ],
    )
    values = _at(lake, "2021-06")
    assert values["cotisation_change_3m_ratio"] == pytest.approx(300 / 200 - 1)
    assert values["cotisation_change_6m_ratio"] == pytest.approx(1500 / 600 - 1)
    assert values["cotisation_par_effectif_change_12m_ratio"] == pytest.approx((6 * 100 + 1500) / 1200 - 1)


def test_les_heures_autorisees_se_partagent_par_motif(tmp_path: Path) -> None:
    def request(motif: int | None, hours: int) -> Row:
        return {
            "siren": SIREN,
            "date_statut": day("2021-01-10"),
            "date_debut": day("2021-02-01"),
            "date_fin": day("2021-05-31"),
            "heures_centi": hours * 100,
            "motif": motif,
            "known_from": known_at_end_of(m("2021-01")),
        }

    worked = 20 * 151.67 * 12
    lake = _lake(
        tmp_path,
        apdemande=[request(1, 400), request(2, 800), request(4, 1200), request(5, 1600), request(6, 2000)],
        apconso=[{"siren": SIREN, "month": m("2021-03"), "heures_centi": 600_00, "known_from": day("2021-04-30")}],
    )
    may = _at(lake, "2021-05")
    assert may["ap_economique_12m_ratio"] == pytest.approx(300 / worked), "February to April, a fourth a month"
    assert may["ap_approvisionnement_12m_ratio"] == pytest.approx(600 / worked)
    assert may["ap_restructuration_12m_ratio"] == pytest.approx(900 / worked)
    assert may["ap_exceptionnel_12m_ratio"] == pytest.approx(1200 / worked)
    assert may["ap_special_12m_ratio"] == pytest.approx(1500 / worked)
    assert may["ap_consomme_sur_autorise_ratio"] == pytest.approx(600 / 4500)
    assert _at(lake, "2021-06")["ap_economique_12m_ratio"] == pytest.approx(400 / worked)
    assert _at(lake, "2021-02")["ap_consomme_sur_autorise_ratio"] is None


def test_un_exercice_de_dix_huit_mois_est_ramene_a_douze(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        comptes=[
            _accounts("2018-06-30", 900_000),
            _accounts("2019-06-30", 1_000_000),
            _accounts("2020-12-31", 1_800_000),
        ],
    )
    june, july = _at(lake, "2021-06"), _at(lake, "2021-07")
    assert june["chiffre_d_affaires_eur"] == 1_000_000, "the last accounts are known in July"
    assert june["chiffre_d_affaires_change_ratio"] == pytest.approx(1_000 / 900 - 1)
    assert june["chiffre_d_affaires_change_24m_ratio"] is None
    assert july["chiffre_d_affaires_eur"] == pytest.approx(1_200_000)
    assert july["chiffre_d_affaires_change_ratio"] == pytest.approx(0.2)
    assert july["chiffre_d_affaires_change_24m_ratio"] == pytest.approx(1_200 / 900 - 1)


def test_l_exercice_le_plus_ancien_est_ramene_a_douze_mois_lui_aussi(tmp_path: Path) -> None:
    """Eighteen months to the end of 2018, for 1,800,000: 1,200,000 a year, as in 2020."""
    closed = [("2017-06-30", 900_000), ("2018-12-31", 1_800_000), ("2019-12-31", 1_000_000), ("2020-12-31", 1_200_000)]
    lake = _lake(tmp_path, comptes=[_accounts(*exercise) for exercise in closed])
    assert _at(lake, "2021-07")["chiffre_d_affaires_change_24m_ratio"] == 0
    alone = _lake(tmp_path / "alone", comptes=[_accounts(*exercise) for exercise in closed[1:]])
    assert _at(alone, "2021-07")["chiffre_d_affaires_change_24m_ratio"] == pytest.approx(1_200 / 1_800 - 1)


def test_une_annee_de_comptes_manquante_n_est_pas_un_exercice_de_deux_ans(tmp_path: Path) -> None:
    lake = _lake(tmp_path, comptes=[_accounts("2018-12-31", 900_000), _accounts("2020-12-31", 1_800_000)])
    values = _at(lake, "2021-07")
    assert values["chiffre_d_affaires_eur"] == 1_800_000
    assert values["chiffre_d_affaires_change_ratio"] is None


def test_un_exercice_d_avant_depose_tard_ne_sert_qu_ensuite(tmp_path: Path) -> None:
    late = _accounts("2019-12-31", 1_000_000) | {"known_from": known_at_end_of(m("2021-10"))}
    lake = _lake(tmp_path, comptes=[late, _accounts("2020-12-31", 1_500_000)])
    assert _at(lake, "2021-09")["chiffre_d_affaires_change_ratio"] is None
    assert _at(lake, "2021-10")["chiffre_d_affaires_change_ratio"] == pytest.approx(0.5)


def test_les_exercices_en_perte_se_comptent_sur_trois(tmp_path: Path) -> None:
    losses = {"resultat_net_cents": -100, "autonomie_financiere_pct": -5.0}
    lake = _lake(
        tmp_path,
        comptes=[
            _accounts("2017-12-31", 1_000, **losses),
            _accounts("2018-12-31", 1_000, **losses),
            _accounts("2019-12-31", 1_000, resultat_net_cents=0, autonomie_financiere_pct=1.0),
            _accounts("2020-12-31", 1_000, resultat_net_cents=-1, autonomie_financiere_pct=0.0),
        ],
    )
    values = _at(lake, "2021-07")
    assert values["pertes_3_exercices_count"] == 2, "2018 and 2020; 2017 is too old"
    assert values["capitaux_propres_negatifs_3_exercices_count"] == 1


def test_des_comptes_consolides_disent_un_groupe_et_rien_de_ses_chiffres(tmp_path: Path) -> None:
    lake = _lake(tmp_path, comptes=[_accounts("2018-12-31", 5_000, type_bilan="K")])
    assert _at(lake, "2019-06")["groupe_code"] == 0
    assert _at(lake, "2019-07")["groupe_code"] == 1
    assert _at(lake, "2019-07")["chiffre_d_affaires_eur"] is None
    assert _at(lake, "2021-11")["groupe_code"] == 1
    assert _at(lake, "2021-12")["groupe_code"] == 0, "closed three years ago"


def test_un_etablissement_ouvert_ou_ferme_compte_une_fois_pendant_un_an(tmp_path: Path) -> None:
    def period(start: str, *, active: bool, known: str | None = None) -> Row:
        when = day(start)
        return {
            "siren": SIREN,
            "siret": f"{SIREN}00029",
            "date_debut": when,
            "is_active": active,
            "known_from": day(known) if known else known_at_end_of(when.year * 12 + when.month),
        }

    company = a_company()
    moved = [
        period("2020-03-10", active=True),
        period("2020-08-10", active=True),
        period("2021-02-10", active=False),
        period("2021-04-10", active=False),
    ]
    lake = _lake(tmp_path, sirene_histo=[*company["sirene_histo"], *moved])
    opened = [_at(lake, t)["etablissements_ouverts_12m_count"] for t in ("2020-03", "2020-04", "2021-03", "2021-04")]
    closed = [_at(lake, t)["etablissements_fermes_12m_count"] for t in ("2021-02", "2021-03", "2021-12")]
    assert (opened, closed) == ([0, 1, 1, 0], [0, 1, 1])


def _second_site(start: str, *, active: bool) -> Row:
    when = day(start)
    known = known_at_end_of(when.year * 12 + when.month)
    return {"siren": SIREN, "siret": f"{SIREN}00029", "date_debut": when, "is_active": active, "known_from": known}


def test_un_etablissement_qui_ferme_de_nouveau_compte_de_nouveau(tmp_path: Path) -> None:
    """Closed in 2012, open again in 2015: its closing of 2021 is the one of the year. Two in a year are one site."""
    moved = [
        _second_site("2008-03-10", active=True),
        _second_site("2012-05-10", active=False),
        _second_site("2015-06-10", active=True),
        _second_site("2021-02-10", active=False),
        _second_site("2021-05-10", active=True),
        _second_site("2021-09-10", active=False),
    ]
    lake = _lake(tmp_path, sirene_histo=[*a_company()["sirene_histo"], *moved])
    closed = [_at(lake, t)["etablissements_fermes_12m_count"] for t in ("2021-02", "2021-03", "2021-06", "2021-10")]
    assert closed == [0, 1, 1, 1]


def test_une_fermeture_dont_la_date_change_reste_une_fermeture(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    company = a_company()
    rows = [*company["sirene_histo"], _second_site("2008-03-10", active=True), _second_site("2021-02-10", active=False)]
    stage_all(lake, m("2021-04"), {**company, "sirene_histo": rows})
    now = {"known_from": known_at_end_of(m("2021-06"))}
    stage(lake, "sirene_histo", m("2021-06"), [_second_site("2021-01-20", active=False) | now], [(m("2021-04"), 2)])
    stage(lake, "comptes", AS_OF, [])
    build_features(lake, AS_OF)
    assert [_at(lake, t)["etablissements_fermes_12m_count"] for t in ("2021-03", "2021-06", "2021-12")] == [1, 1, 1]


def test_la_dispersion_de_l_effectif_est_celle_des_mois_connus(tmp_path: Path) -> None:
    company = a_company()
    for row in company["effectif_ent"]:
        row["effectif_count"] = 30 if row["month"] >= m("2020-12") else 10
    values = _at(_lake(tmp_path, effectif_ent=company["effectif_ent"]), "2021-06")
    assert values["effectif_spread_12m_ratio"] == pytest.approx(
        ((4 * 30**2 + 8 * 10**2) / 12 - (200 / 12) ** 2) ** 0.5 / (200 / 12)
    ), "thirty known from March on: four months of twelve"


def test_les_mois_passes_en_procedure_se_comptent_sur_trois_ans(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        procol=[
            proceeding(SIREN, "2020-01-10", "sauvegarde", "ouverture"),
            proceeding(SIREN, "2020-07-10", "sauvegarde", "fin_procedure"),
        ],
    )
    assert [_at(lake, t)["procol_36m_count"] for t in ("2020-01", "2020-02", "2020-12", "2021-12")] == [0, 1, 6, 6]


def test_le_retard_en_part_de_l_encours_se_compare_a_un_an(tmp_path: Path) -> None:
    def value(when: str, share: float) -> Row:
        date = day(when)
        return {
            "siren": SIREN,
            "date_valeur": date,
            "retard_days": 5,
            "fpi_30_pct": share,
            "known_from": known_at_end_of(date.year * 12 + date.month),
        }

    lake = _lake(tmp_path, paydex=[value("2020-05-31", 10.0), value("2021-05-31", 35.0)])
    values = _at(lake, "2021-06")
    assert values["fpi_30_change_12m_ratio"] == pytest.approx(0.25)
    assert values["retard_age_months"] == 1
    assert _at(lake, "2021-12")["retard_age_months"] is None, "seven months old"


def test_un_retard_dont_on_n_a_qu_une_valeur_n_a_pas_de_variation(tmp_path: Path) -> None:
    def value(when: str, days: int) -> Row:
        date = day(when)
        known = known_at_end_of(date.year * 12 + date.month)
        return {"siren": SIREN, "date_valeur": date, "retard_days": days, "known_from": known}

    lake = _lake(tmp_path, paydex=[value("2021-01-31", 30), value("2021-06-30", 30), value("2021-09-30", 42)])
    assert _at(lake, "2021-05")["retard_days"] == 30
    changes = [_at(lake, t)["retard_change_3m_days"] for t in ("2021-05", "2021-07", "2021-09", "2021-10")]
    assert changes == [None, 0, 0, 12], "the same value at both ends, two of the same days, the same again, another"
