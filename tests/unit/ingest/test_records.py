"""Records are cut as Go's `encoding/csv` cuts them."""

from __future__ import annotations

import re

import pytest

from signaux_faibles.ingest.records import BARE_QUOTE, QUOTE, ListedLines, Record, read_record


def records(text: bytes, *, is_lazy: bool = False) -> list[Record]:
    lines = ListedLines(re.findall(rb"[^\n]*\n|[^\n]+", text))
    found = []
    while (record := read_record(lines, b";", is_lazy=is_lazy)) is not None:
        found.append(record)
    return found


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (b"a;b\n", [b"a", b"b"]),
        (b"a;b", [b"a", b"b"]),
        (b";\n", [b"", b""]),
        (b'"a;b";c\n', [b"a;b", b"c"]),
        (b'"a""b";""\n', [b'a"b', b""]),
        (b'"a"', [b"a"]),
        (b'a;"b\n\nc"\n', [b"a", b"b\n\nc"]),
        (b" a;\tb \n", [b" a", b"\tb "]),
        (b"a;b;\n", [b"a", b"b", b""]),
        (b"a\rb;c\n", [b"a\rb", b"c"]),
    ],
)
def test_fields(text: bytes, fields: list[bytes]) -> None:
    assert records(text) == [Record(fields, 1)]


def test_blank_lines_are_not_records() -> None:
    assert [(r.fields, r.line) for r in records(b"\n\na\n\nb\n\n")] == [([b"a"], 3), ([b"b"], 5)]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b'a;b"c\n', f"parse error on line 1, column 4: {BARE_QUOTE}"),
        ('é;b"c\n'.encode(), f"parse error on line 1, column 5: {BARE_QUOTE}"),
        (b'"a"b;c\n', f"parse error on line 1, column 3: {QUOTE}"),
        (b'"a\nb"c;d\n', f"record on line 1; parse error on line 2, column 2: {QUOTE}"),
        (b'"a\nb', f"record on line 1; parse error on line 2, column 2: {QUOTE}"),
        (b'"a\nb\n', f"record on line 1; parse error on line 2, column 3: {QUOTE}"),
        (b'"', f"parse error on line 1, column 2: {QUOTE}"),
    ],
)
def test_strict_errors(text: bytes, error: str) -> None:
    assert [r.error for r in records(text)] == [error]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (b'a;b"c\n', [b"a", b'b"c']),
        (b'"a"b";c\n', [b'a"b', b"c"]),
        (b'"a"x;b\n"c";d\n', [b'a"x;b\n"c', b"d"]),
        (b'"a\nb', [b"a\nb"]),
    ],
)
def test_lazy_quotes_are_data(text: bytes, fields: list[bytes]) -> None:
    assert records(text, is_lazy=True)[0] == Record(fields, 1)


def test_reading_goes_on_after_an_error() -> None:
    found = records(b'a"b\nc;d\n')
    assert [(bool(r.error), r.line) for r in found] == [(True, 1), (False, 2)]
