"""The hash of the code: a module or a data file that changes, comes or goes changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signaux_faibles.domain import code
from signaux_faibles.domain.code import code_hash

FILES = ("one/module.py", "one/deep/codes.csv", "one/deep/series.csv.gz", "one/rules.yaml", "one/names.json", "two.py")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of a few files, hashed in the place of ours."""
    for name in (*FILES, "one/README.md", "other/module.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"before")
    monkeypatch.setattr(code, "PACKAGE", tmp_path)
    code_hash.cache_clear()
    yield tmp_path
    code_hash.cache_clear()


def _hash() -> str:
    code_hash.cache_clear()
    return code_hash("one", "two")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_changes_or_goes_changes_the_hash(package: Path, name: str) -> None:
    before = _hash()
    (package / name).write_bytes(b"after")
    changed = _hash()
    (package / name).rename((package / name).with_name(f"renamed_{name[-8:]}"))
    if name == "two.py":
        (package / name).write_bytes(b"")
    assert len({before, changed, _hash()}) == 3


@pytest.mark.parametrize("name", ["one/README.md", "other/module.py"])
def test_a_text_or_another_part_does_not(package: Path, name: str) -> None:
    before = _hash()
    (package / name).write_bytes(b"after")
    assert _hash() == before
