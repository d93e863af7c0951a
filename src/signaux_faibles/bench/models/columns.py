"""Columns of any kind as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Doubles = npt.NDArray[np.float64]

IDENTIFIER_SHARE = 0.5
"""A text column with more different values than this share of its rows names rows; it tells nothing of others."""

MICROSECONDS_OF_A_DAY = 86_400e6


@dataclass(frozen=True)
class Coded:
    """Columns as numbers.

    Parameters
    ----------
    names : tuple of str
        Numbers and dates first, then categories.
    values : array of float64, shape (n, p)
        NaN where missing or infinite.
    amounts_count : int
        Columns that are numbers or dates.
    left_out : tuple of str
        Columns of a single value, identifiers, and those that hold neither numbers nor text.
    """

    names: tuple[str, ...]
    values: Doubles
    amounts_count: int
    left_out: tuple[str, ...]


def code_columns(table: pa.Table) -> Coded:
    """Numbers as they are, dates in days, categories by their rank in alphabetical order."""
    amounts: dict[str, Doubles] = {}
    categories: dict[str, Doubles] = {}
    left_out = []
    for name in table.column_names:
        column, kept = numbers(table.column(name)), amounts
        if column is None:
            column, kept = _ranks_of_names(table.column(name)), categories
        if column is None or np.nanmin(column, initial=np.inf) >= np.nanmax(column, initial=-np.inf):
            left_out.append(name)
        else:
            kept[name] = column
    columns = amounts | categories
    values = np.column_stack(list(columns.values())) if columns else np.empty((table.num_rows, 0))
    return Coded(tuple(columns), values, len(amounts), tuple(left_out))


def numbers(column: pa.ChunkedArray) -> Doubles | None:
    """Numbers, dates in days, and texts that are all numbers, NaN where missing; None for anything else."""
    column = _plain(column)
    kind = column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _doubles(column.cast(pa.timestamp("us")).cast(pa.int64()).cast(pa.float64())) / MICROSECONDS_OF_A_DAY
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        return _doubles(column.cast(pa.float64(), safe=False))
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    return as_numbers(column) if is_text(column) else None


def is_text(column: pa.Array) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def as_numbers(column: pa.Array) -> Doubles | None:
    """Text that is a number in every row where it is not missing, with a point or a comma; None otherwise."""
    for text in (column, pc.replace_substring(column, ",", ".")):
        try:
            return _doubles(pc.utf8_trim_whitespace(text).cast(pa.float64()))
        except pa.ArrowInvalid:
            continue
    return None


def _ranks_of_names(column: pa.ChunkedArray) -> Doubles | None:
    column = _plain(column)
    if not is_text(column):
        return None
    known = pc.drop_null(column)
    values = sorted(known.unique().to_pylist())
    if len(values) > IDENTIFIER_SHARE * len(known) and len(values) > 2:
        return None
    return _doubles(pc.index_in(column, pa.array(values, column.type)).cast(pa.float64()))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    column = column.combine_chunks()
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _doubles(column: pa.Array) -> Doubles:
    values = np.array(column.to_numpy(zero_copy_only=False), np.float64)
    values[~np.isfinite(values)] = np.nan
    return values
