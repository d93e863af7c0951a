"""Processor time of a command, whoever waits for the processes that it starts."""

from __future__ import annotations

import sys

from signaux_faibles.bench.measure import measure

BUSY = "import time\nwhile time.process_time() < 0.5: pass\nprint('done', flush=True)\ntime.sleep(60)"
LEAVING = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {BUSY!r}], stdout=subprocess.PIPE)
child.stdout.readline()
time.sleep(0.5)
child.kill()
os._exit(0)
"""


def test_a_process_that_nobody_waits_for_is_counted() -> None:
    cost = measure([sys.executable, "-c", LEAVING], is_quiet=True)
    assert cost.exit_code == 0
    assert cost.cpu_seconds >= 0.45
    assert cost.peak_bytes > 0
