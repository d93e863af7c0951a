"""Règles de la cible : la première ouverture dans les 18 mois, et ce que personne ne sait encore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakes import SIREN, Row, a_company, day, known_at_end_of, m, new_lake, proceeding, stage, stage_all
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.lake import Lake
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.store import EVENTS_TABLE
from signaux_faibles.target.labels import LABELS
from signaux_faibles.target.read import read_labels

AS_OF = m("2021-12")
Label = tuple[int | None, bool]


def _lake(path: Path, events: list[Row], **other: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), "procol": events, **other})
    build_panel(lake, AS_OF)
    return lake


def _read(lake: Lake, columns: str, *, horizon: int = 18) -> dict[str, tuple[Any, ...]]:
    out = lake.root / "labels.parquet"
    read_labels(lake, AS_OF, horizon=horizon, out=out)
    rows = duckdb.sql(f"SELECT month, {columns} FROM '{out}' ORDER BY month").fetchall()
    return {format_month(month): tuple(row) for month, *row in rows}


def _labels(path: Path, events: list[Row]) -> dict[str, Label]:
    found = _read(_lake(path, events), "failure, is_in_proceeding")
    return {month: (failure, running) for month, (failure, running) in found.items()}


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
    labels = _read(lake, "failure")
    known = [month for month, (failure,) in labels.items() if failure is not None]
    assert max(known) == format_month(m("2021-03") - 19), "18 months of horizon, one of publication"


@pytest.mark.parametrize(
    ("horizon", "first_positive", "last_known"), [(1, "2019-06", "2021-10"), (36, "2016-07", "2018-11")]
)
def test_chaque_horizon_a_ses_etiquettes(tmp_path: Path, horizon: int, first_positive: str, last_known: str) -> None:
    events = [
        proceeding(SIREN, "2019-07-15", "redressement", "ouverture"),
        proceeding(SIREN, "2019-08-15", "redressement", "fin_procedure"),
    ]
    labels = _read(_lake(tmp_path, events), "failure", horizon=horizon)
    assert min(month for month, (failure,) in labels.items() if failure == 1) == first_positive
    assert max(month for month, (failure,) in labels.items() if failure is not None) == last_known


def test_le_premier_evenement_est_dit_avec_sa_nature_et_son_delai(tmp_path: Path) -> None:
    events = [
        proceeding(SIREN, "2018-01-10", "sauvegarde", "ouverture"),
        proceeding(SIREN, "2018-06-10", "liquidation", "ouverture"),
    ]
    labels = _read(_lake(tmp_path, events), "event, months_to_event, months_observed")
    assert labels["2016-01"] == ("sauvegarde", 24, 70), "the type at the opening, whatever the horizon"
    assert labels["2017-12"] == ("sauvegarde", 1, 47)
    assert labels["2018-01"] == (None, None, None)


def test_une_entreprise_sans_evenement_est_censuree(tmp_path: Path) -> None:
    labels = _read(_lake(tmp_path, []), "event, months_to_event, months_observed")
    assert labels["2016-01"] == ("aucun", None, 70)
    assert labels["2021-10"] == ("aucun", None, 1)
    assert (labels["2021-11"], labels["2021-12"]) == (("aucun", None, 0), ("aucun", None, 0))


def test_une_fermeture_sans_procedure_est_un_evenement_concurrent(tmp_path: Path) -> None:
    histo = a_company()["sirene_histo"]
    closed = histo[0] | {"date_debut": day("2019-05-20"), "is_active": False, "known_from": day("2019-06-30")}
    lake = _lake(tmp_path, [], sirene_histo=[*histo, closed])
    labels = _read(lake, "failure, event, months_to_event, is_closed")
    assert labels["2018-05"] == (0, "fermeture", 12, False)
    assert labels["2019-04"] == (0, "fermeture", 1, False)
    assert labels["2019-05"] == (0, None, None, True), "closed, though nobody knows before June"


def test_l_incidence_compte_les_evenements_et_les_etiquettes(tmp_path: Path) -> None:
    summary = read_labels(
        _lake(tmp_path, [proceeding(SIREN, "2017-01-10", "liquidation", "ouverture")]), AS_OF, horizon=12
    )
    assert (summary.positives_count, summary.in_proceeding_count) == (12, 60)
    assert summary.rows_count == 72
    assert summary.incidence["liquidation"][12] == 1.0, "twelve rows, and all of them open it within the year"
    assert summary.incidence["liquidation"][1] == pytest.approx(1 / 12)


def test_le_fichier_a_les_colonnes_declarees_et_rien_d_autre(tmp_path: Path) -> None:
    lake = _lake(tmp_path, [])
    out = lake.root / "labels.parquet"
    summary = read_labels(lake, AS_OF, out=out)
    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{out}'").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [(c.name, c.kind.value) for c in LABELS.columns]
    assert duckdb.sql(f"SELECT COUNT(*) FROM '{out}'").fetchall() == [(summary.rows_count,)]
    assert sorted(path.name for path in lake.root.glob("*.tmp")) == []


def test_un_horizon_hors_bornes_ou_un_dossier_absent_est_dit_avant_tout_travail(tmp_path: Path) -> None:
    lake = _lake(tmp_path, [])
    with pytest.raises(InputError, match="found 37 months, expected 1 to 36"):
        read_labels(lake, AS_OF, horizon=37)
    with pytest.raises(InputError, match="No folder"):
        read_labels(lake, AS_OF, out=tmp_path / "nowhere" / "labels.parquet")


def test_un_panel_sans_evenements_est_a_refaire(tmp_path: Path) -> None:
    lake = _lake(tmp_path, [])
    for path in (lake.panel(AS_OF) / EVENTS_TABLE).glob("*.parquet"):
        path.unlink()
    with pytest.raises(StageError, match="No events"):
        read_labels(lake, AS_OF)


def test_une_procedure_connue_tard_compte_a_sa_date_d_effet(tmp_path: Path) -> None:
    late = proceeding(SIREN, "2019-07-15", "redressement", "ouverture", known_from=known_at_end_of(m("2020-03")))
    labels = _labels(tmp_path, [late])
    assert labels["2019-06"] == (1, False)
    assert labels["2019-07"] == (None, True), "in a proceeding, though nobody knows yet"
