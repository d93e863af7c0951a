"""Disturb an import at its k-th write, flush or rename, then run it again: a script, run apart from pytest.

Usage: `import_faults.py RAW FOLDER [K...]`; every k until a run ends undisturbed when none is given. One JSON line per
run on the standard output. Each run is a fork of a process that has loaded everything and opened nothing.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.import_samples import digests
from signaux_faibles.domain.delivery import parse_delivery
from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import IncompleteImportError

UNDISTURBED, REFUSED, DIED, WRONG = 0, 5, 9, 1
MODES = ("refuse", "die")
NEVER = 1 << 30


def deliver(root: Path, raw: Path) -> None:
    """Every delivery in order: good ones, a sub-batch, one refused then settled, one refused that stays."""
    lake = open_lake_for(root, raw)
    for path in sorted(raw.glob("2*")):
        try:
            import_batch(lake, raw, batch=parse_delivery(path.name))
        except IncompleteImportError:
            continue


def disturb(at: int, mode: str) -> None:
    """Make the `at`-th operation fail for want of space, or end the process with half of it done."""
    counter = itertools.count(1)

    def step(torn: Path | None) -> None:
        if next(counter) != at:
            return
        if mode == "refuse":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if torn is not None and torn.is_file():
            os.truncate(torn, torn.stat().st_size // 2)
        os._exit(DIED)

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            step(None)
            return function(*arguments, **options)

        return run

    def after(function: Callable[..., Any], place: int) -> Callable[..., Any]:
        """A write fails, or is cut, when a part of it is on the disk already."""

        def run(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            step(Path(arguments[place]))
            return result

        return run

    def opened(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        stream = path_open(path, mode, *arguments, **options)
        if set(mode) & set("wax+"):
            step(path)
        return stream

    path_open = Path.open
    os.fsync, os.rename, os.replace = before(os.fsync), before(os.rename), before(os.replace)
    Path.write_text = after(Path.write_text, 0)  # type: ignore[method-assign]
    Path.open = opened  # type: ignore[method-assign, assignment]
    Engine.write_parquet = after(Engine.write_parquet, 2)  # type: ignore[method-assign]


def forked(root: Path, raw: Path, *, at: int, mode: str) -> int:
    """Exit code of a run in a process of its own."""
    child = os.fork()
    if not child:
        code = WRONG
        try:
            disturb(at, mode)
            deliver(root, raw)
            code = UNDISTURBED
        except MachineError:
            code = REFUSED
        finally:
            if code == WRONG:
                traceback.print_exc()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(raw: Path, folder: Path, wanted: list[int]) -> None:
    """Tell, for each disturbed run, how it ended and whether the lake is the right one once it was run again."""
    whole, cut = folder / "whole", folder / "cut"
    if forked(whole, raw, at=NEVER, mode="die") != UNDISTURBED:
        raise RuntimeError("the undisturbed run failed")
    expected = digests(whole)
    for mode in MODES:
        for k in wanted or itertools.count(1):
            shutil.rmtree(cut, ignore_errors=True)
            ended = forked(cut, raw, at=k, mode=mode)
            again = forked(cut, raw, at=NEVER, mode=mode)
            line = {"k": k, "mode": mode, "ended": ended, "again": again, "is_same": digests(cut) == expected}
            sys.stdout.write(json.dumps(line) + "\n")
            if ended == UNDISTURBED:
                break


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(word) for word in sys.argv[3:]])
