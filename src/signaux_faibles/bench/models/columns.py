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


@dataclass(frozen=True)
class Coded:
    """Columns as numbers.

    Parameters
    ----------
    names : tuple of str
    values : array of float64, shape (n, p)
        NaN where missing or infinite.
    left_out : tuple of str
        Columns of a single value, identifiers, and those that hold neither numbers nor text.
    """

    names: tuple[str, ...]
    values: Doubles
    left_out: tuple[str, ...]


def code_columns(table: pa.Table) -> Coded:
    """Numbers as they are, dates in days, categories by their rank in alphabetical order."""
    names, columns, left_out = [], [], []
    for name in table.column_names:
        column = code(table.column(name))
        if column is None or np.nanmin(column, initial=np.inf) >= np.nanmax(column, initial=-np.inf):
            left_out.append(name)
            continue
        names.append(name)
        columns.append(column)
    values = np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
    return Coded(tuple(names), values, tuple(left_out))


def code(column: pa.ChunkedArray) -> Doubles | None:
    """One column as numbers, NaN where missing; None when it cannot be."""
    column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us")).cast(pa.int64()).cast(pa.float64())
        return _doubles(column) / 86_400e6
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        return _doubles(column.cast(pa.float64(), safe=False))
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return np.full(len(column), np.nan) if pa.types.is_null(kind) else None
    numbers = as_numbers(column)
    return _ranks_of_names(column) if numbers is None else numbers


def as_numbers(column: pa.Array) -> Doubles | None:
    """Text that is a number in every row where it is not missing, with a point or a comma; None otherwise."""
    for text in (column, pc.replace_substring(column, ",", ".")):
        try:
            return _doubles(pc.utf8_trim_whitespace(text).cast(pa.float64()))
        except pa.ArrowInvalid:
            continue
    return None


def _ranks_of_names(column: pa.Array) -> Doubles | None:
    known = pc.drop_null(column)
    values = sorted(known.unique().to_pylist())
    if len(values) > IDENTIFIER_SHARE * len(known) and len(values) > 2:
        return None
    return _doubles(pc.index_in(column, pa.array(values, column.type)).cast(pa.float64()))


def _doubles(column: pa.Array) -> Doubles:
    values = np.array(column.to_numpy(zero_copy_only=False), np.float64)
    values[~np.isfinite(values)] = np.nan
    return values
