"""Cut lines into records, exactly as the importer before ours did.

The dialect is that of Go's `encoding/csv`: a quote opens a field only as its first byte; a record may span lines; the
*lazy* form keeps stray quotes as data. Everything is bytes: columns in messages count bytes, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

BARE_QUOTE = 'bare " in non-quoted-field'
QUOTE = 'extraneous or missing " in quoted-field'
FIELD_COUNT = "wrong number of fields"


class Lines(Protocol):
    """Lines one by one: each ends with a newline but perhaps the last; empty at the end."""

    number: int

    def next(self) -> bytes:
        """Next line; `number` is then its rank from 1."""
        ...


@dataclass(frozen=True)
class Record:
    """A record, or what is wrong with it.

    Parameters
    ----------
    fields : list of bytes
    line : int
        Physical line on which it starts, from 1.
    error : str
        Empty when the record can be read.
    """

    fields: list[bytes]
    line: int
    error: str = ""


def read_record(lines: Lines, separator: bytes, *, is_lazy: bool) -> Record | None:
    """Next record, blank lines skipped; None at the end of the file."""
    line = lines.next()
    while line == b"\n":
        line = lines.next()
    if not line:
        return None
    return _Parser(lines, separator, is_lazy).parse(line)


class _Parser:
    """One record under way: a position in a line, and the fields found so far."""

    def __init__(self, lines: Lines, separator: bytes, is_lazy: bool) -> None:
        self.lines, self.separator, self.is_lazy = lines, separator, is_lazy
        self.fields: list[bytes] = []
        self.start = self.line_number = lines.number
        self.column = 1
        self.rest = b""

    def parse(self, line: bytes) -> Record:
        self.rest = line
        error = ""
        has_more = True
        while has_more and not error:
            has_more, error = self._quoted() if self.rest.startswith(b'"') else self._bare()
        return Record(self.fields, self.start, error)

    def _bare(self) -> tuple[bool, str]:
        field, found, after = self.rest.partition(self.separator)
        if not found:
            field = field.removesuffix(b"\n")
        if not self.is_lazy and (at := field.find(b'"')) >= 0:
            return False, self._error(self.lines.number, self.column + at, BARE_QUOTE)
        self.fields.append(field)
        self.rest = after
        self.column += len(field) + 1
        return bool(found), ""

    def _quoted(self) -> tuple[bool, str]:
        self._advance(1)
        pieces: list[bytes] = []
        while True:
            at = self.rest.find(b'"')
            if at < 0:
                if not self.rest:
                    return self._end_of_file(pieces)
                pieces.append(self.rest)
                self._next_line()
                continue
            pieces.append(self.rest[:at])
            self._advance(at + 1)
            if self.rest.startswith(b'"'):
                pieces.append(b'"')
                self._advance(1)
            elif self.rest.startswith(self.separator):
                self.fields.append(b"".join(pieces))
                self._advance(1)
                return True, ""
            elif self.rest in (b"", b"\n"):
                self.fields.append(b"".join(pieces))
                return False, ""
            elif self.is_lazy:
                pieces.append(b'"')
            else:
                return False, self._error(self.lines.number, self.column - 1, QUOTE)

    def _end_of_file(self, pieces: list[bytes]) -> tuple[bool, str]:
        if not self.is_lazy:
            return False, self._error(self.line_number, self.column, QUOTE)
        self.fields.append(b"".join(pieces))
        return False, ""

    def _advance(self, size: int) -> None:
        self.rest = self.rest[size:]
        self.column += size

    def _next_line(self) -> None:
        self.column += len(self.rest)
        self.rest = self.lines.next()
        if self.rest:
            self.line_number += 1
            self.column = 1

    def _error(self, line: int, column: int, text: str) -> str:
        where = f"parse error on line {line}, column {column}: {text}"
        return where if line == self.start else f"record on line {self.start}; {where}"


def lines_of(blocks: Iterable[tuple[bytes, int]]) -> Iterator[bytes]:
    """Lines of a file given by blocks, each with its newline but perhaps the last; `\\r\\n` is made `\\n`."""
    pieces: list[bytes] = []
    for block, _ in blocks:
        head, *others = block.split(b"\n")
        pieces.append(head)
        for line in others:
            yield b"".join(pieces).removesuffix(b"\r") + b"\n"
            pieces = [line]
    if last := b"".join(pieces).removesuffix(b"\r"):
        yield last


class ListedLines:
    """Lines of a list, from a rank; the list is an excerpt of a file that starts at physical line `first`."""

    def __init__(self, lines: list[bytes], *, first: int = 1) -> None:
        self._lines: Iterator[bytes] = iter(lines)
        self.number = first - 1

    def next(self) -> bytes:
        """Next line, empty at the end."""
        self.number += 1
        return next(self._lines, b"")
