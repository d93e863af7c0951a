"""Progress of long steps: a bar with the rate and the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

RATE_SECONDS = 30.0
"""The rate is that of the last seconds: what a resumed run found done counts for nothing."""


class Rate:
    """Rate of a step, from the first amount seen in the last seconds.

    Parameters
    ----------
    clock : callable
        Seconds, from any origin.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def per_second(self, amount: int) -> float | None:
        """Rate after one more amount; None while only one has been seen."""
        now = self._clock()
        self._seen.append((now, amount))
        while len(self._seen) > 2 and now - self._seen[1][0] >= RATE_SECONDS:
            self._seen.popleft()
        began, first = self._seen[0]
        return (amount - first) / (now - began) if now > began else None


class Bars:
    """Draws the stages of a run; the stage under way has a bar, its rate and the time left.

    Parameters
    ----------
    progress : rich.progress.Progress
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._title = ""
        self._began = time.monotonic()
        self._rate = Rate()

    def stage(self, title: str) -> None:
        """Begin a stage; the one before is over."""
        self.finish()
        self._title, self._began = title, time.monotonic()
        self._rate = Rate()
        self._task = self._progress.add_task(title, total=None, rate="")

    def step(self, name: str) -> None:
        """Name the part of the stage that begins; its progress starts again from zero."""
        if self._task is not None:
            self._rate = Rate()
            self._progress.reset(self._task, description=f"{self._title}, {name}", rate="")

    def advance(self, done: int, total: int, unit: str, rows: int | None = None) -> None:
        """Say how far the stage is; the rate is in rows when they are counted apart."""
        if self._task is None:
            return
        rate = self._rate.per_second(done if rows is None else rows)
        text = "" if rate is None else f"{rate:,.0f} {unit if rows is None else 'rows'}/s"
        self._progress.update(self._task, completed=done, total=total, rate=text)

    def note(self, sentence: str) -> None:
        """Say something of the stage that stays on the screen."""
        self._progress.console.print(f"  {sentence}", highlight=False)

    def finish(self) -> None:
        """Close the stage under way with the time it took."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._progress.console.print(
                f"  [green]done[/] {self._title} [dim]({time.monotonic() - self._began:.1f} s)[/]"
            )
            self._task = None


@contextmanager
def bars() -> Iterator[Bars]:
    """Bars on the error stream, so that the results of a command can be piped."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        drawn = Bars(progress)
        yield drawn
        drawn.finish()
