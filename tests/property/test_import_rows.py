"""Whatever the bytes: no row is lost, and the reference reading ends."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deep import examples
from pipeline.import_samples import JANUARY, first_batch, write_batch
from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.parse import parse_file
from signaux_faibles.sources import SOURCES, source_of_file

FILES = {name: content for name, content in first_batch().items() if not name.startswith("altares_mensuel_202312")}
BY_SOURCE = {found.name: name for name in FILES if (found := source_of_file(name)) is not None}
JUNK = st.one_of(
    st.sampled_from(
        [b'"', b'""', b";", b",", b"\n", b"\r\n", b"\r", b"\0", b"\xe9", b"\x81", b"\xef\xbb\xbf", b" ", b"e9"]
    ),
    st.binary(min_size=0, max_size=6),
)
DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), JUNK), min_size=1, max_size=8)


def damaged(content: bytes, damage: list[tuple[float, int, bytes]], *, keeps_header: bool) -> bytes:
    """A file some of whose bytes were replaced."""
    first = content.index(b"\n") + 1 if keeps_header else 0
    body = content[first:] * 3
    for place, size, junk in damage:
        at = int(place * len(body))
        body = body[:at] + junk + body[at + size :]
    return content[:first] + body


def lines_of(content: bytes) -> int:
    """Lines after the header that are not blank, counted without the code under test."""
    return sum(bool(line.removesuffix(b"\r")) for line in content.split(b"\n")[1:])


def test_every_source_is_tried() -> None:
    assert set(BY_SOURCE) == set(SOURCES)


@settings(max_examples=examples(60, deep=600), deadline=None)
@given(source=st.sampled_from(sorted(BY_SOURCE)), damage=DAMAGE)
def test_accepted_rejected_and_filtered_rows_add_up(source: str, damage: list[tuple[float, int, bytes]]) -> None:
    name = BY_SOURCE[source]
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        content = damaged(FILES[name], damage, keeps_header=True)
        write_batch(raw, "2401", {name: content})
        lake = open_lake_for(Path(folder) / "lake", raw)
        report = import_batch(lake, raw, batch=JANUARY, accept="essai").imported[0]
    assert report.read == report.accepted + report.rejected + report.filtered
    assert report.appeared + report.repeated == report.staged
    if b'"' not in content:
        assert report.read == lines_of(content)


@settings(max_examples=examples(400, deep=4000), deadline=None)
@given(source=st.sampled_from(sorted(BY_SOURCE)), damage=DAMAGE, keeps_header=st.booleans())
def test_reference_reading_always_ends_with_a_report(
    source: str, damage: list[tuple[float, int, bytes]], keeps_header: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.csv"
        path.write_bytes(damaged(FILES[BY_SOURCE[source]], damage, keeps_header=keeps_header))
        for output_format in ("csv", "jsonl"):
            report = parse_file(source, path, output_format=output_format, stream=io.BytesIO())
            assert report["is_fatal"] == bool(report["head_fatal"])
            assert report["lines_parsed"] == sum(
                int(str(report[name])) for name in ("lines_valid", "lines_rejected", "lines_skipped")
            )


@settings(max_examples=examples(100, deep=1000), deadline=None)
@given(content=st.binary(max_size=300), source=st.sampled_from(sorted(BY_SOURCE)), is_packed=st.booleans())
def test_random_bytes_are_refused_with_a_sentence(content: bytes, source: str, is_packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("raw.csv.gz" if is_packed else "raw.csv")
        path.write_bytes(content)
        assert parse_file(source, path, output_format="csv", stream=io.BytesIO())["is_fatal"] is True
        raw = Path(folder) / "raw"
        write_batch(raw, "2401", {})
        (raw / "2401" / BY_SOURCE[source]).write_bytes(content)
        with pytest.raises(InputError) as error:
            import_batch(open_lake_for(Path(folder) / "lake", raw), raw, batch=JANUARY)
        assert error.value.todo
