"""Tables in, tables out: the same statements on DuckDB and on Spark, and every value compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from signaux_faibles.engine import Engine, SqlEngine

TOLERANCE = 1e-12
"""Relative distance allowed between two floating-point values; anything else is equal or is not."""


class Step(Protocol):
    """A table to make: its name and its query."""

    @property
    def name(self) -> str: ...

    @property
    def sql(self) -> str: ...


def check_same_on_both(
    spark: SqlEngine,
    scratch: Path,
    steps: Sequence[Step],
    tables: Mapping[str, pa.Table],
    *,
    compared: set[str] | None = None,
) -> dict[str, pa.Table]:
    """Run steps on both engines, each from the tables that DuckDB made before, and compare what each makes.

    A difference is thus told of the step that makes it, not of those that read it.

    Parameters
    ----------
    compared : set of str, optional
        Statements that were compared already, and are not again; those that are now are added to it.

    Returns
    -------
    dict of str to pyarrow.Table
        What DuckDB made.
    """
    made: dict[str, pa.Table] = {}
    seen = set() if compared is None else compared
    with Engine(scratch) as duckdb:
        for name, table in tables.items():
            duckdb.register(name, table)
            spark.register(name, table)
        for step in steps:
            duckdb.create(step.name, step.sql)
            made[step.name] = duckdb.arrow(f"SELECT * FROM {step.name}")
            if step.sql not in seen:
                check_equal(made[step.name], spark.arrow(step.sql), step.name)
                seen.add(step.sql)
            spark.register(step.name, made[step.name])
    for name in (*tables, *made):
        spark.drop(name)
    return made


def check_equal(expected: pa.Table, found: pa.Table, what: str) -> None:
    """Same columns, same kinds of values, same rows in any order."""
    assert found.column_names == expected.column_names, what
    for left, right in zip(expected.schema, found.schema, strict=True):
        assert _kind(left.type) == _kind(right.type), f"{what}, column {left.name}: {left.type} and {right.type}"
    assert found.num_rows == expected.num_rows, f"{what}: {expected.num_rows} and {found.num_rows} rows"
    for rank, (left, right) in enumerate(zip(_sorted(expected), _sorted(found), strict=True)):
        for name, one, other in zip(expected.column_names, left, right, strict=True):
            assert _same(one, other), f"{what}, column {name}, row {rank}: {one!r} and {other!r}"


def _kind(kind: pa.DataType) -> str:
    """Integers of any width are one kind: engines count rows in 32 or 64 bits, and sum in 64 or 128."""
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return "integer"
    return "number" if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else str(kind)


def _sorted(table: pa.Table) -> list[tuple[Any, ...]]:
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return sorted(rows, key=lambda row: [(value is None, 0 if value is None else _rounded(value)) for value in row])


def _rounded(value: Any) -> Any:
    """Value by which a row is ordered: two that are equal within the tolerance are ordered by the next column."""
    return float(f"{value:.9e}") if isinstance(value, float) else value


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if isinstance(one, float) or isinstance(other, float):
        one, other = float(one), float(other)
        return one == other or math.isclose(one, other, rel_tol=TOLERANCE) or (math.isnan(one) and math.isnan(other))
    return bool(one == other)
