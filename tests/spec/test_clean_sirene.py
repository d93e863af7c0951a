"""Tables propres du registre : adresses, noms, sièges, périodes d'ouverture ; la lecture de référence à côté."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaned import A, B, cleaned, columns, lake_with
from lakes import Row, day

SIREN = A[:9]


def establishment(siret: str = A, **cells: Any) -> Row:
    return {"siret": siret, "is_siege": True, "is_active": True, **cells}


def unit(**cells: Any) -> Row:
    return {"siren": SIREN, "is_active": True, **cells}


def period(start: str | None, *, active: bool, changed: bool, end: str | None = None, siret: str = A) -> Row:
    return {
        "siret": siret,
        "date_debut": day(start) if start else None,
        "date_fin": day(end) if end else None,
        "is_active": active,
        "is_changement_actif": changed,
    }


ADDRESSES = [
    (
        {"numero_voie": "1", "type_voie": "RUE", "voie": "A", "code_postal": "75001", "commune": "PARIS"},
        "1 RUE A\n75001 PARIS",
        "1  RUE A ()\n75001 PARIS \n",
    ),
    (
        {"numero_voie": "3", "indice_repetition": "BIS", "type_voie": "AVENUE", "voie": "B",
         "complement_adresse": "BAT 2", "code_postal": "69001", "commune": "LYON"},
        "3 BIS AVENUE B (BAT 2)\n69001 LYON",
        "3 BIS AVENUE B (BAT 2)\n69001 LYON \n",
    ),
    (
        {"voie": "HIGH STREET", "commune_etranger": "LONDON", "pays_etranger": "ROYAUME-UNI"},
        "HIGH STREET\nLONDON\nROYAUME-UNI",
        "HIGH STREET ()\n  \nROYAUME-UNI",
    ),
    ({}, None, "()\n  \n"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "fixed", "reference"), ADDRESSES)
def test_b22_address_without_what_is_missing(tmp_path: Path, cells: Row, fixed: str | None, reference: str) -> None:
    lake = lake_with(tmp_path / "lake", sirene=[establishment(**cells)])
    assert columns(cleaned(lake, "clean_sirene"), "adresse") == [(fixed,)]
    assert columns(cleaned(lake, "clean_sirene", is_reference=True), "adresse") == [(reference,)]


def test_b22_a_street_type_in_full_words_is_lost_by_the_reference(tmp_path: Path) -> None:
    lake = lake_with(tmp_path / "lake", sirene=[establishment(type_voie="ESPLANADE DE", voie="X")])
    assert columns(cleaned(lake, "clean_sirene"), "adresse") == [("ESPLANADE DE X",)]
    assert columns(cleaned(lake, "clean_sirene", is_reference=True), "adresse") == [("X ()\n  \n",)]


def test_b23_missing_coordinates_are_unknown_not_zero(tmp_path: Path) -> None:
    rows = [establishment(A, longitude=2.35, latitude=48.85), establishment(B)]
    lake = lake_with(tmp_path / "lake", sirene=rows)
    assert columns(cleaned(lake, "clean_sirene"), "longitude", "latitude") == [(2.35, 48.85), (None, None)]
    found = cleaned(lake, "clean_sirene", is_reference=True)
    assert columns(found, "longitude", "latitude") == [(2.35, 48.85), (0.0, 0.0)]


def test_establishment_is_labelled(tmp_path: Path) -> None:
    rows = [
        establishment(A, departement="2A", code_commune="2A004", code_naf="62.01Z", date_creation=day("2010-01-04")),
        establishment(B, departement="978", code_naf="00.00Z"),
    ]
    first, second = cleaned(lake_with(tmp_path / "lake", sirene=rows), "clean_sirene")
    assert (first["libelle_departement"], first["region"], first["libelle_region"]) == ("Corse-du-Sud", "94", "Corse")
    assert (first["ape"], first["naf_section"], first["date_creation"]) == ("62.01Z", "J", day("2010-01-04"))
    assert (second["region"], second["libelle_region"]) == ("00", "Collectivité d'outre-mer")
    assert (second["ape"], second["naf_section"]) == ("00.00Z", None)


@pytest.mark.parametrize(("is_reference", "expected"), [(False, None), (True, "")])
def test_a_missing_text_was_an_empty_one(tmp_path: Path, is_reference: bool, expected: str | None) -> None:
    row = cleaned(lake_with(tmp_path / "lake", sirene=[establishment()]), "clean_sirene", is_reference=is_reference)[0]
    assert (row["code_commune"], row["departement"], row["ape"]) == (expected,) * 3
    assert (row["libelle_departement"], row["naf_section"]) == (None, None)


NAMES = [
    ({"raison_sociale": "ATELIERS"}, "ATELIERS", "ATELIERS"),
    ({"nom": "DUPONT", "prenom1": "JEAN"}, "DUPONT JEAN EI", "DUPONT  JEAN EI"),
    ({"nom": "jjqcmkg", "prenom1": "cuhgjdp"}, "jjqcmkg cuhgjdp EI", "jjqcmkg  cuhgjdp EI"),
    ({"nom": "A", "nom_usage": "B", "prenom1": "C", "prenom3": "D"}, "A B C D EI", "A B C  D EI"),
    ({"nom_usage": "B"}, "B EI", "B EI"),
    ({}, None, " EI"),
]


@pytest.mark.parametrize(("cells", "fixed", "reference"), NAMES)
def test_name_of_a_sole_trader(tmp_path: Path, cells: Row, fixed: str | None, reference: str) -> None:
    """The third case is golden row 8 of the reference importer."""
    lake = lake_with(tmp_path / "lake", sirene_ul=[unit(**cells)])
    assert columns(cleaned(lake, "clean_sirene_ul"), "raison_sociale") == [(fixed,)]
    assert columns(cleaned(lake, "clean_sirene_ul", is_reference=True), "raison_sociale") == [(reference,)]


def test_b15_one_row_for_a_company_with_two_head_offices(tmp_path: Path) -> None:
    seats = [
        establishment(SIREN + "00011", departement="75", date_creation=day("2001-01-01")),
        establishment(SIREN + "00022", departement="69", date_creation=day("2015-01-01")),
        establishment(SIREN + "00033", departement="13", date_creation=day("2020-01-01"), is_active=False),
        establishment(SIREN + "00044", departement="59", date_creation=day("2022-01-01"), is_siege=False),
    ]
    lake = lake_with(tmp_path / "lake", sirene_ul=[unit()], sirene=seats)
    fixed = cleaned(lake, "clean_sirene_ul")
    assert columns(fixed, "siret_siege", "departement", "libelle_region") == [
        (SIREN + "00022", "69", "Auvergne-Rhône-Alpes")
    ], "the active one, created last"
    reference = cleaned(lake, "clean_sirene_ul", is_reference=True)
    assert sorted(columns(reference, "siret_siege")) == [(SIREN + nic,) for nic in ("00011", "00022", "00033")]


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ({"is_active": True}, {"is_active": False, "departement": "75"}, "00011"),
        ({"departement": "75"}, {"date_creation": day("2020-01-01")}, "00011"),
        ({"departement": "75", "date_creation": day("2020-01-01")}, {"departement": "69"}, "00011"),
        ({"departement": "75"}, {"departement": "69"}, "00022"),
    ],
)
def test_b15_which_head_office_is_kept(tmp_path: Path, first: Row, second: Row, chosen: str) -> None:
    """Active, then located in France, then created last, then the greatest number."""
    seats = [establishment(SIREN + "00011", **first), establishment(SIREN + "00022", **second)]
    lake = lake_with(tmp_path / "lake", sirene_ul=[unit()], sirene=seats)
    assert columns(cleaned(lake, "clean_sirene_ul"), "siret_siege") == [(SIREN + chosen,)]


def test_unit_is_labelled_in_both_nomenclatures(tmp_path: Path) -> None:
    row = unit(categorie_juridique="5710", code_naf="25.62B", code_naf25="25.53Y", date_creation=day("2010-01-04"))
    lake = lake_with(tmp_path / "lake", sirene_ul=[row, unit(siren=B[:9], code_naf25="95.31Y")])
    first, second = cleaned(lake, "clean_sirene_ul")
    assert first["libelle_categorie_juridique"] == "SAS, société par actions simplifiée"
    assert (first["naf_section"], first["libelle_naf_section"]) == ("C", "Industrie manufacturière")
    assert (first["libelle_activite_principale"], first["naf25_section"]) == ("Mécanique industrielle", "C")
    assert (first["creation"], first["est_actif"], first["siret_siege"]) == (day("2010-01-04"), True, None)
    assert (second["naf25_section"], second["naf_section"]) == ("T", None), "sections moved in NAF 2025"


@pytest.mark.parametrize("is_reference", [False, True])
def test_history_keeps_openings_and_closings(tmp_path: Path, is_reference: bool) -> None:
    """Golden row 7 of the reference importer, under invented numbers."""
    rows = [
        period("2000-09-26", active=True, changed=False, end="2008-12-31"),
        period("2009-01-01", active=True, changed=False, end="2009-05-26"),
        period("2009-05-27", active=False, changed=True, end="2010-01-01"),
        period("2011-10-21", active=False, changed=True, siret=B),
    ]
    found = cleaned(lake_with(tmp_path / "lake", sirene_histo=rows), "clean_sirene_histo", is_reference=is_reference)
    assert columns(found, "siret", "date_debut", "date_fin", "est_actif") == [
        (A, "2000-09-26", "2009-05-26", True),
        (A, "2009-05-27", None, False),
        (B, "2011-10-21", None, False),
    ]


def test_history_with_two_first_periods_and_one_without_start(tmp_path: Path) -> None:
    rows = [
        period("2010-01-01", active=False, changed=False, end="2010-01-01"),
        period("2010-01-01", active=True, changed=False, end="2012-03-31"),
        period("2012-04-01", active=False, changed=True),
        period(None, active=True, changed=False, end="2015-12-31", siret=B),
        period("2016-01-01", active=False, changed=True, siret=B),
    ]
    lake = lake_with(tmp_path / "lake", sirene_histo=rows)
    fixed = columns(cleaned(lake, "clean_sirene_histo"), "siret", "date_debut", "date_fin", "est_actif")
    assert fixed == [
        (A, "2010-01-01", "2012-03-31", True),
        (A, "2012-04-01", None, False),
        (B, "2016-01-01", None, False),
        (B, None, "2015-12-31", True),
    ]
    found = cleaned(lake, "clean_sirene_histo", is_reference=True)
    assert columns(found, "siret", "date_debut", "date_fin") == [
        (A, "2010-01-01", "2009-12-31"),
        (A, "2010-01-01", "2012-03-31"),
        (A, "2012-04-01", None),
        (B, "2016-01-01", None),
    ], "an end before its start, and a first period lost"
