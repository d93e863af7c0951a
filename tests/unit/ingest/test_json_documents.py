"""Documents of a JSON file, whatever its form."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.json_documents import documents_of
from signaux_faibles.schema.source import Fault

THREE = [{"n": 1, "m": {"o": [1]}}, {"n": 2}, {"n": 3}]
ONE_A_LINE = "\n".join(map(json.dumps, THREE))


def blocks(content: bytes, size: int) -> Iterator[tuple[bytes, int]]:
    return ((content[at : at + size], min(at + size, len(content))) for at in range(0, len(content), size))


def read(content: str | bytes, size: int = 1 << 20) -> list[tuple[int, object, Fault | None]]:
    given = content.encode() if isinstance(content, str) else content
    return [(found.line, found.value, found.fault) for found in documents_of("f.json", blocks(given, size))]


@pytest.mark.parametrize("size", [1, 3, 7, 1 << 20])
@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (json.dumps(THREE), [1, 1, 1]),
        (json.dumps(THREE, indent=1), [2, 10, 13]),
        ("\n" + ONE_A_LINE.replace("\n", "\r\n\r\n") + "\n", [2, 4, 6]),
        (ONE_A_LINE, [1, 2, 3]),
    ],
)
def test_forms_whatever_the_blocks(content: str, lines: list[int], size: int) -> None:
    assert read(content, size) == list(zip(lines, THREE, [None] * 3, strict=True))


def test_the_answer_of_an_interface() -> None:
    assert read(json.dumps({"total_count": 3, "results": THREE})) == [(1, one, None) for one in THREE]
    found = read(json.dumps({"results": THREE, "total_count": 3}, indent=1))
    assert found == list(zip([3, 11, 14], THREE, [None] * 3, strict=True))


OLDER = {"nhits": 3, "parameters": {"dataset": "x", "results": [1]}, "links": [{"rel": "self"}], "records": THREE}


def test_the_answer_of_older_interfaces_whose_list_comes_after_objects() -> None:
    assert [value for _, value, _ in read(json.dumps(OLDER | {"facet_groups": [{"name": "a"}]}))] == THREE


@pytest.mark.parametrize("size", [1 << 20, 400])
@pytest.mark.parametrize("page", [THREE, {"total_count": 3, "results": THREE}, {"results": THREE, "n": {"a": [1]}}])
def test_pages_joined_end_to_end_are_all_read(page: object, size: int) -> None:
    content = (json.dumps(page) + "\n") * 20
    assert read(content, size) == [(line, one, None) for line in range(1, 21) for one in THREE]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_character_may_lie_across_blocks(size: int) -> None:
    content = json.dumps([{"ville": "Évry"}] * 3, ensure_ascii=False)
    assert read(content, size) == [(1, {"ville": "Évry"}, None)] * 3


def test_what_is_not_an_object_is_given_as_it_is() -> None:
    assert [value for _, value, _ in read('[{"n": 1}, 3, "x", null]')] == [{"n": 1}, 3, "x", None]


@pytest.mark.parametrize("bad", ['{"n": ', "x", '{"n": 1} {"n": 2}', "3", "{" * 3000, '{"n":' + "9" * 5000 + "}"])
def test_a_bad_line_loses_itself_only(bad: str) -> None:
    content = f'{{"n": 1}}\n{bad}\n{{"n": 2}}'
    assert read(content) == [(1, {"n": 1}, None), (2, None, Fault.DOCUMENT), (3, {"n": 2}, None)]


def test_a_line_that_is_not_utf8_is_a_fault() -> None:
    content = '{"n": 1}\n{"n": "É"}\n{"n": 2}'.encode("cp1252")
    assert [fault for *_, fault in read(content)] == [None, Fault.ENCODING, None]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (json.dumps(THREE)[:-1].encode(), "stops there"),
        (json.dumps(THREE)[:-4].encode(), "stops there"),
        (b'{"total_count": 3, "results": [', "stops there"),
        (b"[{]", "stops there"),
        (b'[{"n": 1}]\n{"n": 2}', "line 2 cannot be read"),
        (b'{"results": [{"n": 1}]', "stops there"),
        (b'{"results": [{"n": 1}], "n": ', "stops there"),
        (b"[" + b"[" * 100_000, "stops there"),
        ('[{"n": "É"}]'.encode("cp1252"), "not UTF-8"),
    ],
)
def test_refused_files(content: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what) as error:
        read(content)
    assert error.value.todo


def test_a_document_without_an_end_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaux_faibles.ingest.json_documents.MAX_DOCUMENT_CHARACTERS", 1000)
    with pytest.raises(InputError, match="found no end"):
        read('[{"n": "' + "x" * 5000, 100)
