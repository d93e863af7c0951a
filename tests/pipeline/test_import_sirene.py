"""The stocks of Sirene in each of their layouts: CSV or Parquet, plain or packed, geocoded or not, before and after
NAF 2025, with units that show a part of themselves only."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.import_samples import JANUARY, A, B, write_batch
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import IncompleteImportError, SourceReport
from signaux_faibles.sources import SOURCES

SITE = {
    "siren": A, "nic": "00011", "etablissementSiege": "true", "typeVoieEtablissement": "RUE",
    "codeCommuneEtablissement": "69123", "codePostalEtablissement": "69001", "etatAdministratifEtablissement": "A",
    "dateCreationEtablissement": "2010-01-04", "activitePrincipaleEtablissement": "62.01Z",
    "nomenclatureActivitePrincipaleEtablissement": "NAFRev2", "activitePrincipaleNAF25Etablissement": "62.10Y",
    "enseigne1Etablissement": "AU BON", "enseigne2Etablissement": "FER", "denominationUsuelleEtablissement": "FER",
    "trancheEffectifsEtablissement": "12", "dateDebut": "2015-03-01", "statutDiffusionEtablissement": "O",
    "coordonneeLambertAbscisseEtablissement": "842000.5", "coordonneeLambertOrdonneeEtablissement": "6519000.25",
    "longitude": "4.83", "latitude": "45.76", "codeCedexEtablissement": "69401",
}  # fmt: skip
HIDDEN_SITE = dict.fromkeys(SITE, "[ND]") | {
    "siren": B, "nic": "00029", "etablissementSiege": "true", "etatAdministratifEtablissement": "A",
    "dateCreationEtablissement": "2012-05-01", "activitePrincipaleEtablissement": "25.53Y",
    "nomenclatureActivitePrincipaleEtablissement": "NAF25", "activitePrincipaleNAF25Etablissement": "",
    "trancheEffectifsEtablissement": "NN", "dateDebut": "2012-05-01", "statutDiffusionEtablissement": "P",
    "longitude": "", "latitude": "",
}  # fmt: skip
UNIT = {
    "siren": A, "denominationUniteLegale": "ATELIERS INVENTÉS", "categorieJuridiqueUniteLegale": "5710",
    "dateCreationUniteLegale": "2010-01-04", "activitePrincipaleUniteLegale": "62.01Z",
    "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2", "activitePrincipaleNAF25UniteLegale": "62.10Y",
    "etatAdministratifUniteLegale": "A", "sigleUniteLegale": "AI", "trancheEffectifsUniteLegale": "12",
    "denominationUsuelle1UniteLegale": "INVENTÉS", "denominationUsuelle3UniteLegale": "ET FILS",
    "anneeEffectifsUniteLegale": "2022", "caractereEmployeurUniteLegale": "O", "categorieEntreprise": "PME",
    "nicSiegeUniteLegale": "00011", "statutDiffusionUniteLegale": "O",
}  # fmt: skip
HIDDEN_UNIT = dict.fromkeys(UNIT, "[ND]") | {
    "siren": B, "categorieJuridiqueUniteLegale": "1000", "dateCreationUniteLegale": "2012-05-01",
    "activitePrincipaleUniteLegale": "", "activitePrincipaleNAF25UniteLegale": "", "etatAdministratifUniteLegale": "A",
    "trancheEffectifsUniteLegale": "NN", "anneeEffectifsUniteLegale": "", "caractereEmployeurUniteLegale": "N",
    "categorieEntreprise": "", "nicSiegeUniteLegale": "00029", "statutDiffusionUniteLegale": "P",
}  # fmt: skip
ADDRESS = ("siret", "is_siege", "type_voie", "code_commune", "departement", "code_postal", "code_cedex")
PLACE = ("longitude", "latitude", "lambert_x_m", "lambert_y_m")
WHAT = ("code_naf", "code_naf25", "enseigne", "denomination_usuelle", "tranche_effectif", "statut_diffusion")


def names_of(source: str) -> list[str]:
    return [column.name for column in SOURCES[source].raw_columns]


def as_csv(names: list[str], rows: list[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def as_parquet(names: list[str], rows: list[dict[str, str]]) -> bytes:
    """As Insee writes them: flags and numbers are typed, an empty cell is null."""
    columns: dict[str, pa.Array] = {}
    for name in names:
        cells = [row.get(name, "") or None for row in rows]
        if name == "etablissementSiege":
            columns[name] = pa.array([cell == "true" for cell in cells])
        elif name == "anneeEffectifsUniteLegale":
            columns[name] = pa.array([int(cell) if cell else None for cell in cells], pa.int32())
        else:
            columns[name] = pa.array(cells, pa.string())
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stock.csv", content)
    return sink.getvalue()


def imported(folder: Path, name: str, content: bytes) -> tuple[SourceReport, list[dict[str, object]]]:
    (folder / "raw/2401").mkdir(parents=True)
    (folder / "raw/SYNTHETIC").touch()
    (folder / "raw/2401" / name).write_bytes(content)
    lake = open_lake_for(folder / "lake", folder / "raw")
    report = import_batch(lake, folder / "raw", batch=JANUARY).imported[0]
    part = next((lake.root / "staged" / report.source).rglob("part-*.parquet"))
    return report, sorted(pq.ParquetFile(part).read().to_pylist(), key=lambda row: str(row["siren"]), reverse=True)


def picked(row: dict[str, object], *groups: tuple[str, ...]) -> list[object]:
    return [row[name] for group in groups for name in group]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("StockEtablissement_utf8_geo.csv", bytes),
        ("StockEtablissement_utf8_geo.csv.gz", gzip.compress),
        ("StockEtablissement_utf8.csv", bytes),
        ("StockEtablissement_utf8.csv.zip", zipped),
        ("StockEtablissement_utf8.zip", zipped),
        ("StockEtablissement_utf8.parquet", None),
    ],
)
def test_establishments(tmp_path: Path, name: str, pack: object) -> None:
    is_geocoded = "geo" in name
    columns = [cell for cell in names_of("sirene") if is_geocoded or cell not in ("longitude", "latitude")]
    rows = [SITE, HIDDEN_SITE]
    content = pack(as_csv(columns, rows)) if callable(pack) else as_parquet(columns, rows)
    report, (shown, hidden) = imported(tmp_path, name, content)
    assert (report.read, report.accepted, report.cells_by_class) == (2, 2, {})
    assert picked(shown, ADDRESS) == [A + "00011", True, "RUE", "69123", "69", "69001", "69401"]
    assert picked(shown, WHAT) == ["62.01Z", "62.10Y", "AU BON FER", "FER", "12", "O"]
    assert picked(shown, PLACE) == [*((4.83, 45.76) if is_geocoded else (None, None)), 842000.5, 6519000.25]
    assert picked(hidden, ADDRESS) == [B + "00029", True, None, None, None, None, None]
    assert picked(hidden, WHAT, PLACE) == [None, "25.53Y", None, None, "NN", "P", None, None, None, None]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("sireneUL.csv", bytes),
        ("StockUniteLegale_utf8.csv.gz", gzip.compress),
        ("StockUniteLegale_utf8.zip", zipped),
        ("StockUniteLegale_utf8.parquet", None),
    ],
)
@pytest.mark.parametrize("has_naf25", [True, False])
def test_units(tmp_path: Path, name: str, pack: object, has_naf25: bool) -> None:
    columns = [cell for cell in names_of("sirene_ul") if has_naf25 or "NAF25" not in cell]
    rows = [UNIT, HIDDEN_UNIT]
    content = pack(as_csv(columns, rows)) if callable(pack) else as_parquet(columns, rows)
    report, (shown, hidden) = imported(tmp_path, name, content)
    assert (report.read, report.accepted, report.cells_by_class) == (2, 2, {})
    identity = ("raison_sociale", "sigle", "denomination_usuelle", "nic_siege", "code_naf", "code_naf25")
    size = ("tranche_effectif", "annee_effectif", "is_employeur", "categorie_entreprise", "statut_diffusion")
    assert picked(shown, identity) == [
        "ATELIERS INVENTÉS", "AI", "INVENTÉS ET FILS", "00011", "62.01Z", "62.10Y" if has_naf25 else None
    ]  # fmt: skip
    assert picked(shown, size) == ["12", 2022, True, "PME", "O"]
    assert picked(hidden, identity) == [None, None, None, "00029", None, None]
    assert picked(hidden, size) == ["NN", None, False, None, "P"]


def test_a_file_without_the_columns_added_since_is_read(tmp_path: Path) -> None:
    columns = [column.name for column in SOURCES["sirene_ul"].raw_columns if not column.is_optional]
    report, (shown, _) = imported(tmp_path, "sireneUL.csv", as_csv(columns, [UNIT, HIDDEN_UNIT]))
    assert report.accepted == 2
    assert picked(shown, ("raison_sociale", "tranche_effectif", "is_employeur")) == ["ATELIERS INVENTÉS", None, None]


def test_history_in_parquet(tmp_path: Path) -> None:
    row = {
        "siret": A + "00011",
        "dateDebut": "2010-01-04",
        "etatAdministratifEtablissement": "A",
        "changementEtatAdministratifEtablissement": "true",
    }
    content = as_parquet(names_of("sirene_histo"), [row])
    report, (found,) = imported(tmp_path, "StockEtablissementHistorique_utf8.parquet", content)
    assert (report.read, report.accepted) == (1, 1)
    assert (found["siret"], found["is_active"], found["date_fin"]) == (A + "00011", True, None)


def test_parquet_is_refused_where_text_is_expected(tmp_path: Path) -> None:
    write_batch(tmp_path, "2401", {"sigfaible_debits.csv": as_parquet(names_of("debit"), [])})
    with pytest.raises(IncompleteImportError, match="found Parquet, expected text"):
        import_batch(open_lake_for(tmp_path / "lake", tmp_path), tmp_path, batch=JANUARY)
