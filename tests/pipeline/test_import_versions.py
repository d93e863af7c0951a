"""Batches follow one another: what appears, what is withdrawn, what was known when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.import_samples import CCSF_HEADER, FEBRUARY, JANUARY, MARCH, A, B, paydex, paydex_row, siret, write_batch
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.ingest.manifest import SourceReport
from signaux_faibles.ingest.versions import staged_batches, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.sources import SOURCES


def row(siren: str, stage: str, day: str = "1231115") -> str:
    return f"{siret(siren)};C;{day};{stage};CCSF\n"


class Batches:
    """A lake fed with one small stock file per batch."""

    def __init__(self, folder: Path) -> None:
        self.raw = folder / "raw"
        write_batch(self.raw, "2312", {})
        self.lake: Lake = open_lake_for(folder / "lake", self.raw)

    def add(self, key: str, month: int, *rows: str) -> SourceReport:
        write_batch(self.raw, key, {"sigfaible_ccsf.csv": (CCSF_HEADER + "".join(rows)).encode()})
        return import_batch(self.lake, self.raw, batch=month).imported[0]

    def read(self, as_of: int, source: str = "ccsf") -> list[tuple[object, ...]]:
        with Engine(self.lake.scratch) as engine:
            sql = versions_sql(self.lake, source, as_of)
            return engine.rows(f"SELECT siren, stade, batch_month, known_month, until_month FROM ({sql}) ORDER BY ALL")


@pytest.fixture
def batches(tmp_path: Path) -> Batches:
    return Batches(tmp_path)


def test_unchanged_rows_are_stored_once(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"), row(B, "DEBUT"))
    report = batches.add("2402", FEBRUARY, row(B, "DEBUT"), row(A, "DEBUT"), row(A, "FIN"))
    assert (report.staged, report.appeared, report.withdrawn) == (3, 1, 0)
    assert batches.read(FEBRUARY) == [
        (B, "DEBUT", JANUARY, JANUARY - 1, None),
        (A, "DEBUT", JANUARY, JANUARY - 1, None),
        (A, "FIN", FEBRUARY, FEBRUARY, None),
    ]


def test_withdrawn_rows_stay_readable_until_the_batch_that_lacks_them(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"), row(B, "DEBUT"))
    batches.add("2402", FEBRUARY, row(B, "DEBUT"), row(A, "REFUS"))
    assert [r for r in batches.read(FEBRUARY) if r[0] == A] == [
        (A, "DEBUT", JANUARY, JANUARY - 1, FEBRUARY),
        (A, "REFUS", FEBRUARY, FEBRUARY, None),
    ]
    assert batches.read(JANUARY) == [(B, "DEBUT", JANUARY, JANUARY - 1, None), (A, "DEBUT", JANUARY, JANUARY - 1, None)]


def test_row_that_comes_back_is_known_from_its_return(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"), row(B, "DEBUT"))
    batches.add("2402", FEBRUARY, row(B, "DEBUT"))
    batches.add("2403", MARCH, row(B, "DEBUT"), row(A, "DEBUT"))
    assert [r for r in batches.read(MARCH) if r[0] == A] == [
        (A, "DEBUT", JANUARY, JANUARY - 1, FEBRUARY),
        (A, "DEBUT", MARCH, MARCH, None),
    ]


def test_copies_are_counted(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"), row(A, "DEBUT"))
    more = batches.add("2402", FEBRUARY, *[row(A, "DEBUT")] * 3)
    assert (more.appeared, more.withdrawn) == (1, 0)
    fewer = batches.add("2403", MARCH, row(A, "DEBUT"))
    assert (fewer.appeared, fewer.withdrawn) == (0, 2)
    assert sorted(str(r[4]) for r in batches.read(MARCH)) == sorted(["None", str(MARCH), str(MARCH)])
    assert [(r[2], r[4]) for r in batches.read(MARCH) if r[4] is None] == [(JANUARY, None)]


def test_late_row_is_known_when_its_batch_comes(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"))
    batches.add("2403", MARCH, row(A, "DEBUT"), row(B, "DEBUT", "1100115"))
    path = batches.lake.staged("ccsf", MARCH) / "part-0000.parquet"
    assert pq.ParquetFile(path).read()["known_from"].to_pylist() == [date(2024, 3, 31)]


def test_future_rule_wins_over_the_batch(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"))
    batches.add("2402", FEBRUARY, row(A, "DEBUT"), row(B, "DEBUT", "1240229"))
    assert [r[3] for r in batches.read(FEBRUARY) if r[0] == B] == [MARCH]


def test_flow_adds_and_never_withdraws(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    first = paydex(paydex_row(A, "2023-12-31"), paydex_row(B, "2023-12-31"))
    write_batch(raw, "2401", {"altares_mensuel_202312.csv": first})
    lake = open_lake_for(tmp_path / "lake", raw)
    import_batch(lake, raw, batch=JANUARY)
    second = paydex(paydex_row(A, "2023-12-31"), paydex_row(A, "2024-01-31"), paydex_row(A, "2024-01-31"))
    write_batch(raw, "2402", {"altares_mensuel_202401.csv": second})
    report = import_batch(lake, raw, batch=FEBRUARY).imported[0]
    assert (report.accepted, report.appeared, report.withdrawn, report.repeated) == (3, 1, 0, 2)
    with Engine(lake.scratch) as engine:
        rows = engine.rows(f"SELECT siren, until_month FROM ({versions_sql(lake, 'paydex', FEBRUARY)})")
    assert sorted(rows) == [(B, None), (A, None), (A, None)]


@pytest.mark.parametrize("source", SOURCES)
def test_source_without_batch_is_empty_with_the_right_columns(tmp_path: Path, source: str) -> None:
    lake = open_lake_for(tmp_path / "lake", tmp_path)
    with Engine(lake.scratch) as engine:
        table = engine.arrow(versions_sql(lake, source, MARCH))
    declared = SOURCES[source].staged
    assert table.num_rows == 0
    assert table.schema.names == [*(c.name for c in declared), "batch_month", "known_month", "until_month"]
    assert table.schema.types[: len(declared)] == [c.kind.arrow for c in declared]


def test_lake_path_with_a_quote(tmp_path: Path) -> None:
    batches = Batches(tmp_path / "l'été")
    batches.add("2401", JANUARY, row(A, "DEBUT"))
    assert batches.read(JANUARY) == [(A, "DEBUT", JANUARY, JANUARY - 1, None)]


def test_half_staged_batch_is_not_listed(batches: Batches) -> None:
    batches.add("2401", JANUARY, row(A, "DEBUT"))
    (batches.lake.staged("ccsf") / ".batch=2402.tmp").mkdir()
    assert staged_batches(batches.lake, "ccsf") == [JANUARY]
