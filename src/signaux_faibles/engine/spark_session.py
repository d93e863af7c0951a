"""Start Spark, once per process, and say in one sentence what prevents it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine.configuration import SparkConfiguration

JAVA_VERSION = 17
"""Oldest Java that Spark 4 runs on."""

CONNECTION_SECONDS = 5.0
WORKERS_SECONDS = 60.0
"""Time given to a cluster to lend a first worker."""

ENDED = re.compile(r"(?m)^(?:Exception in thread [^:]*|Error|Caused by: [^:]*): (.+)$")
"""Line of the log that tells why the Java process ended: the last one is the deepest cause."""

LOG_NAME = "spark.log"
INSTALL_SPARK = "Install the extra from the repository: `pip install '.[spark]'`, or use --engine duckdb."


@dataclass
class _Running:
    """The session of the process: Spark allows one at a time."""

    session: Any
    configuration: SparkConfiguration
    scratch: Path


_running: list[_Running] = []
_gateways: list[Any] = []
"""The Java process outlives a session that was stopped: the next one uses it again."""


def spark_session(configuration: SparkConfiguration, scratch: Path) -> Any:
    """Session of the process, started or started again if it is of another configuration.

    Parameters
    ----------
    scratch : Path
        Folder of the temporary files and of the log, unless the configuration names one.

    Returns
    -------
    pyspark.sql.SparkSession

    Raises
    ------
    MachineError
        If PySpark or Java is missing or too old, or the master cannot be reached or lends no worker.
    """
    if _running and _is_alive(_running[0]) and _running[0].configuration == configuration:
        return _running[0].session
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise MachineError("PySpark is not installed.", todo=INSTALL_SPARK) from None
    check_java()
    _check_master(configuration.master)
    stop_spark()
    scratch.mkdir(parents=True, exist_ok=True)
    handler = signal.getsignal(signal.SIGINT)
    try:
        session = _start(configuration, scratch)
    finally:
        if handler is not None and handler is not signal.getsignal(signal.SIGINT):
            signal.signal(signal.SIGINT, handler)  # Spark takes the interruptions of the program for itself
    _running.append(_Running(session, configuration, scratch))
    if not configuration.is_local:
        _wait_for_a_worker(session, configuration.master)
    return session


def stop_spark() -> None:
    """Stop the session of the process, if there is one."""
    while _running:
        _running.pop().session.stop()


def check_java() -> None:
    """Check that a Java that Spark runs on answers.

    Raises
    ------
    MachineError
        If none does, or it is too old.
    """
    home = os.environ.get("JAVA_HOME", "")
    program = f"{home}/bin/java" if home else shutil.which("java")
    todo = f"Install Java {JAVA_VERSION} or later (Debian: `apt-get install default-jre-headless`), or set JAVA_HOME."
    where = f"in JAVA_HOME ({home})" if home else "on the PATH"
    try:
        answer = subprocess.run([program or "", "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        raise MachineError(f"Spark needs Java, and none answers {where}.", todo=todo) from None
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    if found and int(found[1]) < JAVA_VERSION:
        raise MachineError(f"Spark needs Java {JAVA_VERSION} or later, found Java {found[1]} {where}.", todo=todo)


def _is_alive(running: _Running) -> bool:
    context = running.session.sparkContext
    return context._jsc is not None and not context._jsc.sc().isStopped()


def _check_master(master: str) -> None:
    """Refuse a master that does not listen: Spark itself would try for a minute, and end in a traceback."""
    for address in master.removeprefix("k8s://").removeprefix("spark://").split(","):
        if not master.startswith(("spark://", "k8s://")):
            return
        parts = urlsplit(address if "://" in address else f"//{address}")
        try:
            with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=CONNECTION_SECONDS):
                return
        except (OSError, ValueError):
            continue
    raise MachineError(
        f"No Spark master answers at {master}.",
        todo="Start it, or give its address as `master` in the file of --engine-config.",
    )


def _start(configuration: SparkConfiguration, scratch: Path) -> Any:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False).setAll(list(_settings(configuration, scratch).items()))
    log = scratch / LOG_NAME
    try:
        if not _gateways or _gateways[0].proc.poll() is not None:
            with log.open("wb") as stream, _own_address(configuration):
                _gateways[:] = [launch_gateway(conf, {"stdout": stream, "stderr": stream})]
        context = SparkContext(gateway=_gateways[0], conf=conf)
    except (PySparkException, Py4JError) as error:
        raise MachineError(
            f"Spark does not start with master {configuration.master}: {_reason(error, log)}.",
            todo=f"Its log is {log}; check the file of --engine-config.",
        ) from None
    # Spark reads the interpreter of its workers from the environment alone, and would take any `python3`.
    if python := configuration.python or (sys.executable if configuration.is_local else ""):
        context.pythonExec = python
    return SparkSession(context)


@contextmanager
def _own_address(configuration: SparkConfiguration) -> Iterator[None]:
    """Alone on a machine, Spark must not look for the machine's name, which may be in no directory."""
    name = "SPARK_LOCAL_IP"
    is_set = configuration.is_local and name not in os.environ
    if is_set:
        os.environ[name] = "127.0.0.1"
    try:
        yield
    finally:
        if is_set:
            del os.environ[name]


def _settings(configuration: SparkConfiguration, scratch: Path) -> dict[str, str]:
    folder = configuration.scratch or (str(scratch) if configuration.is_local else "")
    settings = {
        "spark.master": configuration.master,
        "spark.app.name": "signaux-faibles",
        "spark.driver.memory": configuration.memory,
        "spark.executor.memory": configuration.memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # What decides values: the same on every cluster.
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.caseSensitive": "false",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
        "spark.sql.parquet.compression.codec": "zstd",
        # A filter on many columns that are then renamed has as many consequences as they have subsets: a query of the
        # panel with 27 of them was still being planned after ten minutes.
        "spark.sql.constraintPropagation.enabled": "false",
        # Tables are cut by company once: a join or a sum by company and month finds its rows in place.
        "spark.sql.shuffle.partitions": str(configuration.partitions),
        "spark.default.parallelism": str(configuration.partitions),
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.requireAllClusterKeysForCoPartition": "false",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
        "spark.hadoop.parquet.enable.summary-metadata": "false",
    }
    settings |= {"spark.local.dir": folder} if folder else {}
    if configuration.is_local:
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    settings |= dict(configuration.settings)
    options = settings.get("spark.driver.extraJavaOptions", "")
    log = f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties').as_uri()}"
    return settings | {"spark.driver.extraJavaOptions": f"{log} {options}".strip()}


def _wait_for_a_worker(session: Any, master: str) -> None:
    """A cluster that lends nothing would hold the first query forever."""
    tracker = session.sparkContext._jsc.sc().statusTracker()
    limit = time.monotonic() + WORKERS_SECONDS
    while len(tracker.getExecutorInfos()) < 2:  # the driver is one of them
        if time.monotonic() > limit:
            stop_spark()
            raise MachineError(
                f"The Spark master {master} lent no worker in {WORKERS_SECONDS:.0f} seconds.",
                todo="Start workers, ask for less `memory` in the file of --engine-config, or wait for a free one.",
            )
        time.sleep(0.2)


def _reason(error: BaseException, log: Path) -> str:
    """First line of the deepest cause of an error of Spark; from its log when it ended before it could tell."""
    java = getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    text = str(java.getMessage() or java) if java is not None else str(error)
    if java is None and (told := re.findall(ENDED, log.read_text("utf-8", "replace"))):
        text = told[-1]
    return (text.strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
