"""Journal of what was done to the lake: the only place where times are written.

Everything else in a lake is free of clocks, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.lake.layout import Lake

SCHEMA = pa.schema(
    [
        pa.field("at", pa.timestamp("ms", tz="UTC")),
        pa.field("action", pa.string()),
        pa.field("object", pa.string()),
        pa.field("seconds", pa.float64()),
        pa.field("details", pa.string()),
    ]
)


def append_journal(lake: Lake, action: str, obj: str, *, seconds: float, details: Mapping[str, object]) -> None:
    """Add one line to the journal.

    Parameters
    ----------
    action, obj : str
        What was done (`import`, `panel`, `train`...) to what (a batch, a month, a model).
    seconds : float
    details : mapping
        Counts and hashes only, never identifiers.
    """
    line = {
        "at": [datetime.now(UTC)],
        "action": [action],
        "object": [obj],
        "seconds": [round(seconds, 3)],
        "details": [json.dumps(details, ensure_ascii=False, sort_keys=True)],
    }
    table = pa.concat_tables([read_journal(lake), pa.table(line, schema=SCHEMA)])
    temporary = lake.journal.with_name(".journal.tmp")
    pq.write_table(table, temporary)
    temporary.replace(lake.journal)


def read_journal(lake: Lake) -> pa.Table:
    """Lines of the journal, oldest first."""
    if not lake.journal.exists():
        return SCHEMA.empty_table()
    return pq.read_table(lake.journal, schema=SCHEMA)
