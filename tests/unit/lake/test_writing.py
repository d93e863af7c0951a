from __future__ import annotations

import os
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import LakeError
from signaux_faibles.lake import open_lake, write_folder
from signaux_faibles.lake.journal import append_journal, read_journal
from signaux_faibles.lake.lock import writing
from signaux_faibles.lake.writing import recover_folder


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    final = tmp_path / "folder"
    with write_folder(final) as temporary:
        (temporary / "a").write_text("1")
        assert not final.exists()
    assert (final / "a").read_text() == "1"
    with pytest.raises(ZeroDivisionError), write_folder(final) as temporary:
        (temporary / "a").write_text(str(1 / 0))
    assert (final / "a").read_text() == "1"
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_replacement_cut_in_two_is_undone(tmp_path: Path) -> None:
    final = tmp_path / "folder"
    with write_folder(final) as temporary:
        (temporary / "a").write_text("old")
    final.rename(tmp_path / ".folder.old")
    recover_folder(final)
    assert (final / "a").read_text() == "old"


def test_a_lake_is_of_one_nature(tmp_path: Path) -> None:
    open_lake(tmp_path / "lake", create_synthetic=True)
    assert open_lake(tmp_path / "lake").is_synthetic
    with pytest.raises(LakeError, match="never mixed"):
        open_lake(tmp_path / "lake", create_synthetic=False)


def test_a_lake_of_another_version_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "lake"
    open_lake(root, create_synthetic=True)
    (root / "lake.json").write_text('{"format_version": 99, "nature": "synthetic"}')
    with pytest.raises(LakeError, match="found lake format version 99, expected 1"):
        open_lake(root)


def test_a_folder_that_is_not_a_lake_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    with pytest.raises(LakeError, match="not empty and is not a lake"):
        open_lake(tmp_path, create_synthetic=True)
    with pytest.raises(LakeError, match="No lake"):
        open_lake(tmp_path / "absent")


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create_synthetic=True)
    with writing(lake), pytest.raises(LakeError, match="Another run"), writing(lake):
        pass
    with writing(lake):
        pass


def test_the_journal_keeps_every_line(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create_synthetic=True)
    for number in range(3):
        append_journal(lake, "import", f"batch {number}", seconds=1.5, details={"rows": number})
    assert read_journal(lake)["object"].to_pylist() == ["batch 0", "batch 1", "batch 2"]


def test_a_journal_that_cannot_be_read_is_said_before_the_work(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create_synthetic=True)
    lake.journal.write_bytes(b"not parquet")
    work = []
    with pytest.raises(LakeError, match=r"journal\.parquet cannot be read"), writing(lake):
        work.append("done")
    assert work == []


def test_a_line_of_the_journal_survives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, synced, fsync = open_lake(tmp_path / "lake", create_synthetic=True), [], os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    append_journal(lake, "import", "batch", seconds=1.5, details={})
    assert synced == [lake.root / ".journal.parquet.tmp", lake.root]


def test_a_replacement_that_fails_keeps_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    final, rename = tmp_path / "folder", Path.rename
    with write_folder(final) as temporary:
        (temporary / "a").write_text("old")

    def fail_to_put_in(source: Path, target: Path) -> Path:
        if source.suffix == ".tmp":
            raise OSError("refused")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", fail_to_put_in)
    with pytest.raises(OSError, match="refused"), write_folder(final) as temporary:
        (temporary / "a").write_text("new")
    assert (final / "a").read_text() == "old"
