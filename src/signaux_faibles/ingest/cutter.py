"""Cut text into records: what cannot be one is put aside with its physical line, the rest goes on to SQL.

SQL is fast but unforgiving. A block without a quote is checked whole, by its skeleton of separators and line ends; in
another, only a line whose quotes are not plain is parsed byte by byte.
"""

from __future__ import annotations

import re
from typing import BinaryIO

import numpy as np

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.found import LineFault, Records
from signaux_faibles.ingest.header import Header, read_header, refuse_lone_returns
from signaux_faibles.ingest.records import ListedLines, read_record
from signaux_faibles.schema.source import Fault, Source

MAX_RECORD_LINES = 64
"""A quote still open after so many lines was never meant to open a field: only its own line is lost."""

MAX_LINE_BYTES = 1 << 20
MAX_RECORD_BYTES = 1 << 22
"""Of a record that stands on several lines; the engine, which takes twice as much, fails beyond."""

FOUND_CHARACTERS = 200
_WINDOW = MAX_LINE_BYTES // 2


class Cutter:
    """Blocks in, clean records out, with the physical line under way.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    records : Records
        Receives the account of every line.
    stream : binary file
        Receives the clean records.
    """

    def __init__(self, source: Source, name: str, records: Records, stream: BinaryIO) -> None:
        self.source, self.name, self.records, self.stream = source, name, records, stream
        self.separator = source.separator.encode()
        self.expected = 0
        self.line = 0
        self.predicted = 0
        self.pending = b""
        quoted = rb'"(?:[^"]|"")*"'
        mark = re.escape(self.separator)
        self.plain = re.compile(rb"(?:(?<=^)|(?<=%b))%b(?=%b|\n)" % (mark, quoted, mark))
        self.trailer = re.compile(source.trailer.encode()) if source.trailer else None
        self.flesh = bytes(set(range(256)) - {10, self.separator[0]})

    def take(self, data: bytes, *, is_last: bool) -> bytes:
        """Treat the whole lines of a block and give back the line cut by its end."""
        cut = len(data) if is_last else data.rfind(b"\n") + 1
        data, rest = data[:cut], data[cut:]
        self.records.crlf += data.count(b"\r\n") if b"\r" in data else 0
        if is_last and data and not data.endswith(b"\n"):
            data += b"\n"  # a return that ends the file is that of a line ending cut short: one, as on any line
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        if self.source.encoding != "utf-8" and self.records.encoding == self.source.encoding:
            data = data.decode(self.source.encoding).encode()
        elif not _is_utf8(data):
            data = self._transcoded(data)
        data = self.pending + data
        if self.records.header is None:
            data = self._header(data)
        self.pending = self._body(data, is_last=is_last) if data else b""
        return rest

    def _transcoded(self, data: bytes) -> bytes:
        """Lines that are not UTF-8 read as Windows-1252, one by one: a file may hold both."""
        lines = data.split(b"\n")
        for rank, line in enumerate(lines):
            if _is_utf8(line):
                continue
            try:
                lines[rank] = line.decode("cp1252").encode()
            except UnicodeDecodeError:
                continue
            self.records.transcoded += 1
        return b"\n".join(lines)

    def _header(self, data: bytes) -> bytes:
        self.line += len(data) - len(data.lstrip(b"\n"))
        data = data.lstrip(b"\n")
        if not data:
            return b""
        lines = data.split(b"\n", MAX_RECORD_LINES)
        listed = ListedLines([line + b"\n" for line in lines[:-1]])
        record = read_record(listed, self.separator, is_lazy=self.source.has_lazy_quotes)
        if record is None or record.error:
            raise InputError(f"{self.name}: the header cannot be read.", todo="Correct its quotes.")
        names = tuple(name.decode("utf-8", "replace") for name in record.fields)
        refuse_lone_returns(self.name, names)
        if self.source.has_optional_header and not self._is_header(names):
            self._set_header(tuple(column.name for column in self.source.raw_columns), len(names))
            return data
        self._set_header(names, len(names))
        self.line += listed.number
        return b"\n".join(lines[listed.number :])

    def _is_header(self, names: tuple[str, ...]) -> bool:
        return names[0].lower() == self.source.raw_columns[0].name.lower()

    def _set_header(self, names: tuple[str, ...], count: int) -> None:
        header = read_header(self.source, names, self.name)
        missing = tuple(f"column {rank + 1}" for rank in range(len(names), count))
        self.records.header = Header(header.names + missing, header.ranks, header.months)
        self.expected = count

    def _body(self, data: bytes, *, is_last: bool) -> bytes:
        if b'"' in data or b"\0" in data or b"\r" in data or not _is_utf8(data):
            return self._lines(data, is_last=is_last)
        self._plain_block(data)
        return b""

    def _plain_block(self, data: bytes) -> None:
        skeleton = data.translate(None, self.flesh)
        row = self.separator * (self.expected - 1) + b"\n"
        rows = len(skeleton) // len(row)
        if self.expected > 1 and skeleton == row * rows and not _has_long_line(data):
            self._emit(data, rows)
            return
        bones = np.frombuffer(skeleton, dtype=np.uint8)
        counts = np.diff(np.flatnonzero(bones == 10), prepend=-1)
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
        sizes = np.diff(ends, prepend=-1) - 1
        wrong = (counts != self.expected) | (sizes == 0) | (sizes > MAX_LINE_BYTES)
        start = done = 0
        for rank in np.flatnonzero(wrong).tolist():
            stop = int(ends[rank] - sizes[rank])
            self._emit(data[start:stop], rank - done)
            start, done = int(ends[rank]) + 1, rank + 1
            self._wrong_line(data[stop:start], int(counts[rank]))
        self._emit(data[start:], len(ends) - done)

    def _emit(self, data: bytes, count: int, *, lines: int | None = None) -> None:
        """Write records that stand on consecutive lines, or one that stands on several."""
        if not count:
            return
        if self.line + 1 != self.predicted:
            self.records.starts.add(self.records.clean, self.line + 1)
        self.predicted = self.line + 1 + count
        self.line += count if lines is None else lines
        self.stream.write(data)
        self.records.clean += count
        self.records.rows += count

    def _wrong_line(self, line: bytes, count: int) -> None:
        found = self.trailer.fullmatch(line.rstrip(b"\n")) if self.trailer is not None else None
        if line == b"\n":
            self.line += 1
        elif found is not None:
            self._trailer(line, found)
        elif len(line) > MAX_LINE_BYTES:
            self._reject(line, Fault.FIELDS, f"moins de {MAX_LINE_BYTES} octets")
        else:
            self._reject(line, Fault.FIELDS, f"{self.expected} champs, {count} trouvés")

    def _trailer(self, line: bytes, found: re.Match[bytes]) -> None:
        """Count a line that closes the file; the number of rows that it announces must be right."""
        announced = found[1].lstrip(b"0") or b"0" if found.re.groups else b"%d" % self.records.rows
        if announced != b"%d" % self.records.rows:
            self._reject(line, Fault.TOTAL, f"{self.records.rows} lignes lues")
            return
        self.records.trailers += 1
        self.records.rows += 1
        self.line += 1

    def _reject(self, line: bytes, fault: Fault, expected: str) -> None:
        self.line += 1
        self.records.rows += 1
        found = line.rstrip(b"\n").decode("utf-8", "replace")[:FOUND_CHARACTERS]
        try:
            self.records.faults.add(LineFault(self.line, fault, found, expected))
        except InputError as error:
            raise InputError(f"{self.name}: {error.message}", todo=error.todo) from None

    def _lines(self, data: bytes, *, is_last: bool) -> bytes:
        lines = data.split(b"\n")[:-1]
        rank = 0
        while rank < len(lines):
            line = lines[rank] + b"\n"
            used = 1
            if not _is_text(line):
                self._reject(line, Fault.ENCODING, "UTF-8 ou Windows-1252, sans octet nul ni retour chariot isolé")
                rank += 1
                continue
            bare = self.plain.sub(b"", line) if b'"' in line else line
            if b'"' in bare:
                used = self._quoted(line, lines, rank, is_last=is_last)
                if not used:
                    return b"\n".join(lines[rank:]) + b"\n"
            else:
                self._plain_line(line, bare)
            rank += used
        return b""

    def _plain_line(self, line: bytes, bare: bytes) -> None:
        """Take a line whose quotes, if any, are right; `bare` is the line without its quoted cells."""
        count = bare.count(self.separator) + 1
        if count == self.expected and line != b"\n" and len(line) <= MAX_LINE_BYTES:
            self.records.has_quotes |= bare is not line
            self._emit(line, 1)
        else:
            self._wrong_line(line, count)

    def _quoted(self, first: bytes, lines: list[bytes], rank: int, *, is_last: bool) -> int:
        """Parse the record that starts on a line, and give the lines used; 0 when it may go on in the next block."""
        window = [first]
        for line in lines[rank + 1 : rank + MAX_RECORD_LINES]:
            if not _is_text(line):
                break
            window.append(line + b"\n")
        listed = ListedLines(window, first=self.line + 1)
        record = read_record(listed, self.separator, is_lazy=self.source.has_lazy_quotes)
        used = listed.number - self.line
        is_open = used > len(window)
        if is_open and not is_last and rank + len(window) == len(lines) and len(window) < MAX_RECORD_LINES:
            return 0
        is_joined = used > 1 and self.source.has_lazy_quotes and self._has_stray_quote(window)
        if record is None or record.error or is_open or is_joined:
            self._reject(first, Fault.QUOTE, "un champ ouvert par un guillemet est refermé par un guillemet")
            return 1
        if len(record.fields) != self.expected:
            self._reject(first, Fault.FIELDS, f"{self.expected} champs, {len(record.fields)} trouvés")
            return 1
        content = self.separator.join(b'"' + cell.replace(b'"', b'""') + b'"' for cell in record.fields) + b"\n"
        if len(content) > MAX_RECORD_BYTES:
            self._reject(first, Fault.FIELDS, f"moins de {MAX_RECORD_BYTES} octets")
            return 1
        self.records.has_quotes = True
        self.records.has_newlines |= content.count(b"\n") > 1
        self._emit(content, 1, lines=used)
        return used

    def _has_stray_quote(self, window: list[bytes]) -> bool:
        """Whether a record read with lazy quotes holds a stray one: over several lines, it has swallowed others."""
        record = read_record(ListedLines(window), self.separator, is_lazy=False)
        return record is None or bool(record.error)


def _has_long_line(data: bytes) -> bool:
    """Whether a line may be longer than allowed: some stretch of half that size has no line end."""
    return any(data.find(b"\n", at, at + _WINDOW) < 0 for at in range(0, len(data) - _WINDOW, _WINDOW))


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_text(line: bytes) -> bool:
    return b"\0" not in line and b"\r" not in line and _is_utf8(line)
