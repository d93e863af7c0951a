"""Files that used to end an import by a traceback, or that lost rows without a word."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.siren import luhn_sum
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import ImportReport, IncompleteImportError
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.schema.source import Fault
from signaux_faibles.sources import SOURCES

BATCH = 2024 * 12
FAKES = [siren for siren in map(str, range(100_000_000, 100_001_200)) if luhn_sum(siren) % 10]


def imported(root: Path, name: str, content: bytes) -> ImportReport:
    folder = root / "raw" / "2401"
    folder.mkdir(parents=True)
    (root / "raw" / "SYNTHETIC").touch()
    (folder / name).write_bytes(content)
    return import_batch(open_lake_for(root / "lake", root / "raw"), root / "raw", batch=BATCH)


def notice(sirens: list[str], nature: str = "Jugement d'ouverture de liquidation judiciaire") -> dict[str, object]:
    return {
        "publicationavis": "A",
        "parution": "20240001",
        "dateparution": "2024-01-05",
        "numeroannonce": 1,
        "listepersonnes": None,
        "registre": sirens,
        "jugement": json.dumps({"date": "2024-01-02", "nature": nature}),
    }


@pytest.mark.parametrize(
    "bad", [notice(FAKES[:1001]), notice(FAKES[:1], "x" * 9_000_000)], ids=["companies", "characters"]
)
def test_notice_that_the_lake_cannot_hold_is_reported(tmp_path: Path, bad: dict[str, object]) -> None:
    content = json.dumps([notice(FAKES[:1]), bad, notice(FAKES[:1000])]).encode()
    (report,) = imported(tmp_path, "bodacc.json", content).imported
    assert (report.read, report.accepted, report.rejected) == (3, 2, 1)
    assert report.rejects_by_class == {Fault.DOCUMENT.value: 1}


@pytest.mark.parametrize("content", ["{}", "[{}, 1, {}]", '{"type": "FeatureCollection", "features": []}'])
def test_documents_of_something_else_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"none of its \d documents is one of bodacc"):
        imported(tmp_path, "bodacc.json", content.encode())


def stock(**columns: list[str]) -> bytes:
    names = [column.name for column in SOURCES["sirene_ul"].raw_columns if not column.is_optional]
    arrays = [pa.array(columns.get(name, [""] * 3)) for name in names]
    target = io.BytesIO()
    extra = [name for name in columns if name not in names]
    table = pa.table([*(pa.array(columns[name]) for name in extra), *arrays], names=[*extra, *names])
    pq.write_table(table, target, compression="snappy")
    return target.getvalue()


def test_parquet_damaged_inside_is_refused_by_its_name(tmp_path: Path) -> None:
    content = bytearray(stock(siren=FAKES[:3]))
    content[10:200] = bytes(byte ^ 0x5A for byte in content[10:200])
    with pytest.raises(IncompleteImportError) as error:
        imported(tmp_path, "StockUniteLegale_utf8.parquet", bytes(content))
    assert "StockUniteLegale_utf8.parquet: found a truncated or damaged" in str(error.value.report.refused[0].error)


def test_parquet_columns_that_differ_by_case_are_not_mistaken(tmp_path: Path) -> None:
    (report,) = imported(
        tmp_path, "StockUniteLegale_utf8.parquet", stock(SIREN=["1", "2", "3"], siren=FAKES[:3])
    ).imported
    assert (report.accepted, report.rejected) == (3, 0)
    lake = open_lake_for(tmp_path / "lake", tmp_path / "raw")
    with Engine(tmp_path / "scratch") as engine:
        found = engine.rows(f"SELECT siren FROM ({versions_sql(lake, 'sirene_ul', BATCH)}) ORDER BY siren")
    assert [row[0] for row in found] == FAKES[:3]


def headcounts(months: int) -> bytes:
    ranks = range(1900 * 12, 1900 * 12 + months)
    names = [f"eff{rank // 12}{rank % 12 // 3 + 1}{rank % 3 + 1}" for rank in ranks]
    header = ["compte", "siret", "rais_soc", "ape_ins", "dep", *names, "base", "UR_EMET"]
    row = ["1", FAKES[0] + "00011", "", "", "", *["3"] * months, "", ""]
    return (";".join(header) + "\n" + ";".join(row) + "\n").encode()


def test_as_many_months_as_the_engine_takes(tmp_path: Path) -> None:
    (report,) = imported(tmp_path, "sigfaible_effectif_siret.csv", headcounts(900)).imported
    assert (report.accepted, report.staged) == (1, 900)


def test_more_months_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IncompleteImportError, match="901 months"):
        imported(tmp_path, "sigfaible_effectif_siret.csv", headcounts(901))
