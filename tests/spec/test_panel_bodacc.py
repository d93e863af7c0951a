"""Règles du panel : ce que disent le Bodacc et les données ouvertes, et ce qu'ils taisent."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from lakes import (
    SIREN,
    Row,
    a_company,
    an_open_company,
    day,
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
from signaux_faibles.engine import parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.store import events_files
from signaux_faibles.target.read import read_labels
from spec.panel_samples import AS_OF, lake_of, panel_columns, panel_of

LIQUIDATION, REDRESSEMENT, PLAN = 30, 20, 21


def test_un_jugement_compte_des_la_premiere_annonce_connue(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        procol=[proceeding(SIREN, "2020-03-20", "liquidation", "ouverture")],
        bodacc=[notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "ouverture")],
    )
    panel = panel_columns(lake, "etat_procol_code")
    assert panel["2020-02"] == (0,)
    assert panel["2020-03"] == (LIQUIDATION,), "the notice of March came before Urssaf's file of April"
    assert _events(lake) == [("2020-03", LIQUIDATION, True)], "one event told twice is one opening"


def test_un_jugement_sans_date_compte_de_sa_parution(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, bodacc=[notice(SIREN, "2020-03-29", None, "redressement", "ouverture")])
    assert panel_columns(lake, "etat_procol_code")["2020-03"] == (REDRESSEMENT,)


def test_une_annonce_annulee_compte_jusqu_a_l_annulation(tmp_path: Path) -> None:
    wrong = notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "ouverture", annonce="A1")
    gone = notice(SIREN, "2020-06-02", None, None, None, annonce="A2", annonce_precedente="A1", type_avis="annulation")
    lake = lake_of(tmp_path, bodacc=[wrong, gone])
    panel = panel_columns(lake, "etat_procol_code")
    assert panel["2020-05"] == (LIQUIDATION,), "in May nobody knew"
    assert panel["2020-06"] == (0,)
    assert _events(lake) == [], "what never was in force is no event to foresee"


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
    panel = panel_of(lake, SIREN, "etat_procol_code")
    assert (panel["2020-04"], panel["2020-05"]) == ((LIQUIDATION,), (0,))
    assert panel_of(lake, other, "etat_procol_code")["2020-05"] == (LIQUIDATION,)


def test_une_annonce_de_nature_inconnue_ne_change_rien(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        bodacc=[
            notice(SIREN, "2020-03-29", "2020-03-20", "redressement", "ouverture"),
            notice(SIREN, "2020-05-29", "2020-05-20", "redressement", None),
            notice(SIREN, "2020-06-29", "2020-06-20", None, None),
        ],
    )
    assert {panel_columns(lake, "etat_procol_code")[f"2020-{month:02d}"] for month in range(3, 13)} == {(REDRESSEMENT,)}


def test_une_conversion_met_fin_a_la_procedure_plus_legere(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        bodacc=[
            notice(SIREN, "2019-03-29", "2019-03-20", "redressement", "ouverture"),
            notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", "conversion"),
            notice(SIREN, "2021-03-29", "2021-03-20", "liquidation", "fin_procedure"),
        ],
    )
    panel = panel_columns(lake, "etat_procol_code")
    assert [panel[month] for month in ("2020-02", "2020-03", "2021-02")] == [(20,), (30,), (30,)]
    assert panel["2021-03"] == (0,), "the redressement ended when it was converted"


@pytest.mark.parametrize(("stade", "apres"), [("extension", 0), ("reprise", 0), ("abandon_procedure", REDRESSEMENT)])
def test_une_procedure_plus_grave_met_fin_aux_autres_sauf_si_elle_est_defaite(
    tmp_path: Path, stade: str, apres: int
) -> None:
    end = stade if stade == "abandon_procedure" else "fin_procedure"
    lake = lake_of(
        tmp_path,
        procol=[proceeding(SIREN, "2019-03-20", "redressement", "ouverture")],
        bodacc=[
            notice(SIREN, "2020-03-29", "2020-03-20", "liquidation", stade),
            notice(SIREN, "2021-03-29", "2021-03-20", "liquidation", end),
        ],
    )
    assert panel_columns(lake, "etat_procol_code")["2021-03"] == (apres,)


def test_la_cloture_d_une_liquidation_clot_le_redressement_que_l_urssaf_dit_encore(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        procol=[
            proceeding(SIREN, "2019-03-20", "redressement", "ouverture"),
            proceeding(SIREN, "2020-03-20", "liquidation", "ouverture"),
        ],
        bodacc=[notice(SIREN, "2021-03-29", "2021-03-20", "liquidation", "fin_procedure")],
    )
    panel = panel_columns(lake, "etat_procol_code")
    assert (panel["2021-02"], panel["2021-03"]) == ((LIQUIDATION,), (0,))


def test_une_cloture_sans_nature_met_fin_a_toute_procedure(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path,
        bodacc=[
            notice(SIREN, "2019-03-29", "2019-03-20", "redressement", "plan_continuation"),
            notice(SIREN, "2020-03-29", "2020-03-20", None, "fin_procedure"),
        ],
    )
    panel = panel_columns(lake, "etat_procol_code")
    assert (panel["2020-02"], panel["2020-03"]) == ((PLAN,), (0,))


def _open_lake(path: Path, **sources: list[Row]) -> Lake:
    lake = new_lake(path / "lake", profile=OPEN)
    stage_all(lake, AS_OF, {**an_open_company(), **sources})
    return lake


def test_les_donnees_ouvertes_seules_donnent_un_panel_ou_le_reste_est_inconnu(tmp_path: Path) -> None:
    lake = _open_lake(tmp_path)
    names = ("debit_ouvriere_cents", "cotisation_12m_cents", "ap_12m_centi_h", "paydex_month", "cloture_month")
    panel = panel_columns(lake, "exclusion", "effectif_count", "effectif_mensuel_count", *names)
    assert set(panel.values()) == {(None, 20, None, None, None, None, None, None)}
    assert (min(panel), max(panel)) == ("2016-01", "2021-12")


def test_une_tranche_dit_son_annee_une_fois_finie(tmp_path: Path) -> None:
    panel = panel_columns(_open_lake(tmp_path), "effectif_month")
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
    panel = panel_columns(lake, "effectif_count")
    assert (panel["2021-11"], panel["2021-12"]) == ((10,), (50,))
    assert panel["2016-01"] == (10,), "the first stock stands for the past"


def test_sans_historique_un_etablissement_ferme_l_etait_depuis_sa_derniere_periode(tmp_path: Path) -> None:
    site = an_open_company()["sirene"][0] | {"is_active": False, "date_debut": day("2020-05-12")}
    panel = panel_columns(_open_lake(tmp_path, sirene=[site]), "etablissements_actifs_count", "exclusion")
    assert panel["2020-05"] == (1, None)
    assert panel["2020-06"] == (0, "inactive"), "closed in May, known in June: the company leaves the perimeter"


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
    read_labels(lake, AS_OF, out=path / "labels.parquet")
    return dict(duckdb.sql(f"SELECT month, failure FROM '{path}/labels.parquet' ORDER BY month").fetchall())


def test_sans_annonce_du_bodacc_les_donnees_ouvertes_ne_suffisent_pas(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake", profile=OPEN)
    stage_all(lake, AS_OF, {name: rows for name, rows in an_open_company().items() if name != "bodacc"})
    with pytest.raises(StageError, match="bodacc"):
        build_panel(lake, AS_OF)


def _events(lake: Lake) -> list[tuple[str, int, bool]]:
    rows = duckdb.sql(
        "SELECT from_month, etat_procol_code, is_opening"
        f" FROM {parquet_sql(events_files(lake, AS_OF))} WHERE siren = '{SIREN}' ORDER BY from_month"
    ).fetchall()
    return [(format_month(month), code, opening) for month, code, opening in rows]


def test_un_paquet_fini_est_sur_le_disque_avant_de_porter_son_nom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves the names of files that were renamed, and not always what was in them."""
    lake = lake_of(tmp_path)
    synced: set[int] = set()
    really_sync, really_rename = os.fsync, Path.rename
    renamed: dict[str, bool] = {}

    def sync(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        really_sync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        if path.suffix == ".tmp" and target.suffix == ".parquet":
            renamed[f"{target.parent.parent.name}/{target.parent.name}"] = path.stat().st_ino in synced
        return really_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    build_panel(lake, AS_OF)
    assert {name.split("/")[0] for name in renamed} == {".as_of=2021-12.work", "panel", "rest"}
    assert all(renamed.values())
