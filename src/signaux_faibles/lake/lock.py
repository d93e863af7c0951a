"""One writer at a time: a lock that the system drops by itself when the process dies."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from signaux_faibles.domain.errors import LakeError
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.lake.layout import Lake


@contextmanager
def writing(lake: Lake) -> Iterator[None]:
    """Hold the lake for writing.

    Raises
    ------
    LakeError
        If another run holds it, or its journal cannot be read: better said before the work than after.
    """
    with (lake.root / ".lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeError(
                f"Another run is writing into {lake.root}.", todo="Wait for it to end, or stop it, then run again."
            ) from None
        read_journal(lake)
        yield
