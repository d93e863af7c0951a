"""Un territoire seul donne les lignes que la nation donne de ses entreprises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from lakes import a_company, m, new_lake, stage_all
from random_world import BATCH, World
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.territoire import departement_of_code, region_of_code
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features.build import build_features, current_features
from signaux_faibles.lake import Lake
from signaux_faibles.lists.store import list_ids
from signaux_faibles.panel.vintage import source_vintages

RHONE, PARIS, CORSE = ("900000003", "69"), ("900000004", "75"), ("900000005", "2A")


def _rows(lake: Lake, *, siren: str = "") -> list[tuple[Any, ...]]:
    files = parquet_sql(current_features(lake, BATCH))
    where = f"siren = '{siren}'" if siren else "TRUE"
    return duckdb.sql(f"SELECT * FROM {files} WHERE {where} ORDER BY siren, month").fetchall()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Three companies, of which one had its head office elsewhere before."""
    made, world = new_lake(tmp_path / "lake"), World(7)
    sources = world.history()
    for row, (siren, departement) in zip(
        sorted(sources["sirene"], key=lambda r: r["siren"]), (RHONE, PARIS, CORSE), strict=True
    ):
        assert row["siren"] == siren
        row["departement"] = departement
    moved = next(row for row in sources["sirene"] if row["siren"] == RHONE[0])
    sources["sirene"].append(moved | {"departement": "75", "is_siege": False, "siret": f"{RHONE[0]}00029"})
    stage_all(made, BATCH, sources)
    return made


def test_un_departement_seul_donne_les_lignes_de_la_nation(lake: Lake) -> None:
    build_features(lake, BATCH)
    rhone = lake.over(departement_of_code("69"))
    assert build_features(rhone, BATCH).companies_count == 1
    assert _rows(rhone) == _rows(lake, siren=RHONE[0])
    assert len(_rows(rhone)) > 20
    assert len({row[0] for row in _rows(lake)}) == 3, "the nation was left as it was"


def test_une_region_prend_tous_ses_departements(lake: Lake) -> None:
    region = lake.over(region_of_code("84"))
    build_features(region, BATCH)
    assert {row[0] for row in _rows(region)} == {RHONE[0]}


def test_un_territoire_sans_entreprise_est_dit(lake: Lake) -> None:
    with pytest.raises(StageError, match="Lozère"):
        build_features(lake.over(departement_of_code("48")), BATCH)


def test_la_fraicheur_d_un_territoire_sans_entreprise_dans_le_perimetre_est_dite(tmp_path: Path) -> None:
    lake, as_of = new_lake(tmp_path / "lake"), m("2021-12")
    company = a_company()
    company["sirene_ul"][0]["categorie_juridique"] = "7210"  # a commune
    stage_all(lake, as_of, company)
    paris = lake.over(departement_of_code("75"))
    build_features(paris, as_of)
    with pytest.raises(
        StageError, match=r"No company of Paris is in perimeter in 2021-12\. Ask for a larger territory"
    ):
        source_vintages(paris, as_of)


@pytest.mark.parametrize("find", [region_of_code, departement_of_code])
def test_un_code_inconnu_est_dit(find: Any) -> None:
    with pytest.raises(InputError, match="found '999'"):
        find("999")


def test_ce_qu_un_territoire_fait_est_a_part(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    stage_all(lake, m("2021-12"), a_company())
    part = lake.over(region_of_code("11"))
    build_features(part, m("2021-12"))
    assert not lake.panel(m("2021-12")).exists()
    assert list_ids(part, before="2022-01") == []
    assert part.staged("sirene") == lake.staged("sirene")
