"""An import killed at any moment, then run again, gives the lake of an undisturbed run."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deep import examples
from pipeline.import_faults import DIED, REFUSED, UNDISTURBED
from pipeline.import_samples import CCSF_HEADER, COTISATION_HEADER, A, B, digests, first_batch, siret, write_batch

RUN = """
import sys
from pathlib import Path
from signaux_faibles.domain.periode import parse_batch_key
from signaux_faibles.ingest.importer import import_batch, open_lake_for

root, raw = Path(sys.argv[1]), Path(sys.argv[2])
lake = open_lake_for(root, raw)
for key in ("2401", "2402"):
    import_batch(lake, raw, batch=parse_batch_key(key))
"""
COMMANDS = " && ".join(
    f'"$0" -m signaux_faibles.cli import "$2" --batch {key} --lake "$1" >"$1.log" 2>&1' for key in ("2401", "2402")
)
SEED = 20240131
KILLS = examples(5, deep=200)
FAULTS = (1, 4, 9, 17, 30, 47, 64, 81)
"""Operations disturbed in `make test`, from the card of the lake to the last quarantine; every one in `make deep`."""


def start(root: Path, raw: Path, *, before: str = "") -> subprocess.Popen[bytes]:
    """Import two batches with `signaux import`, in a group of processes of their own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    if before:
        command = [sys.executable, "-c", before + RUN, str(root), str(raw)]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    command = ["/bin/sh", "-c", COMMANDS, sys.executable, str(root), str(raw)]
    return subprocess.Popen(command, env=environment, start_new_session=True)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kill") / "raw"
    rows = [f"117;{siret(A if n % 2 else B)};C{n % 50};24{1 + n % 4}{n % 4};{n},5;{n}\n" for n in range(60_000)]
    files = first_batch()
    files["sigfaible_cotisdues.csv.gz"] = (COTISATION_HEADER + "".join(rows)).encode()
    write_batch(folder, "2401", files)
    files["sigfaible_cotisdues.csv.gz"] = (COTISATION_HEADER + "".join(rows[:-5000])).encode()
    write_batch(folder, "2402", files)
    return folder


def test_killed_imports_are_taken_up(raw: Path, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    begun = time.monotonic()
    assert start(whole, raw).wait() == 0
    duration = time.monotonic() - begun
    expected = digests(whole)
    moments = random.Random(SEED)
    for rank in range(KILLS):
        # One stratum of the run each, so that the kills fall early, midway and late.
        while not killed_after(duration * (rank + moments.random()) / KILLS, cut, raw):
            duration *= 0.9  # the machine is faster than when the whole run was timed
        assert start(cut, raw).wait() == 0
        assert digests(cut) == expected


def killed_after(seconds: float, root: Path, raw: Path) -> bool:
    """Start an import into a new lake and kill it; False when it was over before."""
    shutil.rmtree(root, ignore_errors=True)
    process = start(root, raw)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("limit", [4_000, 40_000, 400_000])
def test_disk_that_refuses_to_write_leaves_a_lake_that_can_be_taken_up(raw: Path, tmp_path: Path, limit: int) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert start(whole, raw).wait() == 0
    # No file may grow beyond the limit: the cheapest stand-in for a full disk.
    before = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    process = start(cut, raw, before=before)
    errors = process.communicate()[1].decode()
    assert process.returncode == 1
    assert errors.splitlines()[-1].endswith(
        "MachineError: The disk refuses to write any more. Free some space, then run again."
    )
    assert start(cut, raw).wait() == 0
    assert digests(cut) == digests(whole)


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good deliveries, a sub-batch, one refused that a later one settles, one refused that stays."""

    def ccsf(count: int) -> bytes:
        return (CCSF_HEADER + "".join(f"{siret(A)};C;1240130;S{n};CCSF\n" for n in range(count))).encode()

    raw = tmp_path_factory.mktemp("faults") / "raw"
    procol = f"Siret;Dt_effet;Lib_actx_stdx\n{siret(A)};15JAN2024;liquidation_ouverture\n".encode()
    write_batch(raw, "2401", {"sigfaible_ccsf.csv": ccsf(20), "sigfaible_pcoll.csv": procol})
    write_batch(raw, "2401_01", {"sigfaible_ccsf.csv": ccsf(21)})
    write_batch(raw, "2402", {"sigfaible_ccsf.csv": ccsf(5)})
    write_batch(raw, "2403", {"sigfaible_ccsf.csv": ccsf(22)})
    write_batch(raw, "2404", {"sigfaible_ccsf.csv": ccsf(6)})
    return raw


def test_a_fault_at_any_write_flush_or_rename_leaves_a_lake_that_can_be_taken_up(
    deliveries: Path, tmp_path: Path
) -> None:
    script = Path(__file__).with_name("import_faults.py")
    wanted = [str(k) for k in examples(1, deep=0) * FAULTS]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(script.parents[1]), *sys.path])}
    command = [sys.executable, str(script), str(deliveries), str(tmp_path), *wanted]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert {(line["again"], line["is_same"]) for line in lines} == {(UNDISTURBED, True)}
    for mode, ending in (("refuse", REFUSED), ("die", DIED)):
        ended = [line["ended"] for line in lines if line["mode"] == mode]
        if not wanted:
            assert ended.pop() == UNDISTURBED
        assert ended == [ending] * len(ended)
        assert len(ended) >= len(FAULTS)
