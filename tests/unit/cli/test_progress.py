from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from rich.progress import Progress

from signaux_faibles.cli.progress import RATE_SECONDS, Bars, Rate


def test_a_rate_counts_from_the_first_amount_seen() -> None:
    moments = iter([100.0, 102.0, 104.0])
    rate = Rate(lambda: next(moments))
    assert rate.per_second(1_000_000) is None
    assert rate.per_second(1_000_020) == 10.0
    assert rate.per_second(1_000_080) == 20.0


def test_a_rate_forgets_what_was_skipped_long_ago() -> None:
    moments = iter([0.0, 0.1, RATE_SECONDS + 0.1, RATE_SECONDS + 10.1])
    rate = Rate(lambda: next(moments))
    assert rate.per_second(0) is None
    assert rate.per_second(1_000_000) == pytest.approx(10_000_000)
    assert rate.per_second(1_000_030) == pytest.approx(1.0)
    assert rate.per_second(1_000_040) == pytest.approx(1.0)


def test_a_bar_gives_its_rate_in_rows_when_they_are_counted() -> None:
    progress = Progress()
    drawn = Bars(progress)
    drawn.stage("Panel")
    drawn.advance(1, 3, "companies", 1000)
    assert progress.tasks[0].fields["rate"] == ""
    drawn.advance(2, 3, "companies", 2000)
    assert progress.tasks[0].fields["rate"].endswith(" rows/s")
    drawn.step("files")
    drawn.advance(1, 3, "files")
    assert progress.tasks[0].fields["rate"] == ""
    drawn.advance(2, 3, "files")
    assert progress.tasks[0].fields["rate"].endswith(" files/s")


def test_a_note_stays_on_the_screen_before_the_stage_it_belongs_to_ends() -> None:
    screen = StringIO()
    drawn = Bars(Progress(console=Console(file=screen)))
    drawn.stage("Panel")
    drawn.note("resumes a run that was stopped")
    drawn.finish()
    lines = [line.strip() for line in screen.getvalue().splitlines()]
    assert lines[0] == "resumes a run that was stopped"
    assert lines[1].startswith("done Panel")
