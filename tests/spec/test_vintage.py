"""Fraîcheur d'un panel : âge des données de chaque source, et part des entreprises dont elle dit quelque chose."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakes import (
    SIREN,
    Row,
    a_company,
    day,
    debt_operation,
    known_at_end_of,
    m,
    new_lake,
    proceeding,
    stage_all,
)
from signaux_faibles.domain.errors import StageError
from signaux_faibles.lake import Lake
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.states import SOURCES
from signaux_faibles.panel.table import PANEL
from signaux_faibles.panel.vintage import SourceVintage, month_vintages, source_vintages, tells_sql

AS_OF = m("2021-12")
SIRENS = ("900000003", SIREN, "900000005", "900000012")


def _paydex(siren: str, month: str) -> Row:
    value = day(f"{month}-15")
    known = known_at_end_of(value.year * 12 + value.month)
    return {"siren": siren, "date_valeur": value, "retard_days": 4, "known_from": known}


def _lake(path: Path, **other: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    tables: dict[str, list[Row]] = {}
    for siren in SIRENS:
        for source, rows in a_company(siren).items():
            tables.setdefault(source, []).extend(rows)
    stage_all(lake, AS_OF, {source: rows for source, rows in (tables | other).items() if source != "ccsf"})
    build_panel(lake, AS_OF)
    return lake


def _vintage(lake: Lake, source: str) -> SourceVintage:
    return next(row for row in source_vintages(lake, AS_OF) if row.source == source)


def test_les_ages_sont_ceux_des_dernieres_valeurs_connues(tmp_path: Path) -> None:
    months = dict(zip(SIRENS, ("2021-11", "2021-10", "2021-07", "2021-03"), strict=True))
    row = _vintage(_lake(tmp_path, paydex=[_paydex(*pair) for pair in months.items()]), "paydex")
    assert row.told_share == 0.75, "the fourth is nine months old, and the limit six"
    assert (row.median_months, row.p90_months, row.limit_months) == (2, 5, 6)
    assert row.over_limit_share == 0.25


def test_une_source_d_incidents_dit_quelque_chose_de_peu_d_entreprises(tmp_path: Path) -> None:
    lake = _lake(
        tmp_path,
        debit=[debt_operation(SIREN, 1, "2021-09-10", 100, 200)],
        procol=[proceeding("900000005", "2021-06-10", "sauvegarde", "ouverture")],
    )
    assert _vintage(lake, "debit").told_share == 0.25
    assert _vintage(lake, "procol").told_share == 0.25
    assert _vintage(lake, "delai").told_share == 0.0
    assert _vintage(lake, "effectif_ent").told_share == 1.0
    assert _vintage(lake, "effectif_ent").median_months == 3, "known three months later"


def test_une_source_jamais_livree_se_tait(tmp_path: Path) -> None:
    row = _vintage(_lake(tmp_path), "ccsf")
    assert (row.last_batch, row.last_month, row.told_share) == (None, None, None)


def test_chaque_mois_a_ses_parts(tmp_path: Path) -> None:
    rows = month_vintages(_lake(tmp_path, paydex=[_paydex(SIREN, "2019-05")]), AS_OF)
    by_month = {row.month: row for row in rows}
    assert (rows[0].month, rows[-1].month) == ("2016-01", "2021-12")
    assert by_month["2019-05"].told_shares["paydex"] == 0.0, "not known before June"
    assert by_month["2019-06"].told_shares["paydex"] == 0.25
    assert by_month["2019-11"].told_shares["paydex"] == 0.25
    assert by_month["2019-12"].told_shares["paydex"] == 0.0, "older than its limit"
    assert {row.companies_count for row in rows} == {4}
    assert "ccsf" not in rows[0].told_shares


def test_une_source_que_les_variables_ne_lisent_pas_n_a_pas_de_part(tmp_path: Path) -> None:
    lake = _lake(tmp_path, paydex=[_paydex(SIREN, "2021-11")])
    assert _vintage(lake, "paydex").told_share == 0.25
    build_panel(lake, AS_OF, derived={"t": "SELECT siren, month, debit_open_count FROM panel_rows"})
    row = _vintage(lake, "paydex")
    assert (row.last_batch, row.told_share, row.median_months) == ("2112", None, None), "unknown, not zero"
    assert _vintage(lake, "debit").told_share is not None
    assert "paydex" not in month_vintages(lake, AS_OF)[-1].told_shares


def test_sans_panel_il_n_y_a_rien_a_dire(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="No panel as of 2021-12"):
        source_vintages(new_lake(tmp_path / "lake"), AS_OF)


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_chaque_source_du_panel_a_sa_condition(source: str) -> None:
    assert tells_sql(source, frozenset(PANEL.names)), "add it to the sums or the latest values of a family, or to TELLS"
    assert tells_sql(source, frozenset()) is None
