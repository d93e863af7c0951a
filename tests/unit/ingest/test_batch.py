"""Files of a batch are found by their names, by their headers, or in a configuration."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signaux_faibles.domain.delivery import Delivery, parse_delivery
from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.batch import Batch, find_batch, is_synthetic
from signaux_faibles.sources import SOURCES

OCTOBER = 2026 * 12 + 9
CCSF = "Siret;Compte;Date_de_traitement;Code_externe_stade;Code_externe_action\n"


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def names_of(found: Batch) -> dict[str, list[tuple[str, str]]]:
    return {name: [(file.path.name, file.recognised.value) for file in files] for name, files in found.files.items()}


def test_folder_of_batches_or_of_the_batch_itself(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2610", "sigfaible_debits.csv")
    assert find_batch(tmp_path, OCTOBER) == find_batch(folder, OCTOBER)


@pytest.mark.parametrize("is_link", [True, False])
def test_what_is_named_as_a_source_and_is_no_file_is_said(tmp_path: Path, is_link: bool) -> None:
    place = fill(tmp_path / "2610", "sigfaible_ccsf.csv") / "sigfaible_debits.csv"
    place.symlink_to(tmp_path / "nowhere") if is_link else place.mkdir()
    found = find_batch(tmp_path, OCTOBER)
    assert names_of(found) == {"ccsf": [("sigfaible_ccsf.csv", "name")]}
    assert "is not a file" in found.refused["sigfaible_debits.csv"].message


@pytest.mark.parametrize("place", ["2610_02", "2610/2610_02"])
def test_sub_batch_beside_its_batch_or_inside(tmp_path: Path, place: str) -> None:
    fill(tmp_path / "2610", "demande_ap.csv")
    folder = fill(tmp_path / place, "sigfaible_debits.csv")
    for raw in (tmp_path, folder, tmp_path / place.split("/", maxsplit=1)[0]):
        assert list(find_batch(raw, Delivery(OCTOBER, 2)).files) == ["debit"]
    assert list(find_batch(tmp_path, OCTOBER).files) == ["apdemande"]


def test_sub_batch_in_two_places_is_refused(tmp_path: Path) -> None:
    for place in ("2610_02", "2610/2610_02"):
        fill(tmp_path / place, "sigfaible_debits.csv")
    with pytest.raises(InputError, match="Found both"):
        find_batch(tmp_path, Delivery(OCTOBER, 2))


def test_keys_are_read_as_they_are_written_and_sorted_by_delivery() -> None:
    keys = ["2609_02", "2610", "2610_01", "2610_10", "2611"]
    assert [parse_delivery(key).key for key in keys] == keys
    assert sorted(map(parse_delivery, reversed(keys))) == [parse_delivery(key) for key in keys]


@pytest.mark.parametrize(
    "text", ["2613", "2610_", "2610_1", "2610_00", "2610-01", "2610_001", "26", "2610_01 ", "٢٦١٠"]
)
def test_bad_key_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="Bad batch key"):
        parse_delivery(text)


def test_files_are_sorted_and_the_unknown_listed(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "b_effectif_.csv", "a_effectif_.csv", "lisez-moi.txt", "demande_ap.csv", ".cache")
    found = find_batch(tmp_path, OCTOBER)
    assert names_of(found) == {
        "effectif": [("a_effectif_.csv", "name"), ("b_effectif_.csv", "name")],
        "apdemande": [("demande_ap.csv", "name")],
    }
    assert found.unknown == ("lisez-moi.txt",)


@pytest.mark.parametrize("name", ["SIGFAIBLE_CCSF.CSV", "sigfaibles_ccsf.csv", "export (3).txt", "ccsf"])
@pytest.mark.parametrize(
    "content",
    [
        CCSF.encode(),
        b"\n\r\n" + CCSF.upper().encode().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + CCSF.encode() + b"x" * 70_000,
        CCSF.encode("utf-16"),
        ('"Siret";"Compte";"Autre";' + CCSF.split(";", 2)[2]).encode(),
    ],
)
def test_name_that_says_nothing_is_recognised_by_its_header(tmp_path: Path, name: str, content: bytes) -> None:
    (fill(tmp_path / "2610") / name).write_bytes(content)
    assert names_of(find_batch(tmp_path, OCTOBER)) == {"ccsf": [(name, "header")]}


def test_header_of_a_compressed_or_parquet_file(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2610")
    (folder / "depot.csv.gz").write_bytes(gzip.compress(CCSF.encode()))
    (folder / "coupe.csv.gz").write_bytes(gzip.compress(CCSF.encode())[:20])
    required = [c.name for c in SOURCES["sirene_ul"].raw_columns if not c.is_optional]
    pq.write_table(pa.table({name: ["x"] for name in required}), folder / "unites.parquet")
    found = find_batch(tmp_path, OCTOBER)
    assert names_of(found)["ccsf"] == [("depot.csv.gz", "header")]
    assert names_of(found).get("sirene_ul") == [("unites.parquet", "header")]
    assert found.unknown == ("coupe.csv.gz",)


def test_every_source_with_a_telling_header_is_recognised_by_it(tmp_path: Path) -> None:
    folder, telling = fill(tmp_path / "2610"), []
    for source in SOURCES.values():
        if source.flatten or source.has_optional_header or any(c.position is not None for c in source.raw_columns):
            continue
        names = [c.name for c in source.raw_columns] + (["eff202411"] if source.is_wide else [])
        (folder / f"{source.name}.bin").write_text(source.separator.join(names) + "\n")
        telling.append(source.name)
    found = find_batch(tmp_path, OCTOBER)
    assert {name: [file[0] for file in files] for name, files in names_of(found).items()} == {
        name: [f"{name}.bin"] for name in SOURCES if name in telling
    }
    assert found.refused == {}
    assert len(telling) >= 13


def test_header_of_two_sources_is_refused_and_said(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2610", "sigfaible_debits.csv")
    (folder / "mystere.csv").write_text("siren;compte;siret;eff202411\n")
    found = find_batch(tmp_path, OCTOBER)
    assert list(found.files) == ["debit"]
    assert "effectif_ent and of effectif" in found.refused["mystere.csv"].message
    assert find_batch(tmp_path, OCTOBER, only=["debit"]).refused == {}


@pytest.mark.parametrize("only", [["debit", "ccsf"], ["debit,ccsf"], ["ccsf, debit,"]])
def test_only_some_sources(tmp_path: Path, only: list[str]) -> None:
    fill(tmp_path / "2610", "sigfaible_debits.csv", "sigfaible_ccsf.csv", "demande_ap.csv")
    assert sorted(find_batch(tmp_path, OCTOBER, only=only).files) == ["ccsf", "debit"]


def test_explicit_perimeter_is_kept_whatever_is_asked_for(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "sigfaible_debits.csv", "demande_ap.csv", "filter_2610.csv")
    assert sorted(find_batch(tmp_path, OCTOBER, only=["debit"]).files) == ["debit", "filter"]


def test_two_explicit_perimeters_are_refused(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "sigfaible_debits.csv", "filter_a.csv", "filter_b.csv")
    found = find_batch(tmp_path, OCTOBER)
    assert list(found.files) == ["debit"]
    assert r"found 2 explicit perimeters (filter_a.csv, filter_b.csv)" in found.refused["filter"].message


def test_plain_and_compressed_twins_are_refused_and_the_others_kept(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "sigfaible_debits.csv", "sigfaible_debits.csv.gz", "demande_ap.csv")
    found = find_batch(tmp_path, OCTOBER)
    assert list(found.files) == ["apdemande"]
    assert "both plain and compressed" in found.refused["debit"].message


def test_open_lake_takes_open_sources_only(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "sireneUL.csv", "ratios_inpi_bce.csv", "sigfaible_debits.csv")
    found = find_batch(tmp_path, OCTOBER, is_open=True)
    assert sorted(found.files) == ["comptes", "sirene_ul"]
    assert found.left_out == ("debit",)
    with pytest.raises(InputError, match="debit is not an open source"):
        find_batch(tmp_path, OCTOBER, only=["debit"], is_open=True)


@pytest.mark.parametrize(
    ("names", "only", "sentence"),
    [
        (["lisez-moi.txt"], None, "holds no file of a known source \\(1 other"),
        ([], None, "holds no file of a known source \\(0 other"),
        (["demande_ap.csv"], ["debit"], "holds no file of debit"),
        (["demande_ap.csv"], ["dette"], "Unknown source 'dette'"),
        (["demande_ap.csv"], ["apdemande,dette"], "Unknown source 'dette'"),
    ],
)
def test_batch_refused(tmp_path: Path, names: list[str], only: list[str] | None, sentence: str) -> None:
    fill(tmp_path / "2610", *names)
    with pytest.raises(InputError, match=sentence):
        find_batch(tmp_path, OCTOBER, only=only)


def test_missing_folder_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No folder .*2610"):
        find_batch(tmp_path, OCTOBER)


def test_marker_of_invented_data(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2610" / "2610_01")
    assert not is_synthetic(tmp_path)
    (tmp_path / "SYNTHETIC").touch()
    assert is_synthetic(tmp_path)
    assert is_synthetic(folder.parent)
    assert is_synthetic(folder)


def config(folder: Path, content: object, name: str = "batch.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_configuration_lists_files_wherever_they_are(tmp_path: Path) -> None:
    raw, elsewhere = tmp_path / "raw", tmp_path / "elsewhere"
    fill(raw / "2610", "a.csv")
    fill(raw, "b.csv")
    fill(elsewhere, "c.csv")
    fill(tmp_path / "conf", "d.csv")
    listed = {"debit": ["a.csv", "b.csv"], "ccsf": [str(elsewhere / "c.csv")], "procol": ["d.csv", "2610/a.csv"]}
    path = config(tmp_path / "conf", {"key": "2610", "files": listed, "params": {"date_fin": "2026-10-01"}})
    found = find_batch(raw, OCTOBER, config=path)
    assert names_of(found) == {
        "debit": [("a.csv", "config"), ("b.csv", "config")],
        "ccsf": [("c.csv", "config")],
        "procol": [("d.csv", "config"), ("a.csv", "config")],
    }
    assert (found.refused, found.unknown) == ({}, ())


def test_configuration_in_yaml_says_what_is_a_flow(tmp_path: Path) -> None:
    fill(tmp_path / "raw" / "2610_01", "x.csv")
    text = 'key: "2610_01"\nfiles: {debit: [x.csv]}\nflow: [debit]\nstock: [paydex]\n'
    found = find_batch(
        tmp_path / "raw", Delivery(OCTOBER, 1), config=config(tmp_path / "raw" / "2610_01", text, "batch.yaml")
    )
    assert list(found.files) == ["debit"]
    assert found.is_flow == {"debit": True, "paydex": False}


def test_listed_file_that_is_missing_is_named_and_the_others_kept(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "here.csv")
    path = config(tmp_path, {"key": "2610", "files": {"debit": ["gone.csv"], "ccsf": ["here.csv"]}})
    found = find_batch(tmp_path, OCTOBER, config=path)
    assert list(found.files) == ["ccsf"]
    assert "debit: gone.csv: no such file" in found.refused["debit"].message


@pytest.mark.parametrize("path", ["a\0b", "a" * 5000, "/" + "a" * 5000])
def test_path_that_no_file_can_have_is_a_missing_file(tmp_path: Path, path: str) -> None:
    fill(tmp_path / "2610", "x")
    content = {"key": "2610", "files": {"debit": [path]}}
    found = find_batch(tmp_path, OCTOBER, config=config(tmp_path, content), only=["debit"])
    assert "no such file" in found.refused["debit"].message


def test_path_that_names_two_files_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "x.csv")
    fill(tmp_path, "x.csv")
    found = find_batch(tmp_path, OCTOBER, config=config(tmp_path, {"key": "2610", "files": {"debit": ["x.csv"]}}))
    assert "found " in found.refused["debit"].message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "found neither JSON nor YAML"),
        ("[" * 100_000, "found neither JSON nor YAML"),
        ('{"key": "2610", "files": {"debit": ["x"], "debit": ["y"]}}', "an entry written twice"),
        ({"key": "2610", "files": {"debit": []}}, "debit lists no file"),
        ([], "expected entries"),
        ({"key": "2611", "files": {"debit": ["x"]}}, "found key '2611', expected '2610'"),
        ({"files": {"debit": ["x"]}}, "found key None"),
        ({"key": "2610"}, "found no files"),
        ({"key": "2610", "files": {"dette": ["x"]}}, "unknown source 'dette'"),
        ({"key": "2610", "files": {"debit": "x"}}, "debit is not a list"),
        ({"key": "2610", "files": {"debit": ["x", "x"]}}, "twice"),
        ({"key": "2610", "files": {"debit": ["x"]}, "flow": ["debit"], "stock": ["debit"]}, "both a flow and a stock"),
        ({"key": "2610", "files": {"debit": ["x"]}, "flux": ["debit"]}, "unknown entry 'flux'"),
    ],
)
def test_configuration_refused(tmp_path: Path, content: object, sentence: str) -> None:
    fill(tmp_path / "2610", "x")
    with pytest.raises(InputError, match=sentence):
        find_batch(tmp_path, OCTOBER, config=config(tmp_path, content))


def test_missing_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(No such file"):
        find_batch(tmp_path, OCTOBER, config=tmp_path / "batch.json")
