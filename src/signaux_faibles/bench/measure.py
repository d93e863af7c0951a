"""Run a command and measure it.

Peak memory is the sum, over the process and its descendants, of their proportional set size (PSS), sampled: memory that
two processes share is counted once, and the largest process alone would hide the others. Processor time is sampled too:
a command may leave before a process that it started (the Java of Spark), whose time nobody then waits for.

References
----------
proc(5), `/proc/[pid]/smaps_rollup` and `/proc/[pid]/stat`.
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
        Processor time, user and system, of the process and its descendants: those that were waited for, or all of them
        as last sampled, whichever is more.
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
    sampled: dict[int, float] = {}
    output = subprocess.DEVNULL if is_quiet else None
    with subprocess.Popen(command, stdout=output, stderr=output) as process:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            members = _descendants(process.pid)
            peak = max(peak, sum(_pss_bytes(member) for member in members))
            sampled |= {member: cpu for member in members if (cpu := _cpu_seconds(member)) is not None}
            time.sleep(SAMPLE_SECONDS)
        process.returncode = os.waitstatus_to_exitcode(status)
    cpu = max(usage.ru_utime + usage.ru_stime, sum(sampled.values()))
    return Measure(process.returncode, time.monotonic() - started, cpu, peak)


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


def _cpu_seconds(pid: int) -> float | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
