"""Who may only read a lake is served by what only reads, and told in one sentence by what writes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakes import a_company, m, new_lake, stage_all
from pipeline.import_samples import CCSF_HEADER, write_batch
from signaux_faibles.lake import Lake
from signaux_faibles.pipeline.run import make_panel

AS_OF = m("2021-06")
DROP_BOUNDING_CAPABILITY, OVERRIDE_PERMISSIONS = 24, 1
"""Of Linux: the tests may run as an administrator, whom permissions do not stop."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake with a panel, that nobody may write into."""
    made = new_lake(tmp_path_factory.mktemp("read_only") / "lake")
    stage_all(made, AS_OF, a_company(until="2021-03"))
    make_panel(made, AS_OF, set_name="core")
    (made.root / ".scratch" / "panel").rmdir()
    (made.root / ".scratch").rmdir()
    places = [made.root, *made.root.rglob("*")]
    for place in places:
        place.chmod(place.stat().st_mode & ~0o222)
    yield made
    for place in places:
        place.chmod(place.stat().st_mode | 0o200)


def _signaux(*words: object) -> subprocess.CompletedProcess[str]:
    libc = ctypes.CDLL(None)
    return subprocess.run(
        [sys.executable, "-m", "signaux_faibles.cli", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=lambda: libc.prctl(DROP_BOUNDING_CAPABILITY, OVERRIDE_PERMISSIONS, 0, 0, 0),
    )


@pytest.mark.parametrize("words", [("vintage",), ("vintage", "--by", "theme"), ("target",), ("status",)])
def test_what_only_reads_works(lake: Lake, words: tuple[str, ...]) -> None:
    ended = _signaux(*words, "--lake", lake.root)
    assert ended.returncode == 0, ended.stderr
    assert not (lake.root / ".scratch").exists()


@pytest.mark.parametrize("words", [("panel",), ("perimeter",), ("train", "boosting")])
def test_what_writes_names_the_folder_and_what_to_do(lake: Lake, words: tuple[str, ...]) -> None:
    ended = _signaux(*words, "--lake", lake.root)
    assert ended.returncode == 5
    assert ended.stderr.splitlines()[-1] == (
        f"Error: {lake.root} cannot be written: Permission denied. Ask for the right to write there, or copy the lake "
        "into a folder of yours and give it to --lake."
    )
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", ["", "new", "new/deep"])
def test_an_import_names_the_folder_too(lake: Lake, tmp_path: Path, name: str) -> None:
    write_batch(tmp_path / "raw", "2107", {"sigfaible_ccsf.csv": CCSF_HEADER.encode()})
    ended = _signaux("import", tmp_path / "raw", "--batch", "2107", "--lake", lake.root / name)
    assert ended.returncode == 5
    assert f"Error: {lake.root} cannot be written: Permission denied." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_labels_written_where_one_may_not_are_refused_in_a_sentence(lake: Lake) -> None:
    ended = _signaux("target", "--lake", lake.root, "--out", lake.root / "labels.parquet")
    assert ended.returncode == 5
    assert "cannot be opened: Permission denied." in ended.stderr
    assert "Traceback" not in ended.stderr
