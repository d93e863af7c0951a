"""The engine says in one sentence that the machine is short of something, and hides no bug."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signaux_faibles.domain.errors import LakeError, MachineError
from signaux_faibles.engine import Engine, parquet_sql


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


def _overwrite(content: bytes) -> bytes:
    return content[:100] + b"x" * 200 + content[300:]


@pytest.mark.parametrize("damage", [lambda _: b"", lambda content: content[: len(content) // 2], _overwrite])
def test_a_damaged_file_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "part-00000.parquet"
    pq.write_table(pa.table({"siren": list(range(10_000))}), path)
    path.write_bytes(damage(path.read_bytes()))
    with Engine(tmp_path) as engine, pytest.raises(LakeError) as error:
        engine.rows(f"SELECT SUM(siren) FROM {parquet_sql([path])}")
    assert error.value.message == f"{path} cannot be read as Parquet."
    assert error.value.todo
