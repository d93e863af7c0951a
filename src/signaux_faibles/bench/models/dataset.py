"""A table made ready: numbers, label, group, time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.bench.models.columns import Coded, Doubles, code_columns, is_text, numbers
from signaux_faibles.domain.errors import InputError

POSITIVE_WORDS = frozenset({"1", "1.0", "true", "yes", "oui", "failed", "bankrupt", "default"})
SHOWN = 6


@dataclass(frozen=True)
class Roles:
    """What the columns of a table are for.

    Parameters
    ----------
    label : str
    positive : str or None
        Value of a failure; None when the label says it by itself (0 and 1, yes and no).
    group, time : str or None
        Columns of who a row is of, and of when.
    dropped : tuple of str
        Columns that nothing may learn from.
    scale : str or None
        Column of the size of who a row is of: amounts are also divided by it.
    """

    label: str
    positive: str | None = None
    group: str | None = None
    time: str | None = None
    dropped: tuple[str, ...] = ()
    scale: str | None = None


@dataclass(frozen=True)
class Dataset:
    """Labelled rows.

    Parameters
    ----------
    names : tuple of str
    values : array of float64, shape (n, p)
        NaN where missing.
    amounts_count : int
        The first columns: those of the table that are numbers.
    failure : array of float32, shape (n,)
        0 or 1.
    group : array of int, shape (n,), or None
        Rank of who each row is of.
    time : array of float64, shape (n,), or None
    left_out : tuple of str
        Columns that tell nothing.
    """

    names: tuple[str, ...]
    values: Doubles
    amounts_count: int
    failure: npt.NDArray[np.float32]
    group: npt.NDArray[np.int64] | None
    time: Doubles | None
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.failure)

    @property
    def times(self) -> Doubles:
        """Time of each row.

        Raises
        ------
        InputError
            If no column was named.
        """
        if self.time is None:
            raise InputError("The protocol walk needs to know when each row is.", todo="Give --time COLUMN.")
        return self.time

    def kept(self, rows: npt.NDArray[np.bool_]) -> Dataset:
        """Some of the rows."""
        group = None if self.group is None else self.group[rows]
        time = None if self.time is None else self.time[rows]
        return replace(self, values=self.values[rows], failure=self.failure[rows], group=group, time=time)


def make_dataset(table: pa.Table, roles: Roles) -> Dataset:
    """Rows of a table, in its order; those whose label is missing are left out.

    Raises
    ------
    InputError
        If a column is unknown, the label has no positive or a single class, a group or a time is missing somewhere.
    """
    _check_names(table, roles)
    table = table.filter(pc.is_valid(table.column(roles.label)))
    failure = _failure(table.column(roles.label), roles)
    aside = {roles.label, roles.group, roles.time, *roles.dropped}
    coded: Coded = code_columns(table.select([name for name in table.column_names if name not in aside]))
    if not coded.names:
        raise InputError("No column to learn from: none holds two different numbers or categories.")
    return Dataset(
        names=coded.names,
        values=coded.values,
        amounts_count=coded.amounts_count,
        failure=failure,
        group=None if roles.group is None else _group(table.column(roles.group), roles.group),
        time=None if roles.time is None else _time(table.column(roles.time), roles.time),
        left_out=coded.left_out,
    )


def _check_names(table: pa.Table, roles: Roles) -> None:
    asked = {"--label": roles.label, "--group": roles.group, "--time": roles.time, "--scale": roles.scale}
    named = [(option, name) for option, name in asked.items() if name is not None]
    for option, name in [*named, *(("--drop", name) for name in roles.dropped)]:
        if name not in table.column_names:
            raise InputError(
                f"Unknown column of {option}: found {name!r}, expected one of {', '.join(table.column_names[:100])}."
            )


def _failure(column: pa.ChunkedArray, roles: Roles) -> npt.NDArray[np.float32]:
    try:
        text = pc.utf8_trim_whitespace(column.combine_chunks().cast(pa.string()))
    except pa.ArrowException as error:
        raise InputError(f"Label {roles.label}: found {column.type}, expected numbers or text.") from error
    values = sorted(text.unique().to_pylist())
    shown = ", ".join(values[:SHOWN]) + (", …" if len(values) > SHOWN else "")
    if len(values) < 2:
        raise InputError(f"Label {roles.label}: a single value ({shown or 'none'}), expected two classes.")
    if roles.positive is not None:
        positive = [value for value in values if value == roles.positive or _same_number(value, roles.positive)]
        if not positive:
            raise InputError(
                f"Label {roles.label}: no row is {roles.positive!r}, found {shown}.", todo="Change --positive."
            )
    else:
        positive = [value for value in values if value.lower() in POSITIVE_WORDS]
        if len(values) != 2 or len(positive) != 1:
            raise InputError(
                f"Label {roles.label}: which value is a failure? Found {shown}.", todo="Give --positive VALUE."
            )
    is_failure = pc.is_in(text, pa.array(positive, pa.string()))
    failure: npt.NDArray[np.float32] = is_failure.to_numpy(zero_copy_only=False).astype(np.float32)
    return failure


def _same_number(left: str, right: str) -> bool:
    try:
        return float(left) == float(right)
    except ValueError:
        return False


def _group(column: pa.ChunkedArray, name: str) -> npt.NDArray[np.int64]:
    if column.null_count:
        raise InputError(f"Group {name}: {column.null_count} rows have none.", todo="Leave them out of the file.")
    codes: npt.NDArray[np.int64] = (
        column.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return codes


def _time(column: pa.ChunkedArray, name: str) -> Doubles:
    values = numbers(column)
    if values is None and is_text(column.combine_chunks()):
        values = numbers(_months(column.combine_chunks()))
    if values is None or np.isnan(values).any():
        missing = column.null_count if values is None else int(np.isnan(values).sum())
        raise InputError(
            f"Time {name}: {missing} rows of {len(column)} have none that can be read.",
            todo="Expected numbers, dates (YYYY-MM-DD) or months (YYYY-MM).",
        )
    return values


def _months(text: pa.Array) -> pa.ChunkedArray:
    """Dates of texts such as 2024-05 or 2024-05-31; null where they are not."""
    day = pc.if_else(pc.equal(pc.utf8_length(text), 7), pc.binary_join_element_wise(text, "01", "-"), text)
    is_date = pc.match_substring_regex(day, r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$|^\d{4}-\d\d-3[01]$")
    known = pc.if_else(is_date, day, pa.scalar(None, day.type))
    return pa.chunked_array([pc.strptime(known, format="%Y-%m-%d", unit="s", error_is_null=True)])
