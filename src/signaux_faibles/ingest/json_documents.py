"""Documents of a JSON file, one by one: lists, answers of an interface that hold one each, or one document a line.

A file is never held whole. Pages joined end to end are read one after the other. A list cut short, or followed by what
is no list, is refused, since nobody knows what is lost; a bad line loses itself only.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from signaux_faibles.domain.errors import InputError
from signaux_faibles.schema.source import Fault

MAX_DOCUMENT_CHARACTERS = 16 << 20
FOUND_CHARACTERS = 200

LISTS = ("results", "records")
"""Keys under which the answer of an interface holds its list."""

_BLANK, _COLON, _GAP = re.compile(r"\s*"), re.compile(r"\s*:\s*"), re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()

Blocks = Iterator[tuple[bytes, int]]
"""Content of a file by blocks, without a byte order mark, and the bytes of the file read so far."""


@dataclass(frozen=True)
class Document:
    """A value of a JSON file, or a line that is not one.

    Parameters
    ----------
    line : int
        Physical line on which it starts, from 1.
    position : int
        Bytes of the file read so far.
    value : object
    fault : Fault, optional
        Why it cannot be read; `found` is then how it starts.
    """

    line: int
    position: int
    value: object = None
    fault: Fault | None = None
    found: str = ""


def documents_of(name: str, blocks: Blocks) -> Iterator[Document]:
    """Every document of a file, in order.

    Raises
    ------
    InputError
        If the file is empty, is a list cut short, or its text cannot be read.
    """
    text = _Text(name, blocks)
    while not text.text.strip():
        text.advance(len(text.text))
        if not text.more():
            raise InputError(f"{name}: the file is empty, expected documents.", todo="Copy the file again.")
    return _lined(text) if _list_start(text.text, 0) is None else _listed(text)


class _Text:
    """Text of a file, read as far as needed, with a place in it."""

    def __init__(self, name: str, blocks: Blocks) -> None:
        self.name, self.position = name, 0
        self.text, self.at, self.line = "", 0, 1
        self._blocks = blocks
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def more(self) -> bool:
        """Read another block, forget what lies behind; False at the end of the file."""
        if len(self.text) - self.at > MAX_DOCUMENT_CHARACTERS:
            raise InputError(f"{self.name}: found no end to a document.", todo="Check what this file is.")
        block, self.position = next(self._blocks, (b"", self.position))
        self.text = self.text[self.at :] + self._decoder.decode(block, not block)
        self.at = 0
        return bool(block)

    def advance(self, to: int) -> None:
        """Go to a later place."""
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def next_value(self) -> object:
        """The value at this place; the next block is read when it is cut.

        Raises
        ------
        InputError
            If there is none.
        """
        while True:
            value, end = _value_at(self.text, self.at)
            is_whole = end < len(self.text) or isinstance(value, dict)
            if is_whole or not self.more():
                break
        if not is_whole:
            raise self._unreadable()
        if not _is_text(self.text, self.at, end):
            raise InputError(
                f"{self.name}: line {self.line} holds bytes that are not UTF-8, as JSON must be.",
                todo="Copy the file again, or convert it.",
            )
        self.advance(end)
        return value

    def next_line(self) -> str:
        """The line at this place, with its end; empty at the end of the file."""
        while (end := self.text.find("\n", self.at) + 1) == 0:
            if not self.more():
                end = len(self.text)
                break
        line = self.text[self.at : end]
        self.advance(end)
        return line

    def is_at_end(self) -> bool:
        """Whether nothing is left, past blanks."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self.advance(blank.end() if blank else self.at)
            if self.at < len(self.text) or not self.more():
                return self.at == len(self.text)

    def open_list(self) -> bool:
        """Go past the start of a list; whether it stands in an answer.

        Raises
        ------
        InputError
            If there is none.
        """
        while (start := _list_start(self.text, self.at)) is None:
            if not self.more():
                raise self._unreadable()
        is_answer = self.text.startswith("{", self.at)
        self.advance(start + 1)
        return is_answer

    def close_list(self, *, is_answer: bool) -> None:
        """Go past the end of a list, and past what is left of the answer that holds it.

        Raises
        ------
        InputError
            If the answer does not end.
        """
        self.advance(self.at + 1)
        while is_answer and (end := _answer_end(self.text, self.at)) is None:
            if not self.more():
                raise self._unreadable()
        if is_answer and end is not None:
            self.advance(end)

    def _unreadable(self) -> InputError:
        return InputError(
            f"{self.name}: line {self.line} cannot be read as JSON, or the file stops there.",
            todo="Copy the file again.",
        )

    def is_at_end_of_list(self) -> bool:
        """Whether a list ends here, past spaces and commas."""
        while True:
            gap = _GAP.match(self.text, self.at)
            self.advance(gap.end() if gap else self.at)
            if self.at < len(self.text) or not self.more():
                return self.text.startswith("]", self.at)


def _value_at(text: str, at: int) -> tuple[object, int]:
    """Value at a place and where it ends; the end of the text when there is none."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, len(text)


def _is_text(text: str, start: int, end: int) -> bool:
    try:
        text[start:end].encode()
    except UnicodeEncodeError:
        return False
    return True


def _list_start(text: str, at: int) -> int | None:
    """Place of the bracket of a list, or of the one that an answer holds among other entries; None when there is none.

    Entries before it may be of any kind: the older interfaces write their parameters or their links first.
    """
    at = _past(_BLANK, text, at)
    if text.startswith("[", at) or not text.startswith("{", at):
        return at if text.startswith("[", at) else None
    while True:
        key, colon = _value_at(text, _past(_BLANK, text, at + 1))
        value = _past(_COLON, text, colon)
        if not isinstance(key, str) or value == colon:
            return None
        if key in LISTS and text.startswith("[", value):
            return value
        at = _past(_BLANK, text, _value_at(text, value)[1])
        if not text.startswith(",", at):
            return None


def _answer_end(text: str, at: int) -> int | None:
    """Where an answer ends, after its list; None when it does not."""
    close = _past(_BLANK, text, at)
    if text.startswith("}", close):
        return close + 1
    opened = '{"list": []'
    value, end = _value_at(opened + text[at:], 0)
    return at + end - len(opened) if isinstance(value, dict) else None


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _listed(text: _Text) -> Iterator[Document]:
    while not text.is_at_end():
        is_answer = text.open_list()
        while not text.is_at_end_of_list():
            line = text.line
            value = text.next_value()
            yield Document(line, text.position, value)
        text.close_list(is_answer=is_answer)


def _lined(text: _Text) -> Iterator[Document]:
    while True:
        number = text.line
        line = text.next_line()
        if not line:
            return
        if not line.strip():
            continue
        content = line.strip()
        value, end = _value_at(content, 0)
        found = content[:FOUND_CHARACTERS].encode("utf-8", "replace").decode()
        if not _is_text(line, 0, len(line)):
            yield Document(number, text.position, None, Fault.ENCODING, found)
        elif end != len(content) or not isinstance(value, dict):
            yield Document(number, text.position, None, Fault.DOCUMENT, found)
        else:
            yield Document(number, text.position, value)
