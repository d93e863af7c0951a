"""Cotisations d'une jeune entreprise, délais et dossiers CCSF : ce qui est compté est ce que disent les mots."""

from __future__ import annotations

from datetime import date
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
    stage,
    stage_all,
)
from signaux_faibles.explain.sentences import sentence_of
from signaux_faibles.features.catalogue import BY_NAME
from spec.panel_samples import AS_OF, features_by_month, lake_of, panel_columns


def _known_after(when: date) -> date:
    return known_at_end_of(when.year * 12 + when.month)


def _plan(number: str | None, created: str, due: str, eur: int, **other: object) -> Row:
    when = day(created)
    return {
        "siren": SIREN,
        "compte": "1",
        "numero_contentieux": number,
        "date_creation": when,
        "date_echeance": day(due),
        "montant_cents": eur * 100,
        "stade": "APPROB",
        "action": "SUR PO",
        "known_from": _known_after(when),
        **other,
    }


def _stage(when: str, stade: str) -> Row:
    return {
        "siren": SIREN,
        "compte": "1",
        "date_traitement": day(when),
        "stade": stade,
        "known_from": _known_after(day(when)),
    }


def test_la_cotisation_moyenne_d_une_jeune_entreprise_est_celle_de_ses_mois(tmp_path: Path) -> None:
    """A thousand a month since November, a thousand owed: one month of contributions, not six."""
    values = features_by_month(
        lake_of(
            tmp_path,
            cotisation=contributions(SIREN, "2020-11", "2021-12", 1_000),
            debit=[debt_operation(SIREN, 1, "2020-12-20", 0, 1_000)],
        )
    )
    assert values["2020-11"]["cotisation_mean_12m_eur"] == 0
    for month in ("2021-01", "2021-02", "2021-10", "2021-12"):
        assert values[month]["debit_sur_cotisation_months"] == pytest.approx(1), month
        assert values[month]["cotisation_mean_12m_eur"] == pytest.approx(1_000), month
    assert [values[t]["cotisation_3m_sur_12m_ratio"] for t in ("2021-01", "2021-02", "2021-12")] == [None, 1, 1]
    assert "moins de trois mois" in sentence_of(BY_NAME["cotisation_3m_sur_12m_ratio"], None)


def test_le_rythme_recent_compare_deux_moyennes_mensuelles(tmp_path: Path) -> None:
    young = [*contributions(SIREN, "2021-01", "2021-03", 100), *contributions(SIREN, "2021-04", "2021-06", 300)]
    values = features_by_month(lake_of(tmp_path, cotisation=young))
    assert values["2021-07"]["cotisation_3m_sur_12m_ratio"] == pytest.approx(300 / 200), "six months are known"


def test_une_periode_incomplete_ne_se_compare_pas(tmp_path: Path) -> None:
    values = features_by_month(lake_of(tmp_path, cotisation=contributions(SIREN, "2019-12", "2021-12", 100)))
    for name, empty, known in (
        ("cotisation_change_3m_ratio", "2020-05", "2020-06"),
        ("cotisation_change_6m_ratio", "2020-11", "2020-12"),
        ("cotisation_change_12m_ratio", "2021-11", "2021-12"),
        ("cotisation_par_effectif_change_12m_ratio", "2021-11", "2021-12"),
    ):
        assert (values[empty][name], values[known][name]) == (None, 0), name


def test_le_premier_mois_de_cotisations_est_celui_qu_on_savait(tmp_path: Path) -> None:
    """An older month told in June counts from June; withdrawn in August, it was told all the same."""
    older = contributions(SIREN, "2019-05", "2019-05", 100)[0] | {"known_from": known_at_end_of(m("2021-06"))}
    lake = new_lake(tmp_path / "lake")
    rows = [*contributions(SIREN, "2020-11", "2021-05", 100), older]
    stage_all(lake, m("2021-07"), {**a_company(), "cotisation": rows})
    stage(lake, "cotisation", m("2021-08"), [], withdrawn=[(m("2021-07"), len(rows) - 1)])
    stage(lake, "ccsf", AS_OF, [])
    panel = panel_columns(lake, "cotisation_first_month")
    expected = {"2020-11": 0, "2020-12": m("2020-11"), "2021-05": m("2020-11"), "2021-06": m("2019-05")}
    expected |= {"2021-12": m("2019-05")}
    assert {month: panel[month][0] for month in expected} == expected


