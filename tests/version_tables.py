"""Version logs made by hand, and what the steps of a family of states make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from lakes import Row
from signaux_faibles.engine import Engine
from signaux_faibles.panel.as_of import NEVER, Step
from signaux_faibles.sources import SOURCES


def version_log(source: str, rows: Sequence[Row] = ()) -> pa.Table:
    """Table `v_<source>`: columns not given are null, a row stands for ever unless told."""
    fields = [pa.field(c.name, c.kind.arrow) for c in SOURCES[source].staged if c.name not in ("known_from", "row_id")]
    schema = pa.schema([*fields, ("known_month", pa.int32()), ("until_month", pa.int32())])
    full = [{**dict.fromkeys(schema.names), "until_month": NEVER, **row} for row in rows]
    return pa.Table.from_pylist(full, schema=schema)


def made_by(scratch: Path, steps: Sequence[Step], tables: Mapping[str, pa.Table], name: str) -> list[Row]:
    """Rows of one of the tables that some steps make."""
    with Engine(scratch) as engine:
        for given, table in tables.items():
            engine.register(given, table)
        for step in steps:
            engine.run(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}")
        rows: list[dict[str, Any]] = engine.arrow(f"SELECT * FROM {name}").to_pylist()
    return rows
