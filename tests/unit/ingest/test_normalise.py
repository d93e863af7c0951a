"""Every physical line of a raw file is a record, a fault, a trailer or nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest import opening
from signaux_faibles.ingest.cutter import MAX_RECORD_LINES
from signaux_faibles.ingest.found import Records
from signaux_faibles.ingest.normalise import normalise
from signaux_faibles.schema.source import Fault
from signaux_faibles.sources import SOURCES

HEADER = b"Siret;Compte;Date_de_traitement;Code_externe_stade;Code_externe_action\n"
CCSF, COTISATION = SOURCES["ccsf"], SOURCES["cotisation"]


def read(folder: Path, content: bytes, *, source: str = "ccsf", name: str = "raw.csv") -> tuple[Records, bytes]:
    path = folder / name
    path.write_bytes(content)
    records = normalise(SOURCES[source], path, folder / "clean.csv")
    return records, (folder / "clean.csv").read_bytes()


def faults(records: Records) -> list[tuple[int, Fault]]:
    return [(fault.line, fault.fault) for fault in records.faults]


def test_plain_lines_go_through(tmp_path: Path) -> None:
    records, clean = read(tmp_path, HEADER + b"a;b;c;d;e\nf;g;h;i;j\n")
    assert clean == b"a;b;c;d;e\nf;g;h;i;j\n"
    assert (records.rows, records.clean, list(records.starts), records.has_quotes) == (2, 2, [(0, 2)], False)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"\xef\xbb\xbf\n"])
def test_mark_blank_lines_and_carriage_returns_are_not_data(tmp_path: Path, mark: bytes) -> None:
    content = mark + HEADER.replace(b"\n", b"\r\n") + b"\r\na;b;c;d;e\r\n\r\nf;g;h;i;j"
    records, clean = read(tmp_path, content)
    assert clean == b"a;b;c;d;e\nf;g;h;i;j\n"
    first = mark.count(b"\n") + 3
    assert list(records.starts) == [(0, first), (1, first + 2)]


def test_wrong_number_of_fields_keeps_its_line_and_its_text(tmp_path: Path) -> None:
    records, clean = read(tmp_path, HEADER + b"1;b;c;d;e\nonly;two\n2;b;c;d;e\n" + b"x" * 300 + b"\n3;b;c;d;e\n")
    assert clean == b"1;b;c;d;e\n2;b;c;d;e\n3;b;c;d;e\n"
    assert faults(records) == [(3, Fault.FIELDS), (5, Fault.FIELDS)]
    assert [f.found for f in records.faults] == ["only;two", "x" * 200]
    assert [f.expected for f in records.faults] == ["5 champs, 2 trouvés", "5 champs, 1 trouvés"]
    assert list(records.starts) == [(0, 2), (1, 4), (2, 6)]
    assert records.rows == 5


def test_quoted_cells_with_separator_and_newline(tmp_path: Path) -> None:
    records, clean = read(tmp_path, HEADER + b'a;"b;\nb";c;d;e\n"f";g;h;i;"j ""k"""\n')
    assert clean == b'"a";"b;\nb";"c";"d";"e"\n"f";g;h;i;"j ""k"""\n'
    assert (records.rows, records.has_quotes, records.has_newlines) == (2, True, True)
    assert list(records.starts) == [(0, 2), (1, 4)]


def test_stray_quote_loses_its_own_line_only(tmp_path: Path) -> None:
    records, clean = read(tmp_path, HEADER + b'a;b"b;c;d;e\n1;2;3;4;5\n"a;b;c;d;e\n6;7;8;9;0\n')
    assert clean == b"1;2;3;4;5\n6;7;8;9;0\n"
    assert faults(records) == [(2, Fault.QUOTE), (4, Fault.QUOTE)]
    assert records.rows == 4


def test_open_quote_does_not_swallow_the_file(tmp_path: Path) -> None:
    good = b"1;2;3;4;5\n" * (3 * MAX_RECORD_LINES)
    records, clean = read(tmp_path, HEADER + b'"a;b;c;d;e\n' + good)
    assert clean == good
    assert faults(records) == [(2, Fault.QUOTE)]


def test_lazy_quote_is_data_on_its_line_and_never_joins_lines(tmp_path: Path) -> None:
    header = b"Siret;Compte;periode;enc_direct;cotis_due\n"
    content = header + b'a;b"b;c;d;e\n"a"x;b;c;d;e\n"f";g;h;i;j\n'
    records, clean = read(tmp_path, content, source="cotisation")
    assert clean == b'"a";"b""b";"c";"d";"e"\n"f";g;h;i;j\n'
    assert faults(records) == [(3, Fault.QUOTE)]