def test_un_dossier_ccsf_compte_une_fois_quelle_que_soit_sa_suite(tmp_path: Path) -> None:
    stages = [
        _stage("2019-03-10", "DEBUT"),
        _stage("2019-06-10", "REFUS"),
        _stage("2019-09-10", "FIN"),
        _stage("2020-11-10", "DEBUT"),
        _stage("2021-01-10", "APPROB"),
    ]
    values = features_by_month(lake_of(tmp_path, ccsf=stages))
    months = ("2019-03", "2019-04", "2019-12", "2020-12", "2021-03", "2021-04")
    assert [values[t]["ccsf_24m_count"] for t in months] == [0, 1, 1, 2, 2, 1]
    assert sentence_of(BY_NAME["ccsf_24m_count"], 2) == (
        "La commission des chefs des services financiers a été saisie de 2\u00a0dossiers en deux ans."
    )


def test_un_delai_compte_une_fois_quels_que_soient_ses_stades_et_ses_actions(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        delai=[
            _plan("42", "2021-01-15", "2021-12-15", 1_100),
            _plan("42", "2021-01-15", "2021-12-15", 1_100, action="SUR PP"),
            _plan("42", "2021-01-15", "2021-12-15", 1_100, stade="FIN"),
            _plan("43", "2021-03-15", "2021-12-15", 900),
            _plan("43", "2021-06-15", "2022-06-15", 800),
            _plan("44", "2021-03-15", "2021-12-15", 70, stade="REFUS"),
            _plan("44", "2021-03-15", "2021-12-15", 70, stade="REJ"),
        ],
    )
    panel = panel_columns(
        lake, "delai_count", "delai_cents", "delai_24m_count", "delai_mensualite_cents", "delai_refuse_24m_count"
    )
    assert panel["2021-02"] == (1, 1_100_00, 1, 100_00, 0)
    assert panel["2021-06"] == (2, 2_000_00, 2, 200_00, 1)
    assert panel["2021-07"] == (2, 1_900_00, 2, 100_00 + 800_00 // 12, 1), "the second was made anew in June"


def test_un_delai_sans_numero_se_reconnait_a_ses_dates(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        delai=[
            _plan(None, "2021-01-15", "2021-12-15", 1_100),
            _plan(None, "2021-01-15", "2021-12-15", 1_100, action="SUR PP"),
            _plan(None, "2021-01-20", "2021-12-15", 500),
        ],
    )
    assert panel_columns(lake, "delai_count", "delai_cents")["2021-06"] == (2, 1_600_00)


def test_une_part_de_la_dette_reste_entre_zero_et_un(tmp_path: Path) -> None:
    """Fifty owed to the company on an old debt, a hundred by it on a recent one."""
    recent = {"numero_ecart": "201", "start_month": m("2021-01"), "end_month": m("2021-02")}
    lake = lake_of(
        tmp_path,
        debit=[
            debt_operation(SIREN, 1, "2021-02-10", 0, -50),
            debt_operation(SIREN, 1, "2021-03-10", 100, 0, **recent),
        ],
    )
    values = features_by_month(lake)
    assert (values["2021-03"]["debit_recent_share_ratio"], values["2021-03"]["debit_ouvriere_share_ratio"]) == (
        None,
        None,
    )
    assert (values["2021-04"]["debit_recent_share_ratio"], values["2021-04"]["debit_ouvriere_share_ratio"]) == (1, 1)
