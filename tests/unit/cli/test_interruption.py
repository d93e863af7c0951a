"""Ctrl+C on a long command, and the ends of a command that must stay what they are."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

COMMAND = (sys.executable, "-m", "signaux_faibles.cli")


def test_an_interrupted_command_says_what_is_kept_and_exits_with_130(tmp_path: Path) -> None:
    out = tmp_path / "fake"
    command = [*COMMAND, "simulate", str(out), "--companies", "50000", "--processes", "1"]
    # A job in the background inherits an interruption that is ignored; the one tested must not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    limit = time.monotonic() + 60
    while not (out / "truth").is_dir() and time.monotonic() < limit:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "Interrupted. What was finished is kept: run again to resume." in told
    assert "Traceback" not in told


def test_other_ends_keep_their_words_and_codes() -> None:
    for arguments, code, words in (
        (["--version"], 0, "signaux "),
        (["status", "--wrong"], 2, "--wrong"),
        (["import"], 2, "Missing"),
        (["train", "magie", "--lake", "absent"], 3, "Error:"),
    ):
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert words in done.stdout + done.stderr
        assert "Interrupted" not in done.stderr
