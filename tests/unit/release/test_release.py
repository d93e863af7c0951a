from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.release.manifest import Manifest, read_manifest
from signaux_faibles.release.reader import read_table, verify_release
from signaux_faibles.release.tables import TABLES
from signaux_faibles.release.writer import write_release

MANIFEST = Manifest(
    release_id="2026-10-test",
    list_label="octobre 2026",
    list_month="2026-10",
    as_of="2026-10",
    model_id="m",
    code_version="0",
    is_synthetic=True,
    threshold_eleve=0.2,
    threshold_modere=0.1,
    base_probability=0.02,
    counts={"eleve": 0},
    freshness={"debit": "2026-09"},
)


def _tables() -> dict[str, pa.Table]:
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    rows = [{**dict.fromkeys(TABLES["scores"].names), "siren": siren} for siren in ("900000007", "900000004")]
    return tables | {"scores": pa.Table.from_pylist(rows, schema=TABLES["scores"].arrow)}


def test_a_release_is_read_as_it_was_written_and_sorted(tmp_path: Path) -> None:
    folder = write_release(tmp_path, MANIFEST, _tables(), {"fiche.md": "# Fiche\n"})
    manifest = verify_release(folder)
    assert manifest.counts == {"eleve": 0} | dict.fromkeys(TABLES, 0) | {"scores": 2}
    assert read_table(folder, "scores")["siren"].to_pylist() == ["900000004", "900000007"]
    assert "rapport/fiche.md" in manifest.files


def test_the_same_release_has_the_same_bytes(tmp_path: Path) -> None:
    one = write_release(tmp_path / "1", MANIFEST, _tables(), {})
    two = write_release(tmp_path / "2", MANIFEST, _tables(), {})
    assert (one / "manifest.json").read_bytes() == (two / "manifest.json").read_bytes()


@pytest.mark.parametrize("harm", ["alter", "remove", "add"])
def test_a_release_that_was_touched_is_refused(tmp_path: Path, harm: str) -> None:
    folder = write_release(tmp_path, MANIFEST, _tables(), {})
    if harm == "alter":
        (folder / "scores.parquet").write_bytes(b"x")
    elif harm == "remove":
        (folder / "scores.parquet").unlink()
    else:
        (folder / "more").write_text("x")
    with pytest.raises(ReleaseError, match="1 file"):
        verify_release(folder)


def test_a_release_of_another_format_is_refused(tmp_path: Path) -> None:
    folder = write_release(tmp_path, replace(MANIFEST, format_version=2), _tables(), {})
    with pytest.raises(ReleaseError, match="found format version 2, expected 1"):
        read_manifest(folder)
    with pytest.raises(ReleaseError, match="No release"):
        read_manifest(tmp_path / "absent")


def test_a_repeated_key_or_a_missing_column_is_refused(tmp_path: Path) -> None:
    tables = _tables()
    twice = tables | {"scores": pa.concat_tables([tables["scores"], tables["scores"]])}
    with pytest.raises(ReleaseError, match="2 rows repeat the key"):
        write_release(tmp_path, MANIFEST, twice, {})
    with pytest.raises(ReleaseError, match="columns missing: niveau"):
        write_release(tmp_path, MANIFEST, tables | {"scores": tables["scores"].drop_columns(["niveau"])}, {})
    assert not (tmp_path / "2026-10-test").exists()


def test_a_table_of_earlier_code_says_to_make_the_release_again(tmp_path: Path) -> None:
    folder = write_release(tmp_path, MANIFEST, _tables(), {})
    path = folder / "historique.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["evolution", "is_first_alert"]), path)
    with pytest.raises(ReleaseError, match=r"historique: its columns are not those declared \(2 missing\)") as raised:
        read_table(folder, "historique")
    assert "signaux release --force" in raised.value.todo


def test_replacing_a_release_never_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    final, rename = write_release(tmp_path, MANIFEST, _tables(), {}), Path.rename

    def fail_to_put_in(source: Path, target: Path) -> Path:
        if source.suffix == ".tmp":
            raise OSError("refused")
        return rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail_to_put_in)
        with pytest.raises(OSError, match="refused"):
            write_release(tmp_path, replace(MANIFEST, list_label="autre"), _tables(), {})
    assert verify_release(final).list_label == "octobre 2026"
    write_release(tmp_path, replace(MANIFEST, list_label="autre"), _tables(), {})
    assert verify_release(final).list_label == "autre"
    assert [path.name for path in tmp_path.iterdir()] == [final.name]


def test_a_release_and_its_folders_survive_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, fsync = set(), os.fsync

    def note(descriptor: int) -> None:
        synced.add(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    folder = write_release(tmp_path, MANIFEST, _tables(), {"fiche.md": "# Fiche\n"})
    written = tmp_path / f".{folder.name}.tmp"
    assert synced >= {tmp_path, written, written / "rapport", written / "manifest.json"}
