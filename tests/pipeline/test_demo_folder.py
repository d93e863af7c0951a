"""The folder of a demonstration: what it may remove, what it resumes, and a simulation killed half-way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from signaux_faibles.demo import CARD_NAME, WORK_NAME, DemoPlan, prepare_demo
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.ingest.importer import Progress
from signaux_faibles.lake import open_lake
from signaux_faibles.pipeline.reporter import Silent

PLAN = DemoPlan(companies=40, seed=1, until=parse_month("2026-10"))


class FirstImport(Exception):
    """The run got as far as its first import, of the batch it names."""


def stop_at_import(key: str) -> Callable[[Progress], None]:
    raise FirstImport(key)


def prepare(folder: Path, plan: DemoPlan = PLAN, *, is_until_given: bool = True, force: bool = False) -> str:
    """Run up to the first import; its batch."""
    with pytest.raises(FirstImport) as stopped:
        prepare_demo(
            folder,
            plan,
            reporter=Silent(),
            import_progress=stop_at_import,
            is_until_given=is_until_given,
            force=force,
        )
    return str(stopped.value)


def refuse(folder: Path, words: str, plan: DemoPlan = PLAN, *, force: bool = False) -> None:
    """Run that must be refused, and leave every file of the folder as it was."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StageError, match=words):
        prepare_demo(folder, plan, reporter=Silent(), import_progress=stop_at_import, force=force)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["raw", "truth", "lake"])
def test_what_no_demonstration_made_is_never_removed(tmp_path: Path, name: str, force: bool) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "precious").write_text("x")
    refuse(tmp_path, f"holds {name}, and no demo.json", force=force)


def test_a_real_lake_is_never_removed_even_beside_the_card_of_a_demonstration(tmp_path: Path) -> None:
    open_lake(tmp_path / "lake", create_synthetic=False)
    (tmp_path / CARD_NAME).write_text(PLAN.to_json("simulating"))
    refuse(tmp_path, "real data", force=True)


def test_another_plan_is_refused_and_replaced_by_force(tmp_path: Path) -> None:
    prepare(tmp_path)
    other = DemoPlan(companies=30, seed=2, until=PLAN.until)
    refuse(tmp_path, "found 40 companies, seed 1, until 2026-10; asked for 30 companies, seed 2", other)
    refuse(tmp_path, "until 2026-11", DemoPlan(40, 1, PLAN.until + 1))
    (tmp_path / "lake" / "old").touch()
    prepare(tmp_path, other, force=True)
    assert json.loads((tmp_path / CARD_NAME).read_text())["companies"] == 30
    assert not (tmp_path / "lake" / "old").exists()


def test_next_month_the_demonstration_that_is_there_is_resumed(tmp_path: Path) -> None:
    assert prepare(tmp_path) == "2607"
    moments = {path: path.stat().st_mtime_ns for path in (tmp_path / "raw").rglob("*")}
    assert prepare(tmp_path, DemoPlan(40, 1, PLAN.until + 1), is_until_given=False) == "2607"
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "raw").rglob("*")} == moments
    refuse(tmp_path, "another demonstration", DemoPlan(41, 1, PLAN.until))


def test_a_simulation_killed_half_way_starts_over(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    options = ["--folder", folder, "--companies", "40", "--seed", "1", "--until", "2026-10", "--no-serve"]
    command = [sys.executable, "-m", "signaux_faibles.cli", "demo", *map(str, options)]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 60
    while not (folder / WORK_NAME / "raw").is_dir() and time.monotonic() < limit:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert json.loads((folder / CARD_NAME).read_text())["state"] == "simulating"
    assert not (folder / "raw").exists()
    prepare(folder)
    assert json.loads((folder / CARD_NAME).read_text())["state"] == "simulated"
    assert (folder / "raw" / "2610").is_dir()
    assert not (folder / WORK_NAME).exists()
