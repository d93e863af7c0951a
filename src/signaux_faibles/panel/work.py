"""The folder where a panel is being made: a killed run leaves it, and the next one goes on from it or clears it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from signaux_faibles.engine import SqlEngine
from signaux_faibles.lake.writing import fsync_folder, write_text
from signaux_faibles.panel.bucket import Run
from signaux_faibles.panel.earlier import Earlier
from signaux_faibles.panel.plan import Plan

PLAN, DONE = "plan", "done"
"""What the folder is made for, and the marks of the buckets that are finished."""


def work_identity(engine: SqlEngine, plan: Plan, runs: Sequence[Run], earlier: Earlier | None) -> str:
    """Hash of everything that decides of the files of a build, down to how they are cut.

    The fingerprint of the panel is not enough: another engine, or an earlier panel made again since, gives the same
    rows in other files, and half of one beside half of the other is neither.
    """
    parts = [
        plan.fingerprint,
        type(engine).__name__,
        [(run.name, run.companies_count) for run in runs],
        earlier.identity if earlier else None,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def open_work(work: Path, identity: str, *, is_resumed: bool) -> None:
    """Clear a folder of work, unless it may be resumed and was left by a build of the same files."""
    plan = work / PLAN
    if not (is_resumed and plan.is_file() and plan.read_text() == identity):
        if plan.is_file():
            # First, and on the disk: a folder half cleared must not be believed.
            plan.unlink()
            fsync_folder(work)
        shutil.rmtree(work, ignore_errors=True)
        write_text(plan, identity)
    (work / DONE).mkdir(exist_ok=True)


def is_done(work: Path, run: Run) -> bool:
    """Whether a bucket is finished."""
    return (work / DONE / run.name).exists()


def mark_done(work: Path, run: Run) -> None:
    """Mark a bucket as finished, once its files are sure to be there after a power cut."""
    for folder in [work, *(path for path in work.rglob("*") if path.is_dir())]:
        fsync_folder(folder)
    (work / DONE / run.name).touch()


def close_work(work: Path) -> None:
    """Leave nothing but what was made."""
    shutil.rmtree(work / DONE)
    (work / PLAN).unlink()
