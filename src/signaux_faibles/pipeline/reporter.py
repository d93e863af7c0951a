"""Where the stages say how far they are; the command line draws it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Reporter(Protocol):
    """What the stages tell as they go."""

    def stage(self, title: str) -> None:
        """A stage begins."""

    def advance(self, done: int, total: int, unit: str, rows: int | None = None) -> None:
        """The stage has done so much of its total, and written so many rows if they are counted."""

    def note(self, sentence: str) -> None:
        """Something of the stage that is to be read after it too."""


class Advance(Protocol):
    """What a stage calls as it goes: so much done of its total, and the rows written if it counts them."""

    def __call__(self, done: int, total: int, rows: int | None = None) -> None:
        """Tell how far the stage is."""


class Silent:
    """A reporter that says nothing."""

    def stage(self, title: str) -> None:
        """Ignore it."""

    def advance(self, done: int, total: int, unit: str, rows: int | None = None) -> None:
        """Ignore it."""

    def note(self, sentence: str) -> None:
        """Ignore it."""


def advance(reporter: Reporter, unit: str) -> Advance:
    """What a stage calls as it goes, for a reporter."""
    return lambda done, total, rows=None: reporter.advance(done, total, unit, rows)


def panel_progress(reporter: Reporter) -> Callable[[int, int, int | None], None]:
    """The same for a panel, which says first what a killed run had done of it."""

    def tell(done: int, total: int, rows: int | None) -> None:
        if rows is None:
            reporter.note(f"resumes a run that was stopped: {done:,} of {total:,} companies were done")
        reporter.advance(done, total, "companies", rows or 0)

    return tell
