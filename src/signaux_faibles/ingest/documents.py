"""Documents of a file as raw cells: JSON, or text some of whose cells hold JSON; the first byte says which."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.header import refuse_lone_returns
from signaux_faibles.ingest.json_documents import Blocks, documents_of
from signaux_faibles.ingest.opening import blocks_of
from signaux_faibles.ingest.records import lines_of, read_record
from signaux_faibles.schema.source import Fault, Source

MAX_RECORD_LINES = 64
FOUND_CHARACTERS = 200

_EXPECTED = {
    Fault.DOCUMENT: "un document JSON par ligne",
    Fault.ENCODING: "UTF-8, comme tout JSON",
    Fault.QUOTE: "un champ ouvert par un guillemet est refermé par un guillemet",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Tell = Callable[[int, int], None]
"""Receives the bytes of the file read so far and the documents found."""


@dataclass(frozen=True)
class Flattened:
    """A document of a file.

    Parameters
    ----------
    line : int
        Physical line on which it starts, from 1.
    cells : dict of str to str, optional
        Raw cells; None for a document that is not of the source, or that cannot be read.
    fault : Fault, optional
        Why it cannot be read.
    found, expected : str
        Start of what cannot be read; what it should have been, in French.
    is_transcoded : bool
        It was not UTF-8 and was read as Windows-1252.
    """

    line: int
    cells: dict[str, str] | None
    fault: Fault | None = None
    found: str = ""
    expected: str = ""
    is_transcoded: bool = False


def flattened(source: Source, path: Path, *, progress: Tell | None = None) -> Iterator[Flattened]:
    """Every document of a file, in order.

    Parameters
    ----------
    progress : callable, optional
        Called after each block.

    Raises
    ------
    InputError
        If the file is empty, cut short, or not made of documents of the source.
    """
    blocks = _Blocks(path, progress)
    start = blocks.start()
    if start.startswith((b"[", b"{")) or not start:
        return _of_json(source, path.name, blocks)
    return _of_text(source, path.name, blocks)


class _Blocks:
    """Blocks of a file without its mark, counted; the beginning can be seen first."""

    def __init__(self, path: Path, progress: Tell | None) -> None:
        self.found = 0
        self._name, self._progress, self._blocks = path.name, progress, blocks_of(path)
        self._seen: tuple[bytes, int] = (b"", 0)

    def start(self) -> bytes:
        """First bytes that are not blank, of the first block."""
        block, position = next(self._blocks, (b"", 0))
        if block.startswith(_UTF16):
            raise InputError(f"{self._name}: found UTF-16, expected UTF-8.", todo="Convert the file to UTF-8.")
        self._seen = block.removeprefix(codecs.BOM_UTF8), position
        return self._seen[0].lstrip()

    def __iter__(self) -> Blocks:
        for block, position in chain([self._seen] if self._seen[0] else [], self._blocks):
            if self._progress is not None:
                self._progress(position, self.found)
            yield block, position


def _taken(source: Source, line: int, document: object, *, is_transcoded: bool = False) -> Flattened:
    """A document, made cells when it is one of the source."""
    cells = source.flatten(document) if isinstance(document, dict) and source.flatten else None
    return Flattened(line, cells, is_transcoded=is_transcoded)


def _of_json(source: Source, name: str, blocks: _Blocks) -> Iterator[Flattened]:
    for document in documents_of(name, iter(blocks)):
        blocks.found += 1
        if document.fault is None:
            yield _taken(source, document.line, document.value)
        else:
            expected = _EXPECTED[document.fault]
            yield Flattened(document.line, None, document.fault, document.found, expected)


def _of_text(source: Source, name: str, blocks: _Blocks) -> Iterator[Flattened]:
    lines = _Lines(lines_of(iter(blocks)))
    names = _header(source, name, lines)
    while (record := lines.record(source)) is not None:
        blocks.found += 1
        line, fields, is_quoted_wrong = record
        cells = [_decoded(cell) for cell in fields]
        if is_quoted_wrong or len(cells) != len(names):
            lines.keep_only(line)
            fault = Fault.QUOTE if is_quoted_wrong else Fault.FIELDS
            found = source.separator.join(text for text, _ in cells)[:FOUND_CHARACTERS]
            yield Flattened(
                line, None, fault, found, _EXPECTED.get(fault, f"{len(names)} champs, {len(cells)} trouvés")
            )
        else:
            document = dict(zip(names, (text for text, _ in cells), strict=True))
            yield _taken(source, line, document, is_transcoded=any(is_it for _, is_it in cells))


def _header(source: Source, name: str, lines: _Lines) -> list[str]:
    record = lines.record(source)
    if record is None or record[2]:
        raise InputError(f"{name}: the header cannot be read.", todo="Correct its quotes.")
    names = [_decoded(cell)[0].lower() for cell in record[1]]
    refuse_lone_returns(name, names)
    missing = [key for key in source.document_keys if key not in names]
    if missing:
        raise InputError(
            f"{name}: {len(missing)} column(s) missing ({', '.join(missing)}); "
            f"found {len(names)} column(s) separated by {source.separator!r}.",
            todo=f"Export the whole data set, or check that it is a file of {source.name}.",
        )
    return names


class _Lines:
    """Lines that can be taken again: a quote that is never closed loses its own line, not those that follow."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.number = 0
        self._lines = lines
        self._waiting: deque[bytes] = deque()
        self._taken: list[bytes] = []

    def next(self) -> bytes:
        """Next line; none after so many that the record cannot be one."""
        if len(self._taken) >= MAX_RECORD_LINES:
            return b""
        line = self._waiting.popleft() if self._waiting else next(self._lines, b"")
        if self._taken or line != b"\n":
            self._taken.append(line)
        self.number += 1
        return line

    def record(self, source: Source) -> tuple[int, list[bytes], bool] | None:
        """Line, cells, and whether the quotes of the next record are wrong; None at the end."""
        self._taken = []
        record = read_record(self, source.separator.encode(), is_lazy=source.has_lazy_quotes)
        return None if record is None else (record.line, record.fields, bool(record.error))

    def keep_only(self, line: int) -> None:
        """Give back the lines taken after one, by its number."""
        given = self._taken[len(self._taken) - (self.number - line) :] if self.number > line else []
        self._waiting.extendleft(reversed([one for one in given if one]))
        self.number = line


def _decoded(content: bytes) -> tuple[str, bool]:
    try:
        return content.decode(), False
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), True
