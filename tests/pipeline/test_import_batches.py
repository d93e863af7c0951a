"""Sub-batches, copies, configurations, and the profile of a lake."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.import_samples import (
    CCSF_HEADER,
    COTISATION_HEADER,
    DEBIT_HEADER,
    FEBRUARY,
    JANUARY,
    UL_HEADER,
    A,
    B,
    digests,
    first_batch,
    siret,
    write_batch,
)
from signaux_faibles.domain.delivery import Delivery, parse_delivery
from signaux_faibles.domain.errors import InputError, LakeError
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import ImportReport, IncompleteImportError, read_manifest
from signaux_faibles.ingest.versions import staged_batches, staged_deliveries, versions_sql
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.panel.inputs import inputs
from signaux_faibles.pipeline.publish.report import imports

CCSF = "sigfaible_ccsf.csv"


def ccsf(*rows: tuple[str, str]) -> bytes:
    return (CCSF_HEADER + "".join(f"{siret(siren)};C;1231115;{stage};CCSF\n" for siren, stage in rows)).encode()


class Batches:
    """A lake fed with small files."""

    def __init__(self, folder: Path) -> None:
        self.raw = folder / "raw"
        write_batch(self.raw, "2312", {})
        self.lake: Lake = open_lake_for(folder / "lake", self.raw)

    def add(self, key: str, files: dict[str, bytes], **options: object) -> ImportReport:
        write_batch(self.raw, key, files)
        return import_batch(self.lake, self.raw, batch=parse_delivery(key), **options)  # type: ignore[arg-type]

    def read(self, as_of: int | Delivery, source: str = "ccsf") -> list[tuple[object, ...]]:
        with Engine(self.lake.scratch) as engine:
            sql = versions_sql(self.lake, source, as_of)
            names = "siren, stade, batch_month, known_month, until_month"
            return engine.rows(f"SELECT {names} FROM ({sql}) ORDER BY ALL")


@pytest.fixture
def batches(tmp_path: Path) -> Batches:
    return Batches(tmp_path)


def test_sub_batch_corrects_its_month(batches: Batches) -> None:
    batches.add("2401", {CCSF: ccsf((A, "DEBUT"), (B, "DEBUT"))})
    report = batches.add("2401_01", {CCSF: ccsf((A, "REFUS"), (B, "DEBUT"))}).imported[0]
    assert (report.batch, report.appeared, report.withdrawn) == ("2401_01", 1, 1)
    assert batches.read(JANUARY) == [
        (B, "DEBUT", JANUARY, JANUARY - 1, None),
        (A, "DEBUT", JANUARY, JANUARY - 1, JANUARY),
        (A, "REFUS", JANUARY, JANUARY, None),
    ]
    assert [row[:2] for row in batches.read(Delivery(JANUARY))] == [(B, "DEBUT"), (A, "DEBUT")]


def test_rows_of_a_month_never_share_a_name(batches: Batches) -> None:
    batches.add("2401", {CCSF: ccsf((A, "DEBUT"), (B, "DEBUT"))})
    batches.add("2401_01", {CCSF: ccsf((A, "FIN"), (B, "FIN"))}, accept="essai")
    batches.add("2402", {CCSF: ccsf((A, "FIN"))})
    assert batches.read(FEBRUARY) == [
        (B, "DEBUT", JANUARY, JANUARY - 1, JANUARY),
        (B, "FIN", JANUARY, JANUARY, FEBRUARY),
        (A, "DEBUT", JANUARY, JANUARY - 1, JANUARY),
        (A, "FIN", JANUARY, JANUARY, None),
    ]


def test_sub_batches_are_one_month_for_who_reads_months(batches: Batches) -> None:
    for key, stage in (("2401", "A"), ("2401_01", "B"), ("2401_10", "C"), ("2402", "D")):
        batches.add(key, {CCSF: ccsf((A, stage))})
    assert staged_batches(batches.lake, "ccsf") == [JANUARY, FEBRUARY]
    assert [one.key for one in staged_deliveries(batches.lake, "ccsf")] == ["2401", "2401_01", "2401_10", "2402"]
    assert [row[1] for row in batches.read(FEBRUARY) if row[4] is None] == ["D"]


def test_sub_batch_before_a_staged_delivery_is_refused(batches: Batches) -> None:
    batches.add("2401_02", {CCSF: ccsf((A, "DEBUT"))})
    batches.add("2403", {CCSF: ccsf((A, "FIN"))})
    for key in ("2401", "2401_01", "2402_01"):
        with pytest.raises(InputError, match=f"ccsf: batch {key} comes before"):
            batches.add(key, {CCSF: ccsf((A, "REFUS"))})


def test_a_release_tells_every_delivery(batches: Batches) -> None:
    for key, stage in (("2401", "A"), ("2401_01", "B"), ("2402", "C")):
        batches.add(key, {CCSF: ccsf((A, stage))})
    assert imports(batches.lake, JANUARY)["batch"].to_pylist() == ["2401", "2401_01"]


def test_what_depends_on_a_month_depends_on_its_sub_batches(batches: Batches) -> None:
    batches.add("2401", {CCSF: ccsf((A, "DEBUT"))})
    before = inputs(batches.lake, JANUARY)
    batches.add("2401_01", {CCSF: ccsf((A, "FIN"))})
    assert inputs(batches.lake, JANUARY).keys() - before.keys() == {"ccsf/2401_01"}


def test_a_copy_in_the_same_delivery_is_read_once(batches: Batches) -> None:
    content = ccsf((A, "DEBUT"))
    report = batches.add("2401", {CCSF: content, "copie.csv": content, "z.csv.gz": content}).imported[0]
    assert (report.read, report.accepted) == (1, 1)
    assert [(file.name, file.recognised) for file in report.files] == [("copie.csv", "header")]
    assert report.warnings == (
        f"{CCSF} holds the same as copie.csv, and was not read twice",
        "z.csv.gz holds the same as copie.csv, and was not read twice",
    )
    assert read_manifest(batches.lake.staged("ccsf", JANUARY)) == report


@pytest.mark.parametrize(
    ("first", "second"),
    [(CCSF, "autre.csv"), (f"{CCSF}.gz", f"{CCSF}.gz"), (CCSF, f"{CCSF}.gz"), (f"{CCSF}.gz", CCSF)],
)
def test_content_of_an_earlier_batch_is_imported_and_said(batches: Batches, first: str, second: str) -> None:
    content = ccsf((A, "DEBUT"))
    batches.add("2401", {first: content})
    write_batch(batches.raw, "2402", {})
    packed = gzip.compress(content, compresslevel=1, mtime=1) if second.endswith(".gz") else content
    (batches.raw / "2402" / second).write_bytes(packed)
    [report] = import_batch(batches.lake, batches.raw, batch=FEBRUARY).imported
    assert report.warnings == (f"{second} holds the same as {first} of batch 2401",)
    other = batches.add("2403", {CCSF: ccsf((A, "FIN"))}).imported[0]
    assert other.warnings == ()


def test_the_same_bytes_under_another_name_change_nothing(batches: Batches) -> None:
    batches.add("2401", {CCSF: ccsf((A, "DEBUT"))})
    (batches.raw / "2401" / CCSF).rename(batches.raw / "2401" / "CCSF.CSV")
    before = digests(batches.lake.root)
    report = import_batch(batches.lake, batches.raw, batch=JANUARY)
    assert (report.imported, [one.source for one in report.unchanged]) == ((), ["ccsf"])
    assert report.unchanged[0].warnings == (f"CCSF.CSV holds the same as {CCSF} of batch 2401",)
    assert digests(batches.lake.root) == before


def test_configuration_of_a_flow_adds_to_a_stock(batches: Batches, tmp_path: Path) -> None:
    batches.add("2401", {CCSF: ccsf((A, "DEBUT"), (B, "DEBUT"))})
    config = tmp_path / "batch.json"
    config.write_text(json.dumps({"key": "2402", "files": {"ccsf": ["suite.csv"]}, "flow": ["ccsf"]}))
    report = batches.add("2402", {"suite.csv": ccsf((A, "FIN"))}, config=config).imported[0]
    assert (report.mode, report.appeared, report.withdrawn) == ("flow", 1, 0)
    assert [file.recognised for file in report.files] == ["config"]
    assert [row[:2] for row in batches.read(FEBRUARY) if row[4] is None] == [(B, "DEBUT"), (A, "DEBUT"), (A, "FIN")]
    again = import_batch(batches.lake, batches.raw, batch=FEBRUARY, config=config)
    assert [one.mode for one in again.unchanged] == ["flow"]
    config.write_text(json.dumps({"key": "2402", "files": {"ccsf": ["suite.csv"]}}))
    with pytest.raises(InputError, match="already staged, from other files or by other code"):
        import_batch(batches.lake, batches.raw, batch=FEBRUARY, config=config)


@pytest.mark.parametrize(("quotes", "read", "accepted"), [({}, 2, 2), ({"cotisation": "strict"}, 2, 1)])
def test_b10_a_stray_quote_is_data_or_a_fault_as_configured(
    batches: Batches, tmp_path: Path, quotes: dict[str, str], read: int, accepted: int
) -> None:
    rows = f'117;{siret(A)};C"1;2410;1;1\n117;{siret(B)};C2;2410;1;1\n'
    config = tmp_path / "batch.json"
    config.write_text(json.dumps({"key": "2401", "files": {"cotisation": ["c.csv"]}, "quotes": quotes}))
    content = (COTISATION_HEADER + rows).encode()
    report = batches.add("2401", {"c.csv": content}, config=config, accept="essai").imported[0]
    assert (report.read, report.accepted) == (read, accepted)
    assert report.rejects_by_class == ({} if read == accepted else {"guillemet": 1})


def test_several_files_of_a_source_are_read_as_one(batches: Batches) -> None:
    report = batches.add("2401", {"ccsf_1.csv": ccsf((A, "DEBUT")), "ccsf_2.csv": ccsf((B, "DEBUT"))}).imported[0]
    assert (report.read, [file.name for file in report.files]) == (2, ["ccsf_1.csv", "ccsf_2.csv"])


def test_listed_file_that_is_missing_refuses_its_source_alone(batches: Batches, tmp_path: Path) -> None:
    config = tmp_path / "batch.json"
    config.write_text(json.dumps({"key": "2401", "files": {"debit": ["absent.csv"], "ccsf": [CCSF]}}))
    with pytest.raises(IncompleteImportError, match=r"debit: absent\.csv: no such file") as error:
        batches.add("2401", {CCSF: ccsf((A, "DEBUT"))}, config=config)
    assert [one.source for one in error.value.report.imported] == ["ccsf"]


def test_ambiguous_file_is_said_and_the_others_imported(batches: Batches) -> None:
    with pytest.raises(IncompleteImportError, match=r"x\.csv: its columns are those of effectif_ent and of effectif"):
        batches.add("2401", {CCSF: ccsf((A, "DEBUT")), "x.csv": b"siren;compte;siret;eff202411\n"})
    assert staged_batches(batches.lake, "ccsf") == [JANUARY]


def test_open_lake_takes_open_sources_and_keeps_its_profile(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write_batch(raw, "2401", {"sireneUL.csv": first_batch()["sireneUL.csv"], CCSF: ccsf((A, "DEBUT"))})
    lake = open_lake_for(tmp_path / "lake", raw, profile="open")
    report = import_batch(lake, raw, batch=JANUARY)
    assert ([one.source for one in report.imported], report.left_out) == (["sirene_ul"], ("ccsf",))
    assert open_lake(tmp_path / "lake").profile == "open"
    assert open_lake_for(tmp_path / "lake", raw).profile == "open"
    with pytest.raises(LakeError, match="is a lake of profile open, expected partners"):
        open_lake_for(tmp_path / "lake", raw, profile="partners")


def test_lake_of_the_reference_reading_keeps_it(tmp_path: Path) -> None:
    write_batch(tmp_path / "raw", "2401", {})
    assert open_lake_for(tmp_path / "lake", tmp_path / "raw", is_compat=True).is_compat
    assert open_lake_for(tmp_path / "lake", tmp_path / "raw").is_compat
    assert not open_lake_for(tmp_path / "own", tmp_path / "raw").is_compat
    with pytest.raises(LakeError, match="expected the reference reading"):
        open_lake_for(tmp_path / "own", tmp_path / "raw", is_compat=True)


def test_lake_made_before_profiles_is_of_the_partners(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create_synthetic=True)
    (lake.root / "lake.json").write_text('{"format_version": 1, "nature": "synthetic"}')
    assert open_lake(lake.root) == replace(lake, profile="partners", is_compat=False)
    (lake.root / "lake.json").write_text('{"format_version": 1, "nature": "synthetic", "profile": "tout"}')
    with pytest.raises(LakeError, match="found profile 'tout'"):
        open_lake(lake.root)


def test_every_file_that_cannot_be_read_is_named(batches: Batches) -> None:
    files = {CCSF: b"", "sigfaible_debits.csv": DEBIT_HEADER.encode()[:30], "sireneUL.csv": UL_HEADER.encode()}
    write_batch(batches.raw, "2401", files)
    (batches.raw / "2401" / "sigfaible_cotisdues.csv.gz").write_bytes(gzip.compress(b"Siret;" * 100)[:-20])
    with pytest.raises(IncompleteImportError) as error:
        import_batch(batches.lake, batches.raw, batch=JANUARY)
    report = error.value.report
    assert [one.source for one in report.imported] == ["sirene_ul"]
    for name in (CCSF, "sigfaible_debits.csv", "sigfaible_cotisdues.csv.gz"):
        assert name in error.value.message
    assert [one.source for one in report.refused] == ["cotisation", "debit", "ccsf"]


def test_how_a_file_had_to_be_read_is_kept(batches: Batches) -> None:
    text = CCSF_HEADER + f"{siret(A)};C;1231115;DÉBUT;CCSF\n"
    write_batch(batches.raw, "2401", {"ccsf_a.csv": text.replace("\n", "\r\n").encode("utf-16")})
    (batches.raw / "2401" / "ccsf_b.csv").write_bytes(gzip.compress(text.replace("DÉBUT", "FIN É").encode("cp1252")))
    [report] = import_batch(batches.lake, batches.raw, batch=JANUARY).imported
    first, second = report.files
    assert (first.encoding, first.has_mark, first.crlf, first.container) == ("utf-16-le", True, 2, "")
    assert (second.encoding, second.container, second.transcoded) == ("utf-8", "gzip", 1)
    assert [row[1] for row in batches.read(JANUARY)] == ["DÉBUT", "FIN É"]


def signaux(*words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "signaux_faibles.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_command_line_of_sub_batches_and_copies(batches: Batches) -> None:
    lake = ("--lake", batches.lake.root)
    debit = DEBIT_HEADER.encode() + b"x\n"
    write_batch(batches.raw, "2401", {CCSF: ccsf((A, "DEBUT")), "sigfaible_debits.csv": debit, "lisez.txt": b"bonjour"})
    first = signaux("import", batches.raw, "--batch", "2401", "--only", "ccsf,debit", *lake)
    assert first.returncode == 0, first.stderr
    assert "1 file(s) of no known source were left alone: lisez.txt." in first.stderr
    write_batch(batches.raw, "2401_01", {"corrige.csv": ccsf((A, "DEBUT"))})
    second = signaux("import", batches.raw, "--batch", "2401_01", *lake)
    assert second.returncode == 0, second.stderr
    assert f"ccsf: corrige.csv holds the same as {CCSF} of batch 2401." in second.stderr
    assert "nombre_de_champs" in signaux("rejects", "--batch", "2401", *lake).stdout
    assert signaux("rejects", "--batch", "2401_01", *lake).returncode == 0
    assert signaux("rejects", "--batch", "2401_02", *lake).returncode == 6
    assert "2401_01" in signaux("status", *lake).stdout


def test_command_line_goes_on_after_a_bad_file_and_says_so(batches: Batches) -> None:
    write_batch(batches.raw, "2401", {CCSF: ccsf((A, "DEBUT")), "sigfaible_debits.csv": b"Siret\n"})
    ended = signaux("import", batches.raw, "--batch", "2401", "--lake", batches.lake.root)
    assert ended.returncode == 3
    assert "sigfaible_debits.csv: 12 column(s) missing" in ended.stderr
    assert "Traceback" not in ended.stderr
    rows = [line.split() for line in ended.stdout.splitlines()]
    assert ["ccsf", "1", "1", "0", "0", "1", "0", "imported"] in rows
    assert ["debit", "not", "imported"] in rows
    assert any(row[:1] == ["debit"] and "column(s)" in row for row in rows), "why"
    assert staged_batches(batches.lake, "ccsf") == [JANUARY]


@pytest.mark.parametrize(("options", "values"), [([], [12]), (["--compat"], [5, 12])])
def test_command_line_makes_a_lake_of_either_reading(tmp_path: Path, options: list[str], values: list[int]) -> None:
    content = f"compte;siret;rais_soc;eff202341;eff202342\nC1;{siret(A)};X;12;-5\n".encode()
    write_batch(tmp_path / "raw", "2401", {"sigfaible_effectif_siret.csv": content})
    ended = signaux("import", tmp_path / "raw", "--batch", "2401", "--lake", tmp_path / "lake", *options)
    assert ended.returncode == 0, ended.stderr
    lake = open_lake(tmp_path / "lake")
    assert lake.is_compat == bool(options)
    with Engine(lake.scratch) as engine:
        sql = versions_sql(lake, "effectif", JANUARY)
        assert engine.rows(f"SELECT effectif_count FROM ({sql}) ORDER BY ALL") == [(value,) for value in values]


def test_command_line_of_an_open_lake(tmp_path: Path) -> None:
    write_batch(tmp_path / "raw", "2401", {"sireneUL.csv": first_batch()["sireneUL.csv"], CCSF: ccsf((A, "DEBUT"))})
    words = ("import", tmp_path / "raw", "--batch", "2401", "--lake", tmp_path / "lake", "--profile")
    ended = signaux(*words, "open")
    assert ended.returncode == 0, ended.stderr
    assert "1 source(s) that are not open were left alone: ccsf." in ended.stderr
    assert "profile open" in signaux("status", "--lake", tmp_path / "lake").stdout
    assert signaux(*words, "partners").returncode == 4
    assert signaux(*words, "ouvert").returncode == 2
