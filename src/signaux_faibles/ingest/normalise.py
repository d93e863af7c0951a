"""Make a clean file of records out of a raw file: decoded, cut into records, every line accounted for.

What cannot be a record is put aside with its physical line; the rest goes on to SQL, which is fast but unforgiving.
Blocks without a quote are checked at once with numpy; others line by line, and only a line whose quotes are not plain
is parsed byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.header import Header, read_header
from signaux_faibles.ingest.opening import blocks_of
from signaux_faibles.ingest.records import ListedLines, read_record
from signaux_faibles.schema.source import Fault, Source

MAX_RECORD_LINES = 64
"""A quote still open after so many lines was never meant to open a field: only its own line is lost."""

MAX_LINE_BYTES = 1 << 20
FOUND_CHARACTERS = 200


@dataclass(frozen=True)
class LineFault:
    """A line that is not a record."""

    line: int
    fault: Fault
    found: str
    expected: str


@dataclass
class Records:
    """What a raw file holds.

    Parameters
    ----------
    path : Path
        Clean file: UTF-8, one record a line unless a cell holds a newline, no header.
    rows : int
        Records found, right or wrong.
    clean : int
        Records written to `path`.
    trailers : int
        Lines that are not data, by the declaration of the source.
    transcoded : int
        Lines that were not UTF-8 and were read as Windows-1252.
    starts : list of (int, int)
        Rank in `path` from which physical lines follow one another, and the first of these lines.
    """

    path: Path
    header: Header | None = None
    rows: int = 0
    clean: int = 0
    trailers: int = 0
    transcoded: int = 0
    has_quotes: bool = False
    has_newlines: bool = False
    starts: list[tuple[int, int]] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)


def normalise(
    source: Source, path: Path, clean: Path, *, progress: Callable[[int, int], None] | None = None
) -> Records:
    """Write the records of a raw file to a clean file.

    Parameters
    ----------
    progress : callable, optional
        Called after each block with the bytes of the file read so far and the rows found.

    Raises
    ------
    InputError
        If the file has no header, is not text, or its header is not that of the source.
    """
    records = Records(clean)
    with clean.open("wb") as stream:
        cutter = _Cutter(source, path.name, records, stream)
        carry = b""
        for block, position in blocks_of(path):
            carry = cutter.take(carry + block, is_last=False)
            if len(carry) > 16 * MAX_LINE_BYTES:
                raise InputError(f"{path.name}: found no line, expected a text file.", todo="Check what this file is.")
            if progress is not None:
                progress(position, records.rows)
        cutter.take(carry, is_last=True)
    if records.header is None:
        raise InputError(f"{path.name}: the file is empty, expected a header line.", todo="Copy the file again.")
    return records


class _Cutter:
    """Blocks in, clean records out, with the physical line under way."""

    def __init__(self, source: Source, name: str, records: Records, stream: BinaryIO) -> None:
        self.source, self.name, self.records, self.stream = source, name, records, stream
        self.separator = source.separator.encode()
        self.expected = 0
        self.line = 0
        self.predicted = 0
        self.is_start = True
        self.pending = b""
        quoted = rb'"(?:[^"]|"")*"'
        self.plain = re.compile(rb"(?:(?<=^)|(?<=%b))%b(?=%b|\n)" % (self.separator, quoted, self.separator))
        self.trailer = re.compile(source.trailer.encode()) if source.trailer else None

    def take(self, data: bytes, *, is_last: bool) -> bytes:
        """Treat the whole lines of a block and give back the line cut by its end."""
        if self.is_start:
            data = self._without_bom(data)
        cut = len(data) if is_last else data.rfind(b"\n") + 1
        data, rest = data[:cut], data[cut:]
        if is_last and data and not data.endswith(b"\n"):
            data = data.removesuffix(b"\r") + b"\n"
        data = data.replace(b"\r\n", b"\n")
        if self.source.encoding != "utf-8":
            data = data.decode(self.source.encoding).encode()
        data = self.pending + data
        if self.records.header is None:
            data = self._header(data)
        self.pending = self._body(data, is_last=is_last) if data else b""
        return rest

    def _without_bom(self, data: bytes) -> bytes:
        self.is_start = False
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(
                f"{self.name}: found UTF-16, expected {self.source.encoding}.", todo="Convert the file to UTF-8."
            )
        return data.removeprefix(b"\xef\xbb\xbf")

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
        names = tuple(_decode(name) for name in record.fields)
        self.records.header = read_header(self.source, names, self.name)
        self.line += listed.number
        self.expected = len(names)
        return b"\n".join(lines[listed.number :])

    def _body(self, data: bytes, *, is_last: bool) -> bytes:
        if b'"' in data or b"\0" in data or b"\r" in data or not _is_utf8(data):
            return self._lines(data, is_last=is_last)
        self._plain_block(data)
        return b""

    def _plain_block(self, data: bytes) -> None:
        content = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(content == 10)
        starts = np.concatenate((np.zeros(1, dtype=ends.dtype), ends[:-1] + 1))
        separators = np.searchsorted(np.flatnonzero(content == self.separator[0]), ends)
        counts = np.diff(separators, prepend=0) + 1
        wrong = (counts != self.expected) | (ends == starts) | (ends - starts > MAX_LINE_BYTES)
        done = 0
        for rank in np.flatnonzero(wrong).tolist():
            self._emit(data[starts[done] : starts[rank]], rank - done)
            self._wrong_line(data[starts[rank] : ends[rank] + 1], int(counts[rank]))
            done = rank + 1
        if done < len(ends):
            self._emit(data[starts[done] :], len(ends) - done)

    def _emit(self, data: bytes, count: int, *, lines: int | None = None) -> None:
        """Write records that stand on consecutive lines, or one that stands on several."""
        if not count:
            return
        if self.line + 1 != self.predicted:
            self.records.starts.append((self.records.clean, self.line + 1))
        self.predicted = self.line + 1 + count
        self.line += count if lines is None else lines
        self.stream.write(data)
        self.records.clean += count
        self.records.rows += count

    def _wrong_line(self, line: bytes, count: int) -> None:
        if line == b"\n":
            self.line += 1
        elif self.trailer is not None and self.trailer.fullmatch(line.rstrip(b"\n")):
            self.records.trailers += 1
            self.records.rows += 1
            self.line += 1
        elif len(line) > MAX_LINE_BYTES:
            self._reject(line, Fault.FIELDS, f"moins de {MAX_LINE_BYTES} octets")
        else:
            self._reject(line, Fault.FIELDS, f"{self.expected} champs, {count} trouvés")

    def _reject(self, line: bytes, fault: Fault, expected: str) -> None:
        self.line += 1
        self.records.rows += 1
        found = line.rstrip(b"\n").decode("utf-8", "replace")[:FOUND_CHARACTERS]
        self.records.faults.append(LineFault(self.line, fault, found, expected))

    def _lines(self, data: bytes, *, is_last: bool) -> bytes:
        lines = data.split(b"\n")[:-1]
        rank = 0
        while rank < len(lines):
            raw = lines[rank] + b"\n"
            line = _decode_line(raw)
            used = 1
            if line is None:
                self._reject(raw, Fault.ENCODING, "UTF-8 ou Windows-1252, sans octet nul ni retour chariot isolé")
                rank += 1
                continue
            bare = self.plain.sub(b"", line) if b'"' in line else line
            if b'"' in bare:
                used = self._quoted(line, lines, rank, is_last=is_last)
                if not used:
                    return b"\n".join(lines[rank:]) + b"\n"
            else:
                self._plain_line(line, bare)
            self.records.transcoded += line != raw
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
            decoded = _decode_line(line + b"\n")
            if decoded is None:
                break
            window.append(decoded)
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
        self.records.has_quotes = True
        self.records.has_newlines |= content.count(b"\n") > 1
        self._emit(content, 1, lines=used)
        return used

    def _has_stray_quote(self, window: list[bytes]) -> bool:
        """Whether a record read with lazy quotes holds a stray one: over several lines, it has swallowed others."""
        record = read_record(ListedLines(window), self.separator, is_lazy=False)
        return record is None or bool(record.error)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(data: bytes) -> str:
    return data.decode("utf-8" if _is_utf8(data) else "cp1252", "replace")


def _decode_line(line: bytes) -> bytes | None:
    """A line as UTF-8, converted from Windows-1252 when it must be; None when it is not text."""
    if b"\0" in line or b"\r" in line:
        return None
    if _is_utf8(line):
        return line
    try:
        return line.decode("cp1252").encode()
    except UnicodeDecodeError:
        return None
