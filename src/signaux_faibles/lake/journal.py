"""Journal of what was done to the lake: the only place where times are written.

Everything else in a lake is free of clocks, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import LakeError
from signaux_faibles.lake.layout import Lake
from signaux_faibles.lake.writing import write_bytes

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
        Counts, hashes and names of what was made; never the identifier of a company.

    Raises
    ------
    LakeError
        If the journal cannot be read.
    """
    line = {
        "at": [datetime.now(UTC)],
        "action": [action],
        "object": [obj],
        "seconds": [round(seconds, 3)],
        "details": [json.dumps(details, ensure_ascii=False, sort_keys=True)],
    }
    table = pa.concat_tables([read_journal(lake), pa.table(line, schema=SCHEMA)])
    stream = pa.BufferOutputStream()
    pq.write_table(table, stream)
    write_bytes(lake.journal, stream.getvalue().to_pybytes())


def read_journal(lake: Lake) -> pa.Table:
    """Lines of the journal, oldest first.

    Raises
    ------
    LakeError
        If it cannot be read.
    """
    if not lake.journal.exists():
        return SCHEMA.empty_table()
    try:
        return pq.read_table(lake.journal, schema=SCHEMA)
    except (pa.ArrowException, OSError):
        raise LakeError(
            f"{lake.journal} cannot be read as the journal of a lake.",
            todo="Restore it from a copy, or move it away: only the dates of past runs are lost.",
        ) from None
