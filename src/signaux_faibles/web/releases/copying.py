"""Arrow tables as the CSV that PostgreSQL's COPY reads, written without a loop over the rows.

Every known value is quoted and a missing one is not, so that an empty text stays apart from a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

BATCH_ROWS = 50_000
COPY_OPTIONS = "(FORMAT csv, NULL '')"

_WRITE_OPTIONS = csv.WriteOptions(include_header=False, quoting_style="all_valid")


def csv_chunks(table: pa.Table) -> Iterator[bytes]:
    """CSV of a table, a batch at a time."""
    for start in range(0, table.num_rows, BATCH_ROWS):
        part = table.slice(start, BATCH_ROWS).combine_chunks()
        columns = [_text_of_lists(column) if pa.types.is_list(column.type) else column for column in part.columns]
        sink = pa.BufferOutputStream()
        csv.write_csv(pa.table(columns, names=part.column_names), sink, _WRITE_OPTIONS)
        yield sink.getvalue().to_pybytes()


def _text_of_lists(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists as PostgreSQL writes arrays: `{1.5,NULL}`, texts quoted."""
    lists = column.combine_chunks()
    values = lists.flatten()
    if pa.types.is_string(values.type):
        escaped = pc.replace_substring(pc.replace_substring(values, "\\", "\\\\"), '"', '\\"')
        texts = pc.binary_join_element_wise('"', escaped, '"', "")
    else:
        texts = pc.cast(values, pa.string())
    # `flatten` skips what missing lists hide: offsets are counted anew.
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cast(pc.cumulative_sum(lengths), pa.int32())])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, pc.fill_null(texts, "NULL")), ",")
    arrays = pc.binary_join_element_wise("{", joined, "}", "")
    return pa.chunked_array([pc.if_else(lists.is_valid(), arrays, pa.scalar(None, pa.string()))])
