"""Whatever the bytes: no row is lost, both readings end, and the fast one sees what the exact one sees."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from deep import examples
from pipeline.import_samples import JANUARY, first_batch, notices, rare_files, write_batch
from signaux_faibles.domain.errors import InputError
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.normalise import Records, normalise
from signaux_faibles.ingest.parse import parse_file
from signaux_faibles.ingest.records import ListedLines, read_record
from signaux_faibles.ingest.staging import checks_of, load
from signaux_faibles.ingest.tally import count_rows, make_faults, make_fresh, mark
from signaux_faibles.schema.source import Source
from signaux_faibles.sources import SOURCES, source_of_file

FILES = {
    name: content
    for name, content in (first_batch() | rare_files()).items()
    if not name.startswith(("altares_mensuel_202312", "bodacc"))
} | {"bodacc.jsonl": "\n".join(map(json.dumps, notices())).encode() + b"\n"}
DOCUMENTS = ("annonces-commerciales.csv", "bodacc.jsonl")
TEXT = sorted(FILES.keys() - set(DOCUMENTS))
JUNK = st.one_of(
    st.sampled_from(
        [b'"', b'""', b";", b",", b"|", b"\n", b"\r\n", b"\r", b"\0", b"\xe9", b"\x81", b"\xef\xbb\xbf", b" ", b"e9"]
    ),
    st.binary(min_size=0, max_size=6),
)
PLAIN_JUNK = st.one_of(
    st.sampled_from([b";", b",", b"|", b"\n", b"\n\n", b"\r\n", b"\xc3\xa9", b" ", b"e9"]),
    st.text(st.characters(exclude_characters='"\r\0', codec="utf-8"), max_size=4).map(str.encode),
)
FEW = settings(
    max_examples=examples(100, deep=2000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def damages(junk: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[tuple[float, int, bytes]]]:
    return st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), junk), min_size=1, max_size=8)


def source_of(name: str) -> Source:
    found = source_of_file(name)
    assert found is not None
    return found


def damaged(content: bytes, damage: list[tuple[float, int, bytes]], *, keeps_header: bool = True) -> bytes:
    """A file some of whose bytes were replaced."""
    first = content.index(b"\n") + 1 if keeps_header else 0
    body = content[first:] * 3
    for place, size, junk in damage:
        at = int(place * len(body))
        body = body[:at] + junk + body[at + size :]
    return content[:first] + body


def lines_of(content: bytes) -> int:
    """Lines that are not blank, counted without the code under test."""
    return sum(bool(line.removesuffix(b"\r")) for line in content.split(b"\n"))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    folder = tmp_path_factory.mktemp("rows")
    with Engine(folder / "engine") as engine:
        yield engine, folder


def test_every_source_is_tried() -> None:
    assert {source_of(name).name for name in FILES} == set(SOURCES)


def counted(engine: Engine, folder: Path, name: str, content: bytes) -> dict[str, int]:
    """What becomes of the rows of a file, by the steps of an import and without its lake."""
    source, path = source_of(name), folder / "raw.csv"
    path.write_bytes(content)
    records = [normalise(source, path, folder / "clean.csv")]
    checks = checks_of(source)
    firsts = load(engine, source, checks, records, is_compat=False)
    mark(engine, source, checks, is_synthetic=True)
    make_fresh(engine, source, sorted(records[0].header.months if records[0].header else ()))
    make_faults(engine, source, checks, records, firsts, [name])
    counts = count_rows(engine, source, records)
    fresh, last = engine.rows("SELECT (SELECT count(*) FROM fresh), (SELECT max(line) FROM rejects)")[0]
    assert last is None or 0 < last <= content.count(b"\n") + 1
    assert bool(counts["accepted"]) >= bool(fresh)
    return counts


@pytest.mark.parametrize("name", TEXT)
@FEW
@given(damage=damages(JUNK))
@example(damage=[(1.0, 0, b"\r"), (1.0, 0, b"\r")])
def test_accepted_rejected_and_filtered_rows_add_up(
    workshop: tuple[Engine, Path], name: str, damage: list[tuple[float, int, bytes]]
) -> None:
    content = damaged(FILES[name], damage)
    counts = counted(*workshop, name, content)
    assert counts["read"] == counts["accepted"] + counts["rejected"] + counts["filtered"]
    if b'"' not in content:
        assert counts["read"] == lines_of(content) - 1


@pytest.mark.parametrize("name", DOCUMENTS)
@FEW
@given(damage=damages(JUNK))
def test_documents_add_up_too(workshop: tuple[Engine, Path], name: str, damage: list[tuple[float, int, bytes]]) -> None:
    content = damaged(FILES[name], damage)
    counts = counted(*workshop, name, content)
    assert counts["read"] == counts["accepted"] + counts["rejected"] + counts["filtered"]
    if name == "bodacc.jsonl":
        assert counts["read"] == sum(bool(line.strip()) for line in content.split(b"\n"))


def is_plain(content: bytes) -> bool:
    """Whether a file is UTF-8 without anything that the fast path leaves to the exact reader."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return '"' not in text and "\0" not in text and not re.search("\r(?!\n)", text)


