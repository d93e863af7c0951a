"""What prevents Spark from starting is one sentence that says what to do, and comes at once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine import EngineChoice, EngineKind, SparkConfiguration, open_engine

UNREACHABLE = SparkConfiguration(master="spark://127.0.0.1:1")


def _refusal(scratch: Path, configuration: SparkConfiguration = UNREACHABLE) -> MachineError:
    with pytest.raises(MachineError) as error:
        open_engine(EngineChoice(EngineKind.SPARK, configuration), scratch)
    assert error.value.todo
    assert "\n" not in str(error.value)
    return error.value


def test_a_machine_without_java_is_told_how_to_have_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    error = _refusal(tmp_path)
    assert "none answers on the PATH" in error.message
    assert "default-jre-headless" in error.todo


def test_java_home_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert f"JAVA_HOME ({tmp_path})" in _refusal(tmp_path).message


@pytest.mark.parametrize(("version", "named"), [("11.0.2", "11"), ("1.8.0_292", "8")])
def test_an_old_java_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, named: str) -> None:
    program = tmp_path / "bin/java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2019-01-15' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert f"found Java {named} " in _refusal(tmp_path).message


def test_pyspark_missing_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    error = _refusal(tmp_path)
    assert error.message == "PySpark is not installed."
    assert "`pip install '.[spark]'`" in error.todo, "the package is on no index"


@pytest.mark.parametrize("master", ["spark://127.0.0.1:1", "k8s://https://127.0.0.1:1", "spark://127.0.0.1:nul"])
def test_a_master_that_does_not_answer_is_said_at_once(tmp_path: Path, master: str) -> None:
    started = time.monotonic()
    assert master in _refusal(tmp_path, SparkConfiguration(master=master)).message
    assert time.monotonic() - started < 20


def test_one_master_of_two_is_enough_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from signaux_faibles.engine import spark_session

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        spark_session._check_master(f"spark://127.0.0.1:1,127.0.0.1:{port}")


REFUSED_BY_SPARK = """
import sys
from pathlib import Path
from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine import EngineChoice, EngineKind, SparkConfiguration, open_engine
try:
    open_engine(EngineChoice(EngineKind.SPARK, SparkConfiguration(master=sys.argv[1])), Path(sys.argv[2]))
except MachineError as error:
    print(error)
"""


@pytest.mark.parametrize(("master", "why"), [("local[0]", "0 threads"), ("yarn", "HADOOP_CONF_DIR")])
def test_what_spark_itself_refuses_is_one_sentence(tmp_path: Path, master: str, why: str) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("HADOOP_CONF_DIR", "YARN_CONF_DIR")
    }
    environment["SPARK_LOCAL_IP"] = "127.0.0.1"
    ended = subprocess.run(
        [sys.executable, "-c", REFUSED_BY_SPARK, master, str(tmp_path)],
        capture_output=True, text=True, timeout=120, env=environment,
    )  # fmt: skip
    assert ended.returncode == 0
    assert ended.stdout.startswith(f"Spark does not start with master {master}: ")
    assert why in ended.stdout
    assert ended.stdout.count("\n") == 1
    assert ended.stderr == "", "the terminal belongs to the command"
