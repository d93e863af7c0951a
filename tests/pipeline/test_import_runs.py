"""An import is a no-op when repeated, refuses what it cannot do, and leaves the lake as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.import_samples import (
    CCSF_HEADER,
    FEBRUARY,
    JANUARY,
    A,
    B,
    digests,
    first_batch,
    siret,
    write_batch,
)
from signaux_faibles.domain.errors import InputError, LakeError, UserError
from signaux_faibles.ingest.importer import Progress, import_batch, open_lake_for
from signaux_faibles.ingest.manifest import IncompleteImportError
from signaux_faibles.lake import Lake
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.lake.lock import writing
from signaux_faibles.sources import source_of_file


def ccsf(*stages: str) -> dict[str, bytes]:
    rows = "".join(f"{siret(A)};C;1240130;{stage};CCSF\n" for stage in stages)
    return {"sigfaible_ccsf.csv": (CCSF_HEADER + rows).encode()}


def first_batch_sources() -> list[str]:
    return [source.name for name in first_batch() if (source := source_of_file(name))]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    write_batch(tmp_path / "raw", "2401", first_batch())
    return tmp_path / "raw"


@pytest.fixture
def lake(tmp_path: Path, raw: Path) -> Lake:
    return open_lake_for(tmp_path / "lake", raw)


def test_same_files_give_the_same_bytes(raw: Path, lake: Lake, tmp_path: Path) -> None:
    other = open_lake_for(tmp_path / "other", raw)
    import_batch(lake, raw, batch=JANUARY)
    import_batch(other, raw / "2401", batch=JANUARY)
    assert digests(lake.root) == digests(other.root)


def test_rows_keep_the_rank_of_the_file_within_their_company(tmp_path: Path) -> None:
    stages = ["REJ", "DEBUT", "FIN"]
    write_batch(tmp_path / "raw", "2401", ccsf(*stages))
    lake = open_lake_for(tmp_path / "lake", tmp_path / "raw")
    import_batch(lake, tmp_path / "raw", batch=JANUARY)
    table = pq.read_table(lake.staged("ccsf", JANUARY) / "part-0000.parquet")
    assert (table["row_id"].to_pylist(), table["stade"].to_pylist()) == ([0, 1, 2], stages)


def test_second_run_changes_nothing(raw: Path, lake: Lake) -> None:
    first = import_batch(lake, raw, batch=JANUARY)
    before, lines = digests(lake.root), read_journal(lake).num_rows
    again = import_batch(lake, raw, batch=JANUARY)
    assert (again.imported, again.unchanged) == ((), first.imported)
    assert digests(lake.root) == before
    assert read_journal(lake).num_rows == lines == 14


def test_only_some_sources_then_the_others(raw: Path, lake: Lake, tmp_path: Path) -> None:
    import_batch(lake, raw, batch=JANUARY, only=["debit", "ccsf"])
    assert sorted(path.name for path in (lake.root / "staged").iterdir()) == ["ccsf", "debit"]
    import_batch(lake, raw, batch=JANUARY)
    whole = open_lake_for(tmp_path / "whole", raw)
    import_batch(whole, raw, batch=JANUARY)
    assert digests(lake.root) == digests(whole.root)


def test_dry_run_reads_everything_and_writes_nothing(raw: Path, lake: Lake) -> None:
    before = digests(lake.root)
    dry = import_batch(lake, raw, batch=JANUARY, dry_run=True)
    assert dry.is_dry_run
    assert {k: v for k, v in digests(lake.root).items() if k != ".lock"} == before
    assert import_batch(lake, raw, batch=JANUARY).imported == dry.imported


def test_other_bytes_for_a_staged_batch_are_refused_unless_forced(raw: Path, lake: Lake, tmp_path: Path) -> None:
    import_batch(lake, raw, batch=JANUARY)
    write_batch(raw, "2401", ccsf("DEBUT"))
    before = digests(lake.root)
    with pytest.raises(InputError, match="ccsf: batch 2401 is already staged, from other files"):
        import_batch(lake, raw, batch=JANUARY)
    assert digests(lake.root) == before
    report = import_batch(lake, raw, batch=JANUARY, force=True)
    assert report.unchanged == (), "what was staged from the same files is made again too"
    fresh = open_lake_for(tmp_path / "fresh", raw)
    import_batch(fresh, raw, batch=JANUARY)
    assert digests(lake.root) == digests(fresh.root)


@pytest.mark.parametrize("force", [False, True])
def test_batch_older_than_a_staged_one_is_refused(raw: Path, lake: Lake, force: bool) -> None:
    write_batch(raw, "2402", ccsf("DEBUT"))
    import_batch(lake, raw, batch=FEBRUARY)
    before = digests(lake.root)
    with pytest.raises(InputError, match=r"ccsf: batch 2401 comes before 1 batch\(es\) already staged \(first 2402\)"):
        import_batch(lake, raw, batch=JANUARY, only=["ccsf"], force=force)
    assert digests(lake.root) == before


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("sigfaible_ccsf.csv", b"", "the file is empty, expected a header line"),
        ("sigfaible_ccsf.csv", b"Siret;Compte\n", r"3 column\(s\) missing"),
        ("sigfaible_ccsf.csv", b"\xff\xfe" + "Siret".encode("utf-16-le") + b"\x00", "not UTF-16, which"),
        ("sigfaible_debits.csv.gz", b"", "truncated or damaged gzip"),
    ],
)
def test_file_that_cannot_be_read_leaves_the_lake_as_it_was(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    raw = tmp_path / "raw"
    write_batch(raw, "2401", {})
    (raw / "2401" / name).write_bytes(content or (b"\x1f\x8b" if name.endswith(".gz") else b""))
    lake = open_lake_for(tmp_path / "lake", raw)
    before = digests(lake.root)
    with pytest.raises(InputError, match=sentence) as error:
        import_batch(lake, raw, batch=JANUARY)
    assert name in error.value.message
    assert error.value.todo
    assert {k: v for k, v in digests(lake.root).items() if k != ".lock"} == before


def test_a_bad_file_stops_no_other_source_and_the_run_is_taken_up(raw: Path, lake: Lake, tmp_path: Path) -> None:
    good = (raw / "2401" / "sigfaible_debits.csv").read_bytes()
    (raw / "2401" / "sigfaible_debits.csv").write_bytes(b"Siret\n")
    with pytest.raises(IncompleteImportError, match=r"sigfaible_debits\.csv: 12 column") as error:
        import_batch(lake, raw, batch=JANUARY)
    report = error.value.report
    assert [refusal.source for refusal in report.refused] == ["debit"]
    assert {s.source for s in report.imported} == set(first_batch_sources()) - {"debit"}
    assert error.value.exit_code != 0
    (raw / "2401" / "sigfaible_debits.csv").write_bytes(good)
    again = import_batch(lake, raw, batch=JANUARY)
    assert [s.source for s in again.imported] == ["debit"]
    whole = open_lake_for(tmp_path / "whole", raw)
    import_batch(whole, raw, batch=JANUARY)
    assert digests(lake.root) == digests(whole.root)


def test_several_bad_files_are_all_named(raw: Path, lake: Lake) -> None:
    for name in ("sigfaible_debits.csv", "sireneUL.csv"):
        (raw / "2401" / name).write_bytes(b"Siret\n")
    with pytest.raises(IncompleteImportError, match="2 sources were not replaced") as error:
        import_batch(lake, raw, batch=JANUARY)
    assert "- sireneUL.csv" in error.value.message
    assert "- sigfaible_debits.csv" in error.value.message


def test_lake_of_the_other_nature_is_refused(raw: Path, lake: Lake) -> None:
    (raw / "SYNTHETIC").unlink()
    with pytest.raises(LakeError, match="is a lake of synthetic data; the files are real"):
        import_batch(lake, raw, batch=JANUARY)


def test_two_writers_are_refused(raw: Path, lake: Lake) -> None:
    with writing(lake), pytest.raises(LakeError, match="Another run is writing"):
        import_batch(lake, raw, batch=JANUARY)


def test_leftovers_of_a_killed_run_are_removed(raw: Path, lake: Lake) -> None:
    import_batch(lake, raw, batch=JANUARY)
    before = digests(lake.root)
    staged = lake.staged("ccsf")
    shutil.copytree(staged / "batch=2401", staged / ".batch=2401.tmp")
    (staged / "batch=2401").rename(staged / ".batch=2401.old")
    (lake.root / ".journal.tmp").write_bytes(b"half")
    (lake.scratch / "ccsf").mkdir(parents=True)
    report = import_batch(lake, raw, batch=JANUARY)
    assert report.imported == ()
    assert digests(lake.root) == before


def test_lake_whose_creation_was_killed_is_created(raw: Path, tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    (root / ".lake.json.tmp").write_text('{"nat')
    assert open_lake_for(root, raw).is_synthetic
    assert [path.name for path in root.iterdir()] == ["lake.json"]


def test_folder_that_is_not_a_lake_is_left_alone(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "notes.txt").write_text("à moi")
    with pytest.raises(LakeError, match="is not empty and is not a lake"):
        open_lake_for(tmp_path / "new", raw)
    assert (tmp_path / "new" / "notes.txt").read_text() == "à moi"


def test_manifest_has_hashes_and_counts_but_no_identifier(raw: Path, lake: Lake) -> None:
    import_batch(lake, raw, batch=JANUARY)
    for path in lake.root.glob("staged/*/batch=2401/manifest.json"):
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
        assert content["read"] == content["accepted"] + content["rejected"] + content["filtered"]
        assert all(len(file["sha256"]) == 64 for file in content["files"])
        assert A not in text
        assert B not in text


def test_journal_and_errors_have_no_identifier(raw: Path, lake: Lake) -> None:
    import_batch(lake, raw, batch=JANUARY)
    text = json.dumps(read_journal(lake).select(["action", "object", "details"]).to_pylist())
    assert A not in text
    assert B not in text
    write_batch(raw, "2402", {"sigfaible_ccsf.csv": (CCSF_HEADER + f"{siret(A)};x\n" * 20).encode()})
    with pytest.raises(UserError) as error:
        import_batch(lake, raw, batch=FEBRUARY)
    assert A not in str(error.value)


def test_progress_reaches_the_size_of_the_files(raw: Path, lake: Lake) -> None:
    told: list[Progress] = []
    import_batch(lake, raw, batch=JANUARY, only=["paydex", "debit"], progress=told.append)
    last = {step.source: step for step in told}
    assert {name: step.done_bytes == step.total_bytes for name, step in last.items()} == {"paydex": True, "debit": True}
    assert last["debit"].rows == 3
