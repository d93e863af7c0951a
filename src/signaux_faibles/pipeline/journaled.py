"""A stage holds the lake while it runs, and leaves a line in its journal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from signaux_faibles.lake import Lake
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.lock import writing


@contextmanager
def journaled(lake: Lake, action: str, obj: str) -> Iterator[dict[str, object]]:
    """Hold the lake for a stage, and write its line in the journal before another run may take the lake."""
    started = time.monotonic()
    details: dict[str, object] = {}
    with writing(lake):
        yield details
        append_journal(lake, action, obj, seconds=time.monotonic() - started, details=details)
