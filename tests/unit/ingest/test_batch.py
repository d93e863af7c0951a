"""Files of a batch are found by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.batch import find_batch, is_synthetic

OCTOBER = 2026 * 12 + 9


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_folder_of_batches_or_of_the_batch_itself(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2610", "sigfaible_debits.csv")
    assert find_batch(tmp_path, OCTOBER, only=None) == find_batch(folder, OCTOBER, only=None)


def test_files_are_sorted_and_the_unknown_listed(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "b_effectif_.csv", "a_effectif_.csv", "lisez-moi.txt", "demande_ap.csv", ".cache")
    found = find_batch(tmp_path, OCTOBER, only=None)
    assert {name: [p.name for p in paths] for name, paths in found.files.items()} == {
        "effectif": ["a_effectif_.csv", "b_effectif_.csv"],
        "apdemande": ["demande_ap.csv"],
    }
    assert found.unknown == ("lisez-moi.txt",)


def test_only_some_sources(tmp_path: Path) -> None:
    fill(tmp_path / "2610", "sigfaible_debits.csv", "demande_ap.csv")
    assert list(find_batch(tmp_path, OCTOBER, only=["debit"]).files) == ["debit"]


@pytest.mark.parametrize(
    ("names", "only", "sentence"),
    [
        (["lisez-moi.txt"], None, "holds no file of a known source \\(1 other"),
        ([], None, "holds no file of a known source \\(0 other"),
        (["demande_ap.csv"], ["debit"], "holds no file of debit"),
        (["demande_ap.csv"], ["dette"], "Unknown source 'dette'"),
        (["sigfaible_debits.csv", "sigfaible_debits.csv.gz"], None, "both plain and compressed"),
    ],
)
def test_batch_refused(tmp_path: Path, names: list[str], only: list[str] | None, sentence: str) -> None:
    fill(tmp_path / "2610", *names)
    with pytest.raises(InputError, match=sentence):
        find_batch(tmp_path, OCTOBER, only=only)


def test_missing_folder_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No folder .*2610"):
        find_batch(tmp_path, OCTOBER, only=None)


def test_marker_of_invented_data(tmp_path: Path) -> None:
    folder = fill(tmp_path / "2610")
    assert not is_synthetic(tmp_path)
    (tmp_path / "SYNTHETIC").touch()
    assert is_synthetic(tmp_path)
    assert is_synthetic(folder)
