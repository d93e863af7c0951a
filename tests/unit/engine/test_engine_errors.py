"""The engine says in one sentence that the machine is short of something, and hides no bug."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine import Engine


def test_too_little_memory_is_the_machine_s_fault(tmp_path: Path) -> None:
    with Engine(tmp_path, memory_limit="30MB") as engine, pytest.raises(MachineError) as error:
        engine.rows("SELECT length(list(range)) FROM range(100000000)")
    assert error.value.todo


def test_wrong_statement_is_a_bug(tmp_path: Path) -> None:
    with Engine(tmp_path) as engine, pytest.raises(duckdb.CatalogException):
        engine.run("SELECT * FROM absent")


def test_missing_file_is_a_bug(tmp_path: Path) -> None:
    with Engine(tmp_path) as engine, pytest.raises(duckdb.IOException):
        engine.rows("SELECT * FROM read_parquet('/absent.parquet')")