def physical_lines(records: Records) -> list[int]:
    """Line of each clean record, from the places where lines follow one another."""
    starts = list(records.starts)
    ends = [*(rank for rank, _ in starts), records.clean][1:]
    return [line + n - rank for (rank, line), end in zip(starts, ends, strict=True) for n in range(rank, end)]


def exact_records(source: Source, content: bytes) -> tuple[list[tuple[int, list[bytes]]], list[int]]:
    """Records of a file with their lines, and the lines of those that have not the right number of cells."""
    lines = ListedLines([line + b"\n" for line in content.replace(b"\r\n", b"\n").split(b"\n")])
    right: list[tuple[int, list[bytes]]] = []
    wrong: list[int] = []
    expected = 0
    while (record := read_record(lines, source.separator.encode(), is_lazy=source.has_lazy_quotes)) is not None:
        is_header = not expected
        expected = expected or len(record.fields)
        if is_header and not (source.has_optional_header and record.fields[0].lower() != b"siren"):
            continue
        if len(record.fields) == expected:
            right.append((record.line, record.fields))
        else:
            wrong.append(record.line)
    return right, wrong


@pytest.mark.parametrize("name", TEXT)
@FEW
@given(damage=damages(PLAIN_JUNK))
def test_fast_path_and_exact_reader_agree(
    workshop: tuple[Engine, Path], name: str, damage: list[tuple[float, int, bytes]]
) -> None:
    source, folder = source_of(name), workshop[1]
    plain = FILES[name].decode(source.encoding, "replace").replace('"', "")
    content = damaged(plain.encode(), damage)
    assume(is_plain(content))
    (folder / "raw.csv").write_bytes(content.decode().encode(source.encoding, "replace"))
    records = normalise(source, folder / "raw.csv", folder / "clean.csv")
    read = content.decode().encode(source.encoding, "replace").decode(source.encoding)
    right, wrong = exact_records(source, read.encode())
    clean = (folder / "clean.csv").read_bytes().split(b"\n")[:-1]
    found = [line.split(source.separator.encode()) for line in clean]
    assert list(zip(physical_lines(records), found, strict=True)) == right
    assert {fault.line for fault in records.faults} <= set(wrong)
    assert len(records.faults) + records.trailers == len(wrong)


@pytest.mark.parametrize("name", sorted(FILES))
@FEW
@given(damage=damages(JUNK), keeps_header=st.booleans())
def test_reference_reading_always_ends_with_a_report(
    workshop: tuple[Engine, Path], name: str, damage: list[tuple[float, int, bytes]], keeps_header: bool
) -> None:
    path = workshop[1] / "raw.csv"
    path.write_bytes(damaged(FILES[name], damage, keeps_header=keeps_header))
    for output_format in ("csv", "jsonl"):
        report = parse_file(source_of(name).name, path, output_format=output_format, stream=io.BytesIO())
        assert report["is_fatal"] == bool(report["head_fatal"])
        assert report["lines_parsed"] == sum(
            int(str(report[what])) for what in ("lines_valid", "lines_rejected", "lines_skipped")
        )


@settings(max_examples=examples(100, deep=2000), deadline=None)
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from([name for name in TEXT if not source_of(name).has_optional_header]),
    is_packed=st.booleans(),
)
def test_random_bytes_are_refused_with_a_sentence(content: bytes, name: str, is_packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("raw.csv.gz" if is_packed else "raw.csv")
        path.write_bytes(content)
        source = source_of(name)
        assert parse_file(source.name, path, output_format="csv", stream=io.BytesIO())["is_fatal"] is True
        with pytest.raises(InputError) as error:
            normalise(source, path, Path(folder) / "clean.csv")
        assert error.value.todo


@settings(max_examples=examples(15, deep=500), deadline=None)
@given(name=st.sampled_from([name for name in TEXT if not source_of(name).is_all_or_nothing]), damage=damages(JUNK))
def test_a_whole_import_says_what_it_did(name: str, damage: list[tuple[float, int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        write_batch(raw, "2401", {name: damaged(FILES[name], damage)})
        lake = open_lake_for(Path(folder) / "lake", raw)
        report = import_batch(lake, raw, batch=JANUARY, accept="essai").imported[0]
    assert report.read == report.accepted + report.rejected + report.filtered
    assert report.appeared + report.repeated == report.staged
