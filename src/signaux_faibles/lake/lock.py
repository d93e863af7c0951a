"""Who may write into a lake: one run at a time, by a lock that the system drops by itself when the process dies."""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from signaux_faibles.domain.errors import LakeError, MachineError
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.lake.layout import Lake


@contextmanager
def writing(lake: Lake) -> Iterator[None]:
    """Hold the lake for writing.

    Raises
    ------
    LakeError
        If another run holds it, or its journal cannot be read: better said before the work than after.
    MachineError
        If the system refuses to write into it.
    """
    with writable(lake.root), (lake.root / ".lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeError(
                f"Another run is writing into {lake.root}.", todo="Wait for it to end, or stop it, then run again."
            ) from None
        read_journal(lake)
        yield


@contextmanager
def writable(root: Path) -> Iterator[None]:
    """Say in one sentence that the system refuses to write into a lake; any other error goes through.

    Raises
    ------
    MachineError
        With the folder that cannot be written.
    """
    try:
        yield
    except OSError as error:
        place = Path(error.filename) if isinstance(error.filename, str) else root / ".lock"
        is_here = root in place.parents or place in (root, *root.parents)
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS) or not is_here:
            raise
        raise MachineError(
            f"{place.parent} cannot be written: {error.strerror}.",
            todo="Ask for the right to write there, or copy the lake into a folder of yours and give it to --lake.",
        ) from None
