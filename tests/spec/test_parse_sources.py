"""Lecture de référence de chaque source : la même, que le fichier soit compressé ou non."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from pipeline.import_samples import A, B, first_batch, rare_files
from signaux_faibles.ingest.parse import parse_file
from signaux_faibles.sources import SOURCES, source_of_file

FILES = first_batch() | rare_files()
MAY_DIFFER = {"start_date", "end_date", "summary"}


def parsed(source: str, path: Path, output_format: str = "jsonl") -> tuple[bytes, dict[str, object]]:
    stream = io.BytesIO()
    report = parse_file(source, path, output_format=output_format, stream=stream)  # type: ignore[arg-type]
    return stream.getvalue(), {key: value for key, value in report.items() if key not in MAY_DIFFER}


def zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("raw.csv", content)
    return sink.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_packed_twins_are_read_the_same(tmp_path: Path, name: str) -> None:
    found = source_of_file(name)
    assert found is not None
    results = []
    for twin, pack in (
        ("raw.csv", bytes),
        ("raw.csv.gz", gzip.compress),
        ("raw.zip", zipped),
        ("unnamed", gzip.compress),
    ):
        (tmp_path / twin).write_bytes(pack(FILES[name]))
        results.append([parsed(found.name, tmp_path / twin, kind) for kind in ("csv", "jsonl")])
    report = results[0][0][1]
    tolerates_no_absence = found.name in ("sirene", "sirene_ul")
    assert report["is_fatal"] == (tolerates_no_absence and "NAF25" in str(report["head_fatal"]))
    assert results[1:] == results[:1] * 3


def rows_of(source: str, name: str, tmp_path: Path) -> tuple[list[dict[str, object]], dict[str, object]]:
    (tmp_path / name).write_bytes(FILES[name])
    content, report = parsed(source, tmp_path / name)
    return [json.loads(line) for line in content.splitlines()], report


def test_the_samples_hold_every_source() -> None:
    assert {found.name for name in FILES if (found := source_of_file(name))} == set(SOURCES)


def test_announcements_give_a_row_per_company(tmp_path: Path) -> None:
    rows, report = rows_of("bodacc", "bodacc_2023_12.json", tmp_path)
    assert [(row["siren"], row["action"], row["stade"], row["type_avis"]) for row in rows] == [
        (A, "liquidation", "ouverture", "initial"),
        (B, "liquidation", "ouverture", "initial"),
        (B, "", "", "annulation"),
        (A, "", "", "initial"),
        (A, "liquidation", "fin_procedure", "initial"),
    ]
    assert [row["date_jugement"] for row in rows][:1] == ["2023-12-01T00:00:00Z"]
    counters = tuple(report[f"lines_{what}"] for what in ("parsed", "rejected", "skipped", "valid"))
    assert counters == (9, 2, 4, 3)
    assert report["head_rejected"] == [
        "Line 3: nature inconnue : Jugement d'un genre nouveau judiciaire",
        "Line 5: siren invalide : 12",
    ]


def test_tax_accounts_and_history_of_payments(tmp_path: Path) -> None:
    rows, report = rows_of("dgfip_indmap", "declarations_indmap.csv", tmp_path)
    assert [(row["siren"], row["date_fin_exercice"], row["d_passf_120_k"]) for row in rows] == [
        (A, "2022-12-31T00:00:00Z", 1000.5)
    ]
    assert report["lines_rejected"] == 2
    rows, _ = rows_of("paydex_retro", "E_202401150930_Retro-Paydex_20240115.csv", tmp_path)
    assert rows == [{"siren": A, "date_valeur": "2022-01-15T00:00:00Z", "nb_jours": 12}]


@pytest.mark.parametrize(("announced", "rejected", "skipped"), [(2, 0, 1), (3, 1, 0)])
def test_a_closing_line_must_announce_the_right_number(
    tmp_path: Path, announced: int, rejected: int, skipped: int
) -> None:
    path = tmp_path / "altares_mensuel_202312.csv"
    path.write_bytes(FILES[path.name].replace(b"total 2 ", b"total %d " % announced))
    report = parsed("paydex", path)[1]
    assert (report["lines_parsed"], report["lines_rejected"], report["lines_skipped"]) == (3, rejected, skipped)
    assert report["head_rejected"] == [f"Line 3: {announced} lignes annoncées, 2 lues"] * rejected


def test_parquet_twin_of_the_register_is_read_the_same(tmp_path: Path) -> None:
    for name in ("StockEtablissement_utf8_geo.csv", "StockEtablissementHistorique_utf8.csv"):
        table = pc.read_csv(
            io.BytesIO(FILES[name]),
            convert_options=pc.ConvertOptions(
                column_types={"siret": pa.string(), "siren": pa.string(), "nic": pa.string()}, strings_can_be_null=True
            ),
        )
        pq.write_table(table, tmp_path / "raw.parquet")
        (tmp_path / "raw.csv").write_bytes(FILES[name])
        found = source_of_file(name)
        assert found is not None
        as_text, as_parquet = (parsed(found.name, tmp_path / twin) for twin in ("raw.csv", "raw.parquet"))
        assert as_text == as_parquet
        assert as_text[0]


def test_parquet_is_fatal_where_text_is_expected(tmp_path: Path) -> None:
    pq.write_table(pa.table({"Siret": ["1"]}), tmp_path / "raw.parquet")
    assert parsed("ccsf", tmp_path / "raw.parquet")[1]["head_fatal"] == ["Fatal: found Parquet, expected text"]
