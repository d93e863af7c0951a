"""A cell as the importer before ours reads it, where it reads another value than ours (`import --compat`)."""

from __future__ import annotations

import duckdb
import pytest

from signaux_faibles.ingest.reference.cells import to_periode
from signaux_faibles.ingest.reference.messages import CellError
from signaux_faibles.schema.cell import raw
from signaux_faibles.schema.source import Field, Source
from signaux_faibles.sources import SOURCES


def field(source: Source, name: str) -> Field:
    return next(field for field in source.fields if field.column.name == name)


def value(source: str, name: str, cells: dict[str, str], *, is_reference: bool) -> object:
    declared = SOURCES[source].as_reference() if is_reference else SOURCES[source]
    names = {column.name: "" for column in declared.raw_columns} | cells
    given = ", ".join(f"?::VARCHAR AS {raw(cell)}" for cell in names)
    sql = f"SELECT {field(declared, name).sql} FROM (SELECT {given})"
    return duckdb.execute(sql, list(names.values())).fetchall()[0][0]


@pytest.mark.parametrize(
    ("source", "name", "cells", "ours", "reference"),
    [
        ("apconso", "effectif_count", {"EFFECTIFS": "-3.9"}, None, -3),
        ("delai", "duree_days", {"Duree_delai": "x"}, None, 0),
        ("delai", "duree_days", {"Duree_delai": ""}, None, None),
        ("sirene", "longitude", {"longitude": ""}, None, 0.0),
        ("sirene", "latitude", {"latitude": "x"}, None, 0.0),
        ("sirene", "latitude", {"latitude": "48.5"}, 48.5, 48.5),
        ("sirene", "is_siege", {"etablissementSiege": ""}, None, False),
        ("sirene", "type_voie", {"typeVoieEtablissement": "AVENUE"}, "AVENUE", None),
        ("sirene", "voie", {"libelleVoieEtablissement": "[ND]"}, None, "[ND]"),
        ("sirene_ul", "raison_sociale", {"denominationUniteLegale": "[ND]"}, None, "[ND]"),
        (
            "sirene_ul",
            "code_naf25",
            {"activitePrincipaleUniteLegale": "25.53Y", "nomenclatureActivitePrincipaleUniteLegale": "NAF25"},
            "25.53Y",
            None,
        ),
    ],
)
def test_cells(source: str, name: str, cells: dict[str, str], ours: object, reference: object) -> None:
    assert value(source, name, cells, is_reference=False) == ours
    assert value(source, name, cells, is_reference=True) == reference


@pytest.mark.parametrize("code", ["202490", "202400", "202414", "202499", "2450", "2410", "202462", "6331", "4962"])
def test_periods_run_over(code: str) -> None:
    start, end = to_periode(code)
    for name, day in (("start_month", start), ("end_month", end)):
        found = value("cotisation", name, {"periode": code}, is_reference=True)
        assert found == day.year * 12 + day.month - 1


@pytest.mark.parametrize("code", ["", "56331", "56a1", "5a31", "564a", "2004101"])
def test_periods_that_nobody_reads(code: str) -> None:
    with pytest.raises(CellError):
        to_periode(code)
    assert value("cotisation", "start_month", {"periode": code}, is_reference=True) is None


def test_an_unknown_reason_of_short_time_work_loses_the_request() -> None:
    declared = SOURCES["apdemande"]
    assert not field(declared, "motif").drops_row
    assert field(declared.as_reference(), "motif").drops_row


def test_establishments_of_another_nomenclature_are_left_out() -> None:
    for name in ("sirene", "sirene_ul"):
        found = SOURCES[name].as_reference().filters
        assert [one.reason for one in found] == [*(f.reason for f in SOURCES[name].filters), "autre_nomenclature"]
        assert SOURCES[name].as_reference().as_reference() == SOURCES[name].as_reference()


def test_a_source_that_differs_in_nothing_is_the_same() -> None:
    assert SOURCES["ccsf"].as_reference() == SOURCES["ccsf"]
