"""Documents of a file as raw cells, whatever its form."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.documents import flattened
from signaux_faibles.schema.source import Fault
from signaux_faibles.sources.bodacc import SOURCE

KEYS = ("publicationavis", "parution", "dateparution", "numeroannonce", "listepersonnes", "jugement", "tribunal")


def notice(rank: int, tribunal: str = "Lyon") -> dict[str, object]:
    people = json.dumps({"personne": {"numeroImmatriculation": {"numeroIdentification": "123 456 789"}}})
    jugement = json.dumps({"nature": "Jugement d'ouverture de liquidation judiciaire", "date": "2024-01-08"})
    values = ("A", "20240012", "2024-01-18", str(rank), people, jugement, tribunal)
    return dict(zip(KEYS, values, strict=True))


def as_csv(*notices: dict[str, object]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, KEYS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(notices)
    return stream.getvalue()


def read(folder: Path, content: str | bytes, name: str = "bodacc.json") -> list[tuple[int, str | None, Fault | None]]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [(found.line, found.cells and found.cells["annonce"], found.fault) for found in flattened(SOURCE, path)]


THREE = [notice(1), notice(2), notice(3)]
NAMES = ["A202400121", "A202400122", "A202400123"]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (json.dumps(THREE), [1, 1, 1]),
        ("\ufeff" + json.dumps({"total_count": 3, "results": THREE}), [1, 1, 1]),
        ("\n" + "\r\n\r\n".join(map(json.dumps, THREE)) + "\n", [2, 4, 6]),
        (as_csv(*THREE), [2, 3, 4]),
        ("\ufeff\n" + as_csv(*THREE).replace("\n", "\r\n"), [3, 4, 5]),
    ],
)
def test_forms(tmp_path: Path, content: str, lines: list[int]) -> None:
    expected = list(zip(lines, NAMES, [None] * 3, strict=True))
    assert read(tmp_path, content) == expected
    assert read(tmp_path, gzip.compress(content.encode()), "bodacc.json.gz") == expected


def test_other_documents_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, json.dumps([{"siren": 1}, 3, notice(1)])) == [
        (1, None, None),
        (1, None, None),
        (1, "A202400121", None),
    ]


def test_a_bad_line_loses_itself_only(tmp_path: Path) -> None:
    lines = [json.dumps(notice(1)), '{"parution": ', json.dumps(notice(2))]
    assert read(tmp_path, "\n".join(lines)) == [(1, NAMES[0], None), (2, None, Fault.DOCUMENT), (3, NAMES[1], None)]


def test_a_quote_left_open_loses_its_own_line_only(tmp_path: Path) -> None:
    header, *rows = as_csv(*THREE, *(notice(rank) for rank in range(4, 100))).splitlines()
    content = "\n".join([header, *["" for _ in range(100)], rows[0], 'A;"20240012;x', "a;b", *rows[1:]])
    found = read(tmp_path, content)
    assert [line for line, name, _ in found if name is None] == [103, 104]
    assert [fault for *_, fault in found if fault] == [Fault.QUOTE, Fault.FIELDS]
    assert len(found) == 99 + 2


def test_a_cell_may_hold_a_newline(tmp_path: Path) -> None:
    content = as_csv(notice(1, "Lyon\nRhône"), notice(2))
    assert read(tmp_path, content) == [(2, NAMES[0], None), (4, NAMES[1], None)]


def test_lines_in_windows_1252_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "bodacc.csv"
    path.write_bytes(as_csv(notice(1, "Évry"), notice(2)).encode("cp1252"))
    found = list(flattened(SOURCE, path))
    assert [(f.is_transcoded, (f.cells or {})["tribunal"]) for f in found] == [(True, "Évry"), (False, "Lyon")]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (json.dumps(THREE)[:-1].encode(), "stops there"),
        (json.dumps(THREE).encode("utf-16"), "UTF-16"),
        (b"siren;date\n1;2\n", "5 column.s. missing"),
        (b'"siren;date\n1;2\n', "header"),
    ],
)
def test_refused_files(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what) as error:
        read(tmp_path, content)
    assert error.value.todo


@pytest.mark.parametrize("content", [json.dumps(THREE), as_csv(*THREE)])
def test_progress_goes_to_the_end_of_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bodacc.json"
    path.write_text(content, encoding="utf-8")
    told: list[tuple[int, int]] = []
    list(flattened(SOURCE, path, progress=lambda done, rows: told.append((done, rows))))
    assert told[-1][0] == path.stat().st_size
