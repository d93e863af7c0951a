"""Vectorised assembly of text: columns of numbers and dates become lines, and lines become the bytes of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.synthetic.arrays import NEVER, Bools, Floats, Ints

_FIRST_DAY = np.datetime64("1900-01-01")
_LAST_DAY = np.datetime64("2060-12-31")
_EPOCH_MONTH = 1970 * 12
_ENGLISH_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Lines:
    """Lines of a file, each with the batches that hold it.

    Attributes
    ----------
    text : binary array, one line each, without the end of line
    company : [line], rank in the block of the company the line is about
    since, until : [line], rank of the first batch month that holds the line, and of the first one that no longer does
    """

    text: pa.Array
    company: Ints
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.text)


def join(columns: list[pa.Array | pa.Scalar | str], separator: str) -> pa.Array:
    """Lines made of columns (arrays, or constants repeated on each line); a null is an empty field."""
    ready = [pa.scalar(column) if isinstance(column, str) else column for column in columns]
    text = pc.binary_join_element_wise(*ready, separator, null_handling="replace", null_replacement="")
    return text.cast(pa.binary())


def quoted(column: pa.Array) -> pa.Array:
    """Column between double quotes."""
    return pc.binary_join_element_wise('"', column, '"', "")


def integers(values: Ints, *, null: Bools | None = None) -> pa.Array:
    """Whole numbers in decimal; empty where `null`."""
    return pa.array(values, mask=null).cast(pa.string())


def hundredths(values: Ints, point: str = ".", *, null: Bools | None = None) -> pa.Array:
    """Numbers given in hundredths, written with two decimals."""
    size = np.abs(values)
    cents = pa.array([f"{point}{rank:02d}" for rank in range(100)]).take(pa.array(size % 100))
    sign = pa.array(["", "-"]).take(pa.array((values < 0).astype(np.int8)))
    return pc.binary_join_element_wise(sign, integers(size // 100, null=null), cents, "")


def rounded(values: Floats, *, null: Bools | None = None) -> pa.Array:
    """Floating numbers with two decimals; empty where `null`."""
    return hundredths(np.rint(values * 100.0).astype(np.int64), null=null)


def choose(words: list[str] | tuple[str, ...], rank: Ints | Bools) -> pa.Array:
    """Word of each rank."""
    return pa.array(list(words), pa.string()).take(pa.array(np.asarray(rank, dtype=np.int64)))


def day_number(month: Ints, day: Ints) -> Ints:
    """Day of a calendar month (year * 12 + month - 1), counted from 1970-01-01; `day` starts at 0."""
    start = (month - _EPOCH_MONTH).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(start + day)


@cache
def _day_words(form: str) -> pa.Array:
    """Every day from 1900 to 2060 in a format: iso, fr (DD/MM/YYYY), sas (DDMONYYYY), compact or urssaf."""
    days = np.arange(_FIRST_DAY, _LAST_DAY + 1)
    iso = [str(one) for one in np.datetime_as_string(days)]
    return pa.array([_write_day(one, form) for one in iso])


def _write_day(iso: str, form: str) -> str:
    """One ISO day in another format."""
    year, month, day = iso.split("-")
    if form == "iso":
        return iso
    if form == "fr":
        return f"{day}/{month}/{year}"
    if form == "sas":
        return f"{day}{_ENGLISH_MONTHS[int(month) - 1]}{year}"
    if form == "compact":
        return f"{year}{month}{day}"
    return str(int(f"{year}{month}{day}") - 19_000_000)


def dates(days: Ints, form: str, *, null: Bools | None = None) -> pa.Array:
    """Days since 1970-01-01 in one of the formats of the producers; empty where `null`."""
    rank = days - _FIRST_DAY.astype(np.int64)
    safe = np.clip(rank, 0, len(_day_words(form)) - 1)
    return _day_words(form).take(pa.array(safe, mask=null))


@cache
def _period_words(first: int, last: int) -> tuple[list[str], list[str]]:
    """Urssaf codes of every month, and of the quarter that holds it, as AAQM."""
    monthly, quarterly = [], []
    for month in range(first, last):
        year, rank = divmod(month, 12)
        monthly.append(f"{year % 100:02d}{rank // 3 + 1}{rank % 3 + 1}")
        quarterly.append(f"{year % 100:02d}{rank // 3 + 1}0")
    return monthly, quarterly


def periods(month: Ints, quarter: Bools) -> pa.Array:
    """Urssaf code of each period, from its last month (year * 12 + month - 1)."""
    first, last = 2000 * 12, 2060 * 12
    monthly, quarterly = _period_words(first, last)
    return choose([*monthly, *quarterly], month - first + np.where(quarter, last - first, 0))


def always(since: Ints) -> Ints:
    """End of validity of lines that no later batch withdraws."""
    return np.full(len(since), NEVER)


def concatenate(parts: list[Lines]) -> Lines:
    """Lines of several sets, one after the other."""
    return Lines(
        pa.concat_arrays([part.text for part in parts]),
        np.concatenate([part.company for part in parts]),
        np.concatenate([part.since for part in parts]),
        np.concatenate([part.until for part in parts]),
    )


def to_bytes(text: pa.Array, selected: Bools | None = None) -> bytes:
    """Bytes of the selected lines, each followed by a line feed."""
    kept = text if selected is None else text.filter(pa.array(selected))
    if len(kept) == 0:
        return b""
    ended = pc.binary_join_element_wise(kept, pa.scalar(b"\n"), pa.scalar(b""))
    offsets = np.frombuffer(ended.buffers()[1], dtype=np.int32)[ended.offset : ended.offset + len(ended) + 1]
    return bytes(ended.buffers()[2][int(offsets[0]) : int(offsets[-1])])
