"""A staged batch damaged by accident stops what reads it with a sentence, and the remedy that it names works."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.import_samples import CCSF_HEADER, FEBRUARY, JANUARY, MARCH, A, B, digests, write_batch
from pipeline.test_import_versions import Batches, row
from signaux_faibles.domain.errors import InputError, LakeError
from signaux_faibles.ingest.importer import import_batch
from signaux_faibles.ingest.layout import check_layout
from signaux_faibles.ingest.quarantine import quarantined

FILES = ("manifest.json", "part-0000.parquet")


@pytest.fixture
def batches(tmp_path: Path) -> Batches:
    made = Batches(tmp_path)
    made.add("2401", JANUARY, row(A, "DEBUT"), row(B, "DEBUT"))
    made.add("2402", FEBRUARY, row(A, "DEBUT"), row(A, "FIN"), row(B, "DEBUT"))
    return made


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"{", None])
def test_the_last_batch_is_imported_again_by_force_and_is_as_it_was(
    batches: Batches, name: str, content: bytes | None
) -> None:
    before, path = digests(batches.lake.root), batches.lake.staged("ccsf", FEBRUARY) / name
    path.unlink()
    if content:
        path.write_bytes(content)
    with pytest.raises(LakeError, match="signaux import RAW --batch 2402 --only ccsf --force"):
        check_layout(batches.lake, FEBRUARY)
    report = import_batch(batches.lake, batches.raw, batch=FEBRUARY, force=True)
    assert [one.source for one in report.imported] == ["ccsf"]
    assert digests(batches.lake.root) == before
    check_layout(batches.lake, FEBRUARY)


def test_a_batch_without_manifest_is_not_imported_unless_forced(batches: Batches) -> None:
    (batches.lake.staged("ccsf", FEBRUARY) / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json is missing. Import it again"):
        import_batch(batches.lake, batches.raw, batch=FEBRUARY)


def test_a_batch_followed_by_others_is_left_as_it_was_and_why_is_said(batches: Batches) -> None:
    before = digests(batches.lake.root)
    report = import_batch(batches.lake, batches.raw, batch=JANUARY, force=True)
    assert report.unchanged[0].warnings == (
        "batch 2401 was left as it was: 1 later batch(es) were compared with it (first 2402)",
    )
    assert import_batch(batches.lake, batches.raw, batch=JANUARY).unchanged[0].warnings == ()
    assert digests(batches.lake.root) == before


def test_a_delivery_accepted_once_and_made_again_is_as_it_was(tmp_path: Path) -> None:
    batches = Batches(tmp_path)
    batches.add("2401", JANUARY, *(row(A, f"S{rank}") for rank in range(20)))
    write_batch(batches.raw, "2402", {"sigfaible_ccsf.csv": (CCSF_HEADER + row(A, "S1")).encode()})
    report = import_batch(batches.lake, batches.raw, batch=FEBRUARY, accept="reprise").imported[0]
    assert (bool(report.breaches), report.accepted_reason) == (True, "reprise")
    before = digests(batches.lake.root)
    assert import_batch(batches.lake, batches.raw, batch=FEBRUARY, force=True).imported == (report,)
    assert digests(batches.lake.root) == before


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_batch_followed_by_others_stops_the_next_one(batches: Batches, name: str) -> None:
    (batches.lake.staged("ccsf", JANUARY) / name).write_bytes(b"{")
    with pytest.raises(InputError, match="restore its folder from a copy, or import the batches again, in order"):
        batches.add("2403", MARCH, row(A, "FIN"), row(B, "DEBUT"))
    if name == "manifest.json":
        with pytest.raises(InputError, match=r"comes before 1 batch\(es\) already staged"):
            import_batch(batches.lake, batches.raw, batch=JANUARY, force=True)


@pytest.mark.parametrize("lost", [JANUARY, FEBRUARY])
def test_a_lost_batch_with_which_a_later_one_was_compared_is_told(batches: Batches, lost: int) -> None:
    batches.add("2403", MARCH, row(A, "FIN"), row(B, "DEBUT"))
    check_layout(batches.lake, MARCH)
    shutil.rmtree(batches.lake.staged("ccsf", lost))
    with pytest.raises(LakeError, match=r"it was compared with \d row\(s\), and the batches before it hold \d: one"):
        check_layout(batches.lake, MARCH)


def test_the_last_batch_may_be_taken_back(batches: Batches) -> None:
    shutil.rmtree(batches.lake.staged("ccsf", FEBRUARY))
    batches.add("2403", MARCH, row(A, "FIN"), row(B, "DEBUT"))
    check_layout(batches.lake, MARCH)


def test_the_head_offices_of_a_damaged_batch_refuse_the_sources_that_read_them(batches: Batches) -> None:
    folder = batches.lake.staged("sirene", JANUARY)
    folder.mkdir(parents=True)
    write_batch(batches.raw, "2403", {"sigfaible_ccsf.csv": (CCSF_HEADER + row(A, "DEBUT")).encode()})
    with pytest.raises(InputError, match=r"batch=2401/manifest\.json is missing|holds no file part"):
        import_batch(batches.lake, batches.raw, batch=MARCH)


def test_what_is_quarantined_stands_beside_a_damaged_batch(tmp_path: Path) -> None:
    batches = Batches(tmp_path)
    batches.add("2401", JANUARY, *(row(A, f"S{rank}") for rank in range(20)))
    with pytest.raises(InputError, match="is quarantined"):
        batches.add("2402", FEBRUARY, row(A, "S1"))
    (batches.lake.staged("ccsf", JANUARY) / "manifest.json").unlink()
    assert [entry.report.batch for entry in quarantined(batches.lake)] == ["2402"]
