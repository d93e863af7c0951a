"""Règles des événements : procédures en vigueur à leur date d'effet, fermetures sans procédure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from event_tables import Row, Spans, events_of, fill, period, told
from lakes import SIREN, day, m
from signaux_faibles.engine import Engine
from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.target.labels import label_sql

AS_OF = m("2021-12")
SITE, OTHER_SITE = f"{SIREN}00011", f"{SIREN}00029"
OPEN = [period(SIREN, SITE, day("2005-03-01"), 1)]


def _open_then_closed(closed: str, siret: str = SITE) -> list[Row]:
    return [period(SIREN, siret, day("2005-03-01"), 1), period(SIREN, siret, day(closed), 0)]


def _spans(path: Path, procol: list[Row], histo: list[Row] = OPEN, *, has_history: bool = True) -> Spans:
    return events_of(path, procol, histo, AS_OF, has_history=has_history).get(SIREN, [])


def _event(when: str, action: str, stade: str = "ouverture") -> Row:
    return told(SIREN, day(when), action, stade)


def test_une_procedure_dure_de_son_ouverture_au_mois_de_sa_fin(tmp_path: Path) -> None:
    events = [_event("2019-03-12", "redressement"), _event("2020-01-20", "redressement", "fin_procedure")]
    assert _spans(tmp_path, events) == [(m("2019-03"), m("2020-01"), "redressement", 20, True)]


def test_une_procedure_sans_fin_dure_toujours(tmp_path: Path) -> None:
    assert _spans(tmp_path, [_event("2019-03-12", "liquidation")]) == [
        (m("2019-03"), NEVER, "liquidation", 30, True)
    ]  # fmt: skip


def test_une_conversion_a_sa_ligne_et_n_est_pas_une_ouverture(tmp_path: Path) -> None:
    events = [
        _event("2018-01-10", "sauvegarde"),
        _event("2018-09-10", "sauvegarde", "plan_continuation"),
        _event("2019-02-10", "liquidation"),
    ]
    assert _spans(tmp_path, events) == [
        (m("2018-01"), m("2018-09"), "sauvegarde", 10, True),
        (m("2018-09"), m("2019-02"), "sauvegarde", 11, False),
        (m("2019-02"), NEVER, "liquidation", 30, False),
    ]


def test_deux_annonces_du_meme_etat_font_une_seule_ligne(tmp_path: Path) -> None:
    events = [_event("2018-01-10", "liquidation"), _event("2018-06-10", "liquidation", "conversion")]
    assert _spans(tmp_path, events) == [(m("2018-01"), NEVER, "liquidation", 30, True)]


def test_un_plan_cesse_au_bout_de_dix_ans(tmp_path: Path) -> None:
    events = [_event("2010-05-10", "redressement", "plan_continuation")]
    assert _spans(tmp_path, events) == [(m("2010-05"), m("2020-05"), "redressement", 21, True)]


def test_un_evenement_prend_effet_jusqu_au_dernier_mois_et_pas_apres(tmp_path: Path) -> None:
    assert len(_spans(tmp_path, [_event("2021-12-31", "liquidation")])) == 1
    assert _spans(tmp_path / "later", [_event("2022-01-01", "liquidation")]) == []


def test_un_evenement_retire_depuis_n_a_pas_eu_lieu(tmp_path: Path) -> None:
    event = told(SIREN, day("2019-03-12"), "redressement", "ouverture", until=m("2020-02"))
    assert _spans(tmp_path, [event]) == []


def test_une_fermeture_est_la_fin_du_dernier_etablissement(tmp_path: Path) -> None:
    histo = [*_open_then_closed("2018-06-15"), *_open_then_closed("2019-04-30", OTHER_SITE)]
    assert _spans(tmp_path, [], histo) == [(m("2019-04"), NEVER, "fermeture", 0, False)]


def test_une_entreprise_rouverte_n_est_pas_fermee(tmp_path: Path) -> None:
    histo = [*_open_then_closed("2018-06-15"), period(SIREN, SITE, day("2020-01-01"), 1)]
    assert _spans(tmp_path, [], histo) == []


def test_une_seconde_periode_fermee_ne_recule_pas_la_fermeture(tmp_path: Path) -> None:
    histo = [*_open_then_closed("2018-06-15"), period(SIREN, SITE, day("2020-01-01"), 0)]
    assert _spans(tmp_path, [], histo) == [(m("2018-06"), NEVER, "fermeture", 0, False)]


def test_un_etablissement_ferme_le_jour_de_sa_creation_selon_le_stock_n_a_jamais_ouvert(tmp_path: Path) -> None:
    histo = [
        *_open_then_closed("2018-06-15"),
        period(SIREN, OTHER_SITE, day("2019-01-01"), 1),
        period(SIREN, OTHER_SITE, day("2019-01-01"), 0),
    ]
    closed = _spans(tmp_path, [], histo, has_history=False)
    assert closed == [(m("2018-06"), NEVER, "fermeture", 0, False)]
    assert _spans(tmp_path / "history", [], histo) == [], "in the history, the period that is open stands"


@pytest.mark.parametrize(("ended", "is_closure"), [("2017-06-10", True), ("2017-07-10", False), ("2019-01-10", False)])
def test_une_fermeture_dans_l_annee_qui_suit_une_procedure_en_est_la_suite(
    tmp_path: Path, ended: str, is_closure: bool
) -> None:
    events = [_event("2016-01-10", "redressement"), _event(ended, "redressement", "fin_procedure")]
    found = [event for _, _, event, *_ in _spans(tmp_path, events, _open_then_closed("2018-06-15"))]
    assert ("fermeture" in found) is is_closure


@pytest.mark.parametrize("opened", ["2018-06-20", "2019-05-10", "2021-11-10"])
def test_une_fermeture_qu_une_procedure_suit_n_en_est_pas_une(tmp_path: Path, opened: str) -> None:
    found = _spans(tmp_path, [_event(opened, "liquidation")], _open_then_closed("2018-06-15"))
    assert [event for _, _, event, *_ in found] == ["liquidation"]


def test_une_ouverture_connue_avant_l_heure_est_censuree(tmp_path: Path) -> None:
    with Engine(tmp_path / "engine") as engine:
        fill(engine, [_event("2021-12-10", "liquidation")], OPEN, AS_OF)
        rows = f"(SELECT '{SIREN}' AS siren, {m('2021-06')} AS month)"
        sql = label_sql(rows, "events", last_month=AS_OF, horizon=6)
        found = engine.rows(f"SELECT failure, event, months_to_event, months_observed FROM ({sql}) AS l")
    assert found == [(None, "aucun", None, 5)], "the notices of December are whole a month later only"


def test_une_ouverture_du_dernier_mois_connu_compte(tmp_path: Path) -> None:
    with Engine(tmp_path / "engine") as engine:
        fill(engine, [_event("2021-11-10", "liquidation")], OPEN, AS_OF)
        rows = f"(SELECT '{SIREN}' AS siren, {m('2021-06')} AS month)"
        sql = label_sql(rows, "events", last_month=AS_OF, horizon=5)
        found = engine.rows(f"SELECT failure, event, months_to_event, months_observed FROM ({sql}) AS l")
    assert found == [(1, "liquidation", 5, 5)]


@pytest.mark.parametrize("horizon", [0, 37])
def test_un_horizon_hors_bornes_est_refuse(horizon: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 36"):
        label_sql("rows", "events", last_month=AS_OF, horizon=horizon)


def test_une_entreprise_dont_on_ne_sait_rien_n_a_pas_d_evenement(tmp_path: Path) -> None:
    assert _spans(tmp_path, [], [period("900000003", "90000000300011", date(2005, 1, 1), 1)]) == []
