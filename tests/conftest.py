"""What every folder of tests shares: the closing count of tests per folder."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the number of tests that ran in each folder."""
    counts: Counter[str] = Counter()
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if getattr(report, "when", "call") == "call" or outcome != "passed":
                counts[report.nodeid.removeprefix("tests/").split("/")[0]] += 1
    terminalreporter.section("tests per folder")
    for folder, count in sorted(counts.items()):
        terminalreporter.write_line(f"{folder:<14}{count:>6}")
