"""Règles de la cible : la première ouverture dans les 18 mois, et ce que personne ne sait encore."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lakes import SIREN, Row, a_company, m, new_lake, proceeding, stage, stage_all
from signaux_faibles.domain.periode import format_month
from signaux_faibles.panel.build import build_panel
from signaux_faibles.target import build_target, target_folder

AS_OF = m("2021-12")
Label = tuple[int | None, bool]


def _labels(path: Path, events: list[Row], as_of: int = AS_OF) -> dict[str, Label]:
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), "procol": events})
    build_panel(lake, as_of)
    build_target(lake, as_of)
    rows = duckdb.sql(
        "SELECT month, failure, is_in_proceeding"
        f" FROM read_parquet('{target_folder(lake, as_of)}/*.parquet') ORDER BY month"
    ).fetchall()
    return {format_month(month): (failure, running) for month, failure, running in rows}


def test_une_ouverture_dans_les_18_mois_est_un_positif(tmp_path: Path) -> None:
    labels = _labels(tmp_path, [proceeding(SIREN, "2019-07-15", "redressement", "ouverture")])
    assert labels["2017-12"] == (0, False)
    assert labels["2018-01"] == (1, False), "18 months before July 2019"
    assert labels["2019-06"] == (1, False)
    assert labels["2019-07"] == (None, True), "from the opening on, it is no longer at risk of one"


def test_une_etiquette_que_personne_ne_connait_est_vide(tmp_path: Path) -> None:
    labels = _labels(tmp_path, [proceeding(SIREN, "2021-06-15", "liquidation", "ouverture")])
    assert labels["2020-05"] == (1, False), "May 2020 plus 18 months and one of publication is December 2021"
    assert labels["2020-06"] == (None, False), "even though the opening of June 2021 is known"


def test_une_entreprise_sortie_de_procedure_redevient_a_risque(tmp_path: Path) -> None:
    events = [
        proceeding(SIREN, "2017-01-10", "sauvegarde", "ouverture"),
        proceeding(SIREN, "2018-01-10", "sauvegarde", "fin_procedure"),
        proceeding(SIREN, "2019-12-10", "liquidation", "ouverture"),
    ]
    labels = _labels(tmp_path, events)
    assert labels["2016-06"] == (1, False)
    assert labels["2017-06"] == (None, True)
    assert labels["2018-05"] == (0, False)
    assert labels["2018-06"] == (1, False)


def test_le_solde_d_un_etablissement_n_est_pas_une_ouverture(tmp_path: Path) -> None:
    labels = _labels(tmp_path, [proceeding(SIREN, "2019-07-15", "redressement", "solde_procedure")])
    assert {failure for failure, _ in labels.values()} == {0, None}


def test_une_conversion_n_est_pas_une_seconde_ouverture(tmp_path: Path) -> None:
    events = [
        proceeding(SIREN, "2018-01-10", "redressement", "ouverture"),
        proceeding(SIREN, "2018-06-10", "liquidation", "ouverture"),
    ]
    labels = _labels(tmp_path, events)
    assert labels["2016-12"] == (1, False)
    assert labels["2018-03"] == (None, True)


def test_les_etiquettes_s_arretent_au_dernier_fichier_de_procedures(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, m("2021-03"), a_company())
    stage(lake, "ccsf", AS_OF, [])
    build_panel(lake, AS_OF)
    build_target(lake, AS_OF)
    rows = duckdb.sql(
        f"SELECT MAX(month) FROM read_parquet('{target_folder(lake, AS_OF)}/*.parquet') WHERE failure IS NOT NULL"
    ).fetchall()
    assert rows[0][0] == m("2021-03") - 19, "18 months of horizon, one of publication"
