"""Columns are found by name, without case, and their absence is told at once."""

from __future__ import annotations

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.header import month_of_cell, read_header
from signaux_faibles.sources import SOURCES


def test_names_are_compared_without_case_and_the_last_one_wins() -> None:
    header = read_header(SOURCES["procol"], ("SIRET", "autre", "dt_effet", "lib_actx_stdx", "siret"), "f.csv")
    assert header.ranks == {"Siret": 4, "Dt_effet": 2, "Lib_actx_stdx": 3}


def test_every_missing_column_is_named() -> None:
    with pytest.raises(InputError) as error:
        read_header(SOURCES["procol"], ("Siret",), "f.csv")
    assert str(error.value) == (
        "f.csv: 2 column(s) missing (Dt_effet, Lib_actx_stdx); found 1 column(s) separated by ';'. "
        "Ask Urssaf for the whole file, or check that it is a file of procol."
    )


@pytest.mark.parametrize(
    "column", ["longitude", "latitude", "activitePrincipaleNAF25Etablissement", "codePaysEtrangerEtablissement"]
)
def test_columns_that_the_import_does_without(column: str) -> None:
    names = tuple(c.name for c in SOURCES["sirene"].raw_columns if c.name != column)
    assert column not in read_header(SOURCES["sirene"], names, "f.csv").ranks


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("apdemande", "MTA"),
        ("apdemande", "S_MONTANT_CONSOM_TOT"),
        ("apdemande", "S_EFF_CONSOM_TOT"),
        ("sirene", "nomenclatureActivitePrincipaleEtablissement"),
        ("sirene_ul", "activitePrincipaleUniteLegale"),
    ],
)
def test_columns_whose_absence_crashed_the_importer_before_ours(source: str, column: str) -> None:
    names = tuple(c.name for c in SOURCES[source].raw_columns if c.name != column)
    with pytest.raises(InputError, match=f"1 column\\(s\\) missing \\({column}\\)"):
        read_header(SOURCES[source], names, "f.csv")


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("eff202411", 2024 * 12),
        ("EFF202443", 2024 * 12 + 11),
        ("eff2411", 2024 * 12),
        ("eff9911", 1999 * 12),
        ("eff202410", None),
        ("eff202462", None),
        ("eff202451", None),
        ("eff202404", None),
        ("eff202411a", None),
        ("effectif", None),
    ],
)
def test_month_of_a_column(cell: str, month: int | None) -> None:
    assert month_of_cell(cell) == month


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("siren", "effectif_x"), "found column 'effectif_x', expected effAAAATM"),
        (("siren", "eff202411", "EFF2411"), "found two columns for the same month"),
        (("siren", "rais_soc"), "found no month column"),
    ],
)
def test_wide_header_refused(names: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_header(SOURCES["effectif_ent"], names, "f.csv")
