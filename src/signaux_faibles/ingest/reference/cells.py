"""Convert cells as the importer before ours did.

One difference is wanted: what only programming languages write (`inf`, `nan`, hexadecimal, `1_000`) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from signaux_faibles.ingest.reference.messages import CellError, Day, days_in, parse_day, quoted
from signaux_faibles.schema.source import Convert

Value = str | int | float | bool | Day | None

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))
_MAX_INT = (1 << 63) - 1


def to_int(text: str) -> int:
    """A 64-bit integer, with or without a sign."""
    if not _INTEGER.fullmatch(text):
        raise CellError(f"strconv.Atoi: parsing {quoted(text)}: invalid syntax")
    if (len(text) > 20 and len(text.lstrip("+-0")) > 19) or not -_MAX_INT - 1 <= int(text) <= _MAX_INT:
        raise CellError(f"strconv.Atoi: parsing {quoted(text)}: value out of range")
    return int(text)


def to_float(text: str) -> float:
    """A decimal number with a dot."""
    if not _FLOAT.fullmatch(text):
        raise CellError(f"strconv.ParseFloat: parsing {quoted(text)}: invalid syntax")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise CellError(f"strconv.ParseFloat: parsing {quoted(text)}: value out of range")
    return number


def to_bool(text: str) -> bool:
    """A boolean in one of Go's spellings."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise CellError(f"strconv.ParseBool: parsing {quoted(text)}: invalid syntax")


def to_truncated(text: str) -> int:
    """The whole part of a decimal number."""
    number = to_float(text)
    if not -(2.0**63) <= number < 2.0**63:
        raise CellError(f"strconv.ParseFloat: parsing {quoted(text)}: value out of range")
    return int(number)


def to_urssaf_day(text: str) -> Day:
    """Urssaf's `(A)AAMMJJ`, counted from 1900."""
    error = CellError(f"invalid value for date conversion: {text}")
    try:
        digits = str(to_int(text) + 19_000_000)
    except CellError:
        raise error from None
    if len(digits) != 8 or not digits.isdigit():
        raise error
    day = Day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if not (1 <= day.month <= 12 and 1 <= day.day <= days_in(day.year, day.month)):
        raise error
    return day


def to_periode(text: str) -> tuple[Day, Day]:
    """Urssaf's `AAQM` or `AAAAQM`, as a half-open interval; quarters and months run over into other years."""
    if len(text) == 4:
        text = ("20" if text[:2] < "50" else "19") + text
    if len(text) != 6:
        raise CellError("invalid value")
    try:
        year = to_int(text[:4])
    except CellError:
        raise CellError("invalid value") from None
    if text[4:] == "62":
        return _first_day(year * 12), _first_day(year * 12 + 12)
    quarter, month = to_int(text[4]), to_int(text[5])
    start = year * 12 + 3 * (quarter - 1) + (month - 1 if month else 0)
    return _first_day(start), _first_day(start + (1 if month else 3))


def _first_day(month: int) -> Day:
    return Day(month // 12, month % 12 + 1, 1)


def to_compact_day(text: str) -> Day:
    """`YYYYMMDD`, or ISO as more recent exports write it."""
    if "-" not in text and len(text) == 8:
        return parse_day(f"{text[:4]}-{text[4:6]}-{text[6:]}", "2006-01-02")
    return parse_day(text, "2006-01-02")


def to_iso_day_or_null(text: str) -> Day | None:
    """ISO day; anything else is unknown, without an error."""
    try:
        return parse_day(text, "2006-01-02")
    except CellError:
        return None


def _optional(convert: Callable[[str], Value]) -> Callable[[str], Value]:
    return lambda text: convert(text) if text else None


CONVERTERS: dict[Convert, Callable[[str], Value]] = {
    Convert.TEXT: str,
    Convert.INTEGER: _optional(to_int),
    Convert.FLOAT: _optional(to_float),
    Convert.COMMA_FLOAT: _optional(lambda text: to_float(text.replace(",", "."))),
    Convert.TRUNCATED: _optional(to_truncated),
    Convert.CENTS: lambda text: to_float(text) / 100,
    Convert.BOOLEAN: to_bool,
    Convert.DATE_ISO: lambda text: parse_day(text, "2006-01-02"),
    Convert.DATE_ISO_OR_NULL: to_iso_day_or_null,
    Convert.DATE_COMPACT: to_compact_day,
    Convert.DATE_FR: lambda text: parse_day(text, "02/01/2006"),
    Convert.DATE_SAS: lambda text: parse_day(text, "02Jan2006"),
    Convert.DATE_URSSAF: to_urssaf_day,
}
"""Every conversion but that of a period, which gives two values."""
