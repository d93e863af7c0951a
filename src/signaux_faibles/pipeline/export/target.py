"""The folder that an export writes: it must be one that nobody else uses, and that can be written."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signaux_faibles.domain.errors import InputError, MachineError


def check_target(folder: Path, card: str, kind: str) -> None:
    """Refuse to replace a folder that an export did not make: it may hold anything.

    Parameters
    ----------
    card, kind : str
        JSON file of the folder whose `format` says what it is, and what it must say.

    Raises
    ------
    InputError
        If the folder is neither absent, nor empty, nor of that kind.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        found = json.loads((folder / card).read_text(encoding="utf-8"))["format"]
    except (OSError, ValueError, KeyError, TypeError):
        found = None
    if found != kind:
        raise InputError(
            f"{folder} is not empty and is not what an earlier run of this command wrote.",
            todo="Give a new folder, or the one that it wrote.",
        )


@contextmanager
def refused_writes(folder: Path) -> Iterator[None]:
    """Say in one sentence that a folder cannot be written.

    Raises
    ------
    InputError
        If the system refuses the folder.
    MachineError
        If the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise MachineError("The disk refuses to write any more.", todo="Free some space, then run again.") from None
        raise InputError(
            f"{folder} cannot be written: {error.strerror or 'refused'}.", todo="Give a folder in one you may write to."
        ) from None
