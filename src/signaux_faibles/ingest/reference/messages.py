"""Messages of the Go library, so that reports compare word for word."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPES = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAYOUT = re.compile(r"2006|01|02|Jan")


class CellError(Exception):
    """A cell that cannot be converted; the text is that of the report."""


@dataclass(frozen=True)
class Day:
    """A calendar day; the default is Go's zero date."""

    year: int = 1
    month: int = 1
    day: int = 1

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def quoted(text: str) -> str:
    """A text between quotes as `strconv.Quote` writes it."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if char.isprintable():
        return char
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _quoted_time(text: str) -> str:
    """A text between quotes as the `time` package writes it: every byte out of ASCII is escaped."""
    out = []
    for byte in text.encode("utf-8", "surrogateescape"):
        char = chr(byte)
        out.append(f"\\x{byte:02x}" if byte >= 0x80 or byte < 0x20 else "\\" + char if char in '"\\' else char)
    return '"' + "".join(out) + '"'


def parse_day(text: str, layout: str) -> Day:
    """A day written as a Go layout such as `2006-01-02`.

    Raises
    ------
    CellError
        With the message that Go gives.
    """
    rest, parts, at, out_of_range = text, {"2006": 0, "month": 0, "02": 0}, 0, ""
    for found in _LAYOUT.finditer(layout):
        rest = _literal(text, layout, rest, layout[at : found.start()])
        at = found.end()
        element = found.group()
        value, after = _element(rest, element)
        if value is None:
            raise _cannot(text, layout, rest, element)
        parts["month" if element in ("01", "Jan") else element] = value
        rest = after
        out_of_range = "month" if element == "01" and not 1 <= value <= 12 else ""
        if out_of_range:
            raise CellError(f"parsing time {_quoted_time(text)}: {out_of_range} out of range")
    rest = _literal(text, layout, rest, layout[at:])
    if rest:
        raise CellError(f"parsing time {_quoted_time(text)}: extra text: {_quoted_time(rest)}")
    day = Day(parts["2006"], parts["month"], parts["02"])
    if not 1 <= day.day <= days_in(day.year, day.month):
        raise CellError(f"parsing time {_quoted_time(text)}: day out of range")
    return day


def _literal(text: str, layout: str, rest: str, prefix: str) -> str:
    if not rest.startswith(prefix):
        raise _cannot(text, layout, rest, prefix)
    return rest[len(prefix) :]


def _element(rest: str, element: str) -> tuple[int | None, str]:
    size = 4 if element == "2006" else 3 if element == "Jan" else 2
    piece = rest[:size]
    if element == "Jan":
        name = piece.lower()
        return (_MONTHS.index(name) + 1, rest[size:]) if name in _MONTHS else (None, rest)
    if len(piece) == size and piece.isascii() and piece.isdigit():
        return int(piece), rest[size:]
    return None, rest


def _cannot(text: str, layout: str, rest: str, element: str) -> CellError:
    return CellError(
        f'parsing time {_quoted_time(text)} as "{layout}": cannot parse {_quoted_time(rest)} as {_quoted_time(element)}'
    )


def days_in(year: int, month: int) -> int:
    """Days of a month of the Gregorian calendar, year 0 included."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 if month == 2 and not is_leap else _DAYS[month - 1]