def test_record_cut_by_a_block_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = HEADER + b'a;"b\nb\nb";c;"d""d";e\n1;2;3;4;\xc3\xa9\r\n;;;;\nx\n' * 20
    whole = read(tmp_path, content)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(opening, "BLOCK_BYTES", size)
        found = read(tmp_path, content)
        assert found[1] == whole[1]
        assert list(found[0].starts) == list(whole[0].starts)
        assert list(found[0].faults) == list(whole[0].faults)
        assert found[0].rows == 80


def test_windows_1252_line_is_converted_and_counted(tmp_path: Path) -> None:
    records, clean = read(tmp_path, HEADER + "a;b;c;d;é\n".encode() + b"a;b;c;d;\xc9\x80E\xc9\n")
    assert clean.decode() == "a;b;c;d;é\na;b;c;d;É€EÉ\n"
    assert records.transcoded == 1


@pytest.mark.parametrize("junk", [b"\x81", b"\x00", b"\r"])
def test_line_that_is_not_text_is_a_fault(tmp_path: Path, junk: bytes) -> None:
    records, clean = read(tmp_path, HEADER + b"a;b;c;d;" + junk + b"e\n1;2;3;4;5\n")
    assert clean == b"1;2;3;4;5\n"
    assert faults(records) == [(2, Fault.ENCODING)]


def test_declared_encoding_is_converted(tmp_path: Path) -> None:
    header = ";".join(f"c{n}" for n in range(31)).encode() + b"\n"
    records, clean = read(
        tmp_path, header + b"\xa4" + b";" * 30 + b"\nFin du fichier : total 1 ligne(s)\n", source="paydex"
    )
    assert clean.decode() == "€" + ";" * 30 + "\n"
    assert (records.rows, records.trailers, records.transcoded) == (2, 1, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\n\r\n", "the file is empty"),
        (b"Siret;Compte\n", "3 column\\(s\\) missing \\(Date_de_traitement"),
        (HEADER.replace(b";", b","), "5 column\\(s\\) missing"),
        (b'"Siret;Compte\n' * 3, "the header cannot be read"),
    ],
)
def test_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^raw.csv: {sentence}"):
        read(tmp_path, content)


def test_file_without_lines_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no line"):
        read(tmp_path, b"\x01" * (24 << 20))


@pytest.mark.parametrize("cut", [5, 60, -4])
def test_damaged_gzip_is_refused(tmp_path: Path, cut: int) -> None:
    content = gzip.compress(HEADER + b"a;b;c;d;e\n" * 9)
    with pytest.raises(InputError, match="found a truncated or damaged gzip"):
        read(tmp_path, content[:cut], name="raw.csv.gz")


def test_progress_tells_bytes_and_rows(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_bytes(HEADER + b"a;b;c;d;e\n" * 3)
    told: list[tuple[int, int]] = []
    normalise(CCSF, path, tmp_path / "clean.csv", progress=lambda done, rows: told.append((done, rows)))
    assert told == [(path.stat().st_size, 3)]


def test_record_over_several_lines_too_long_for_the_engine_loses_its_first_line_only(tmp_path: Path) -> None:
    long = b'a;"' + (b"x" * 900_000 + b"\n") * 6 + b'";c;d;e\n'
    records, clean = read(tmp_path, HEADER + b"1;b;c;d;e\n" + long + b"2;b;c;d;e\n")
    assert clean == b"1;b;c;d;e\n2;b;c;d;e\n"
    assert list(records.starts) == [(0, 2), (1, 10)]
    assert faults(records)[0] == (3, Fault.FIELDS)
    assert len(records.faults) == 7


@pytest.mark.parametrize("source", ["ccsf", "bodacc"])
def test_file_of_the_old_mac_is_refused_rather_than_read_as_a_long_header(tmp_path: Path, source: str) -> None:
    header = HEADER if source == "ccsf" else b";".join(key.encode() for key in SOURCES["bodacc"].document_keys) + b"\n"
    content = (header.removesuffix(b"\n") + b";more\na;b;c;d;e;f\n").replace(b"\n", b"\r")
    with pytest.raises(InputError, match="carriage returns"):
        read(tmp_path, content, source=source, name="raw.csv")


def test_total_of_absurd_length_is_a_wrong_total(tmp_path: Path) -> None:
    header = b";".join(b"c%d" % rank for rank in range(31)) + b"\n"
    row = b";".join([b"x"] * 31) + b"\n"
    for total, wrong in ((b"9" * 5000, 1), (b"0002", 0)):
        content = header + row * 2 + b"Fin du fichier : total " + total + b" ligne(s)\n"
        records, _ = read(tmp_path, content, source="paydex")
        assert (records.rows, records.trailers, len(records.faults)) == (3, 1 - wrong, wrong)
