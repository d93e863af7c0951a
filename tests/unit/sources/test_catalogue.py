"""The catalogue of sources is complete and says what it must."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from signaux_faibles import sources
from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.source import Convert, Source
from signaux_faibles.sources import OPEN_SOURCES, SOURCES, source_of_file

QUANTITIES = ("_cents", "_centi", "_count", "_days", "_pct")
NAMES = list(SOURCES)


def modules() -> list[str]:
    found = pkgutil.walk_packages(sources.__path__, "signaux_faibles.sources.")
    return [module.name for module in found if not module.ispkg]


def test_every_source_is_in_the_catalogue() -> None:
    declared = {
        source.name
        for module in map(importlib.import_module, modules())
        for source in getattr(module, "SOURCES", None) or (module.SOURCE,)
    }
    assert declared == set(SOURCES)
    assert len(declared) >= 20


def test_open_sources_are_public() -> None:
    assert {SOURCES[name].data_class for name in OPEN_SOURCES} == {DataClass.PUBLIC}


@pytest.mark.parametrize("source", SOURCES.values(), ids=NAMES)
def test_documents_say_how_they_become_cells(source: Source) -> None:
    has_documents = "json" in source.formats
    assert has_documents == (source.flatten is not None) == bool(source.document_keys)
    assert not source.explodes or source.explodes in {column.name for column in source.raw_columns}


@pytest.mark.parametrize("name", modules())
def test_module_opens_with_the_six_lines(name: str) -> None:
    text = importlib.import_module(name).__doc__ or ""
    heads = re.findall(r"^(Producer|Access|Grain|Cadence|Known from|Traps):", text, re.MULTILINE)
    assert heads == ["Producer", "Access", "Grain", "Cadence", "Known from", "Traps"]


@pytest.mark.parametrize("source", SOURCES.values(), ids=NAMES)
def test_columns_have_a_label_a_class_and_a_unit(source: Source) -> None:
    for column in source.columns:
        assert column.label
        assert (column.source, column.data_class) == (source.producer, source.data_class)
        if column.name.endswith(QUANTITIES):
            assert column.unit


@pytest.mark.parametrize("source", SOURCES.values(), ids=NAMES)
def test_staged_tables_start_with_the_identifier_and_end_with_the_log(source: Source) -> None:
    names = [column.name for column in source.staged]
    assert names[0] == "siren"
    assert names[-2:] == ["row_id", "known_from"]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("source", SOURCES.values(), ids=NAMES)
def test_fields_and_reference_read_declared_cells(source: Source) -> None:
    declared = {column.name for column in source.raw_columns}
    assert {field.cell for field in source.fields if field.cell} <= declared
    assert {reference.raw for reference in source.reference if reference.raw} <= declared
    for rank, reference in enumerate(source.reference):
        if reference.convert is Convert.PERIODE:
            assert not source.reference[rank + 1].raw


@pytest.mark.parametrize(
    ("file_name", "source"),
    [
        ("consommation_ap.csv", "apconso"),
        ("demande_ap.csv", "apdemande"),
        ("sigfaible_cotisdues.csv", "cotisation"),
        ("sigfaible_debits.csv.gz", "debit"),
        ("sigfaible_delais.csv.gz", "delai"),
        ("sigfaible_ccsf.csv", "ccsf"),
        ("sigfaible_pcoll.csv", "procol"),
        ("sigfaible_effectif_siret.csv", "effectif"),
        ("effectif_dom.csv", "effectif"),
        ("sigfaible_effectif_siren.csv.gz", "effectif_ent"),
        ("sigfaible_effectif_siren_v2.csv", "effectif"),
        ("filter_effectif_2002.csv", "effectif"),
        ("StockEtablissement_utf8_geo.csv", "sirene"),
        ("sireneUL.csv", "sirene_ul"),
        ("StockEtablissementHistorique_utf8.csv", "sirene_histo"),
        ("ratios_inpi_bce.csv.gz", "comptes"),
        ("altares_mensuel_202610.csv", "paydex"),
        ("E_202401150930_Retro-Paydex_20240115.csv", "paydex_retro"),
        ("declarations_indmap.csv", "dgfip_indmap"),
        ("declarations_af.csv.gz", "dgfip_af"),
        ("ratios_dirco.csv.zip", "dgfip_dirco"),
        ("filter_2401.csv", "filter"),
        ("filter_siren_2401.txt", "filter"),
        ("annonces-commerciales.json", "bodacc"),
        ("annonces-commerciales@datadila.csv.gz", "bodacc"),
        ("bodacc_2024.jsonl", "bodacc"),
        ("sigfaibles_debits.csv", None),
        ("SIGFAIBLE_DEBITS.CSV", None),
        ("StockUniteLegale_utf8.csv", "sirene_ul"),
        ("StockUniteLegale_utf8.zip", "sirene_ul"),
        ("StockUniteLegale_utf8.parquet", "sirene_ul"),
        ("sireneUL.csv.gz", "sirene_ul"),
        ("StockEtablissement_utf8_geo.csv.gz", "sirene"),
        ("StockEtablissement_utf8.csv.zip", "sirene"),
        ("StockEtablissement_utf8.parquet", "sirene"),
        ("StockEtablissementHistorique_utf8.csv.zip", "sirene_histo"),
        ("StockEtablissementHistorique_utf8.parquet", "sirene_histo"),
        ("consommation_ap.csv.gz", "apconso"),
        ("demande_ap.csv.zip", "apdemande"),
        ("sigfaible_debits.csv.zip", "debit"),
        ("sigfaible_debits.csv.xz", None),
        ("StockUniteLegale_utf8", None),
        ("altares_mensuel_2610.csv", None),
    ],
)
def test_file_names(file_name: str, source: str | None) -> None:
    found = source_of_file(file_name)
    assert (found.name if found else None) == source
