"""Run a command and measure it.

Peak memory is the sum, over the process and its descendants, of their proportional set size (PSS), sampled: memory that
two processes share is counted once, and the largest process alone would hide the others.

References
----------
proc(5), `/proc/[pid]/smaps_rollup`.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Measure:
    """What a command cost.

    Parameters
    ----------
    exit_code : int
    seconds : float
        Wall time.
    cpu_seconds : float
        Processor time, user and system, of the process and of the descendants that it waited for.
    peak_bytes : int
        Highest sampled sum of PSS over the process tree.
    """

    exit_code: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def measure(command: Sequence[str], *, is_quiet: bool = False) -> Measure:
    """Run a command to its end and measure it.

    Parameters
    ----------
    is_quiet : bool
        What it prints is thrown away.
    """
    started, peak = time.monotonic(), 0
    output = subprocess.DEVNULL if is_quiet else None
    with subprocess.Popen(command, stdout=output, stderr=output) as process:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, tree_bytes(process.pid))
            time.sleep(SAMPLE_SECONDS)
        process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Measure(process.returncode, time.monotonic() - started, cpu, peak)


def tree_bytes(pid: int) -> int:
    """Memory of a process and its descendants now: the sum of their PSS, in bytes."""
    return sum(_pss_bytes(member) for member in _descendants(pid))


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of a program may hold spaces and parentheses: the parent comes second after the last one.
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        found.append(member)
        waiting += children.get(member, [])
    return found


def _pss_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
