"""What every folder of tests shares: the closing count of tests per folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from signaux_faibles.engine import SparkConfiguration, SqlEngine

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


@pytest.fixture(scope="session")
def spark_configuration() -> SparkConfiguration:
    """Spark on two threads; the quick compiler alone, that costs less for small tables."""
    return SparkConfiguration(
        partitions=3, settings={"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    )


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory, spark_configuration: SparkConfiguration) -> Iterator[SqlEngine]:
    """Spark, really started, once per process."""
    from signaux_faibles.engine.spark import SparkEngine
    from signaux_faibles.engine.spark_session import stop_spark

    with SparkEngine(tmp_path_factory.mktemp("spark"), spark_configuration) as engine:
        yield engine
    stop_spark()
