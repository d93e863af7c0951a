"""Lecture de référence : chaque cas limite connu, octet pour octet."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from signaux_faibles.ingest.parse import parse_file

CASES = Path(__file__).parents[1] / "fixtures" / "ingestion_edge"
NAMES = sorted(path.name for path in CASES.glob("*.csv") if not path.name.endswith(".expected.csv"))

REFUSED_LINES = (b",+Inf,NaN\n", b",1000,1\n", b",16,1\n")
REFUSED_TEXTS = [
    'Line 1: strconv.ParseFloat: parsing "inf": invalid syntax',
    'Line 1: strconv.ParseFloat: parsing "nan": invalid syntax',
    'Line 2: strconv.ParseFloat: parsing "1_000": invalid syntax',
    'Line 3: strconv.ParseFloat: parsing "0x1p4": invalid syntax',
]


def expected_of(name: str) -> tuple[bytes, dict[str, object]]:
    """Expected tuples and report, with the one wanted difference applied."""
    tuples = (CASES / f"{name}.expected.csv").read_bytes()
    report = json.loads((CASES / f"{name}.report.json").read_text(encoding="utf-8"))
    if name == "cotisation__numbers_periods.csv":
        tuples = b"".join(line for line in tuples.splitlines(keepends=True) if not line.endswith(REFUSED_LINES))
        report["head_rejected"] = REFUSED_TEXTS + report["head_rejected"]
        report["lines_rejected"] += 3
        report["lines_valid"] -= 3
        report["summary"] = (
            report["summary"].replace("3 lignes rej", "6 lignes rej").replace("10 lignes val", "7 lignes val")
        )
    return tuples, report


def read(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, dict[str, object]]:
    monkeypatch.chdir(CASES)
    stream = io.BytesIO()
    source = name.split("__", maxsplit=1)[0]
    report = parse_file(source, Path(name), output_format="csv", stream=stream, batch_key="1902")
    return stream.getvalue(), report


def test_every_case_is_there() -> None:
    assert len(NAMES) == 25


@pytest.mark.parametrize("name", NAMES)
def test_tuples_are_those_of_the_reference(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = read(name, monkeypatch)
    assert found == expected_of(name)[0]


@pytest.mark.parametrize("name", NAMES)
def test_report_is_that_of_the_reference(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, found = read(name, monkeypatch)
    expected = expected_of(name)[1]
    times = {"start_date", "end_date"}
    assert found.keys() == expected.keys()
    assert {k: v for k, v in found.items() if k not in times} == {k: v for k, v in expected.items() if k not in times}
