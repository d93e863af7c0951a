"""SQL conversions: exact or refused, never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.staging import headcount, literal, luhn_is_right
from signaux_faibles.schema import cell
from signaux_faibles.schema.source import Field


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(tmp_path / "engine")


def value(engine: Engine, field: Field, text: str) -> object:
    return engine.rows(f"SELECT {field.sql} FROM (SELECT {literal(text)} AS {cell.raw('x')})")[0][0]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1250,50", 125050),
        ("1250.5", 125050),
        (",5", 50),
        (".5", 50),
        ("1.", 100),
        ("-0", 0),
        ("+5", 500),
        ("1e2", 10000),
        ("0.005", 1),
        ("-0.005", -1),
        ("0.0049999999999999", 0),
        ("123456789012.345", 12345678901235),
        ("", None),
        ("1.234,5", None),
        ("1,2,3", None),
        ("1 234", None),
        (" 1", None),
        ("1_000", None),
        ("inf", None),
        ("nan", None),
        ("0x10", None),
        ("1e400", None),
        ("99999999999999999", None),
        ("１", None),
        ("-", None),
        (".", None),
    ],
)
def test_euros_to_cents(engine: Engine, text: str, cents: int | None) -> None:
    assert value(engine, cell.hundredths("c", "x", "X"), text) == cents


@pytest.mark.parametrize(("text", "cents"), [("15050", 15050), ("2.5", 3), ("-2.5", -3), ("1e2", 100), ("12,5", None)])
def test_cents_are_kept(engine: Engine, text: str, cents: int | None) -> None:
    assert value(engine, cell.hundredths("c", "x", "X", has_comma=False, is_whole=True), text) == cents


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2410", (2024 * 12, 2024 * 12 + 3)),
        ("202410", (2024 * 12, 2024 * 12 + 3)),
        ("202443", (2024 * 12 + 11, 2025 * 12)),
        ("0162", (2001 * 12, 2002 * 12)),
        ("5062", (1950 * 12, 1951 * 12)),
        ("6331", (1963 * 12 + 6, 1963 * 12 + 7)),
        ("202400", (None, None)),
        ("202450", (None, None)),
        ("202414", (None, None)),
        ("202499", (None, None)),
        ("2450", (None, None)),
        ("+202", (None, None)),
        ("20241 ", (None, None)),
        ("24x0", (None, None)),
        ("002410", (None, None)),
        ("20241", (None, None)),
        ("", (None, None)),
    ],
)
def test_periode_is_checked(engine: Engine, text: str, bounds: tuple[int | None, int | None]) -> None:
    start, end = cell.periode("x")
    assert (value(engine, start, text), value(engine, end, text)) == bounds


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1240120", date(2024, 1, 20)),
        ("990505", date(1999, 5, 5)),
        ("+1240120", date(2024, 1, 20)),
        ("240120", date(1924, 1, 20)),
        ("1240230", None),
        ("-5", None),
        ("", None),
        ("x", None),
        (" 1240120", None),
        ("99999999", None),
    ],
)
def test_urssaf_date(engine: Engine, text: str, day: date | None) -> None:
    assert value(engine, cell.date_urssaf("d", "x", "X"), text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-02-30", None),
        ("2024-2-9", None),
        ("2024/02/09", None),
        (" 2024-02-09", None),
        ("2024-02-09T00:00:00", None),
        ("epoch", None),
        ("0000-01-01", None),
        ("24-02-29", None),
    ],
)
def test_iso_date(engine: Engine, text: str, day: date | None) -> None:
    assert value(engine, cell.date_iso("d", "x", "X"), text) == day


@pytest.mark.parametrize(
    ("text", "day"), [("05/02/2024", date(2024, 2, 5)), ("5/2/2024", None), ("2024-02-05", None), ("30/02/2024", None)]
)
def test_french_date(engine: Engine, text: str, day: date | None) -> None:
    assert value(engine, cell.date_fr("d", "x", "X"), text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("26MAY2014", date(2014, 5, 26)),
        ("26may2014", date(2014, 5, 26)),
        ("26MAI2014", None),
        ("6MAY2014", None),
        ("31FEB2014", None),
    ],
)
def test_sas_date(engine: Engine, text: str, day: date | None) -> None:
    assert value(engine, cell.date_sas("d", "x", "X"), text) == day


@pytest.mark.parametrize(
    ("text", "day"), [("20241231", date(2024, 12, 31)), ("2024-12-31", date(2024, 12, 31)), ("31122024", None)]
)
def test_compact_or_iso_date(engine: Engine, text: str, day: date | None) -> None:
    assert value(engine, cell.date_iso_or_compact("d", "x", "X"), text) == day


@pytest.mark.parametrize(
    ("text", "count"),
    [("2.0", 2), ("3.9", 3), ("1e3", 1000), ("0", 0), ("-0.0", 0), ("-1", None), ("2,0", None), ("x", None)],
)
def test_headcount_of_short_time_work(engine: Engine, text: str, count: int | None) -> None:
    assert value(engine, cell.count("n", "x", "X"), text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12", 12),
        ("0", 0),
        ("1 234", 1234),
        ("1\u202f234\u202f567", 1234567),
        ("-5", None),
        ("10,5", None),
        ("1086.0", None),
        ("abc", None),
        ("n/a", None),
        ("1 23", None),
        (" 12", None),
        ("9999999999", None),
    ],
)
def test_headcount_of_urssaf(engine: Engine, text: str, count: int | None) -> None:
    sql = headcount("cell", is_compat=False)
    assert engine.rows(f"SELECT {sql} FROM (SELECT {literal(text)} AS cell)")[0][0] == count


@pytest.mark.parametrize(("text", "count"), [("-5", 5), ("10,5", 105), ("1086.0", 10860), ("abc", 0), ("12", 12)])
def test_headcount_as_the_importer_before_ours_read_it(engine: Engine, text: str, count: int) -> None:
    sql = headcount("cell", is_compat=True)
    assert engine.rows(f"SELECT {sql} FROM (SELECT {literal(text)} AS cell)")[0][0] == count


@pytest.mark.parametrize(
    ("text", "truth"),
    [("1", True), ("true", True), ("F", False), ("False", False), ("oui", None), ("", None), ("tRUE", None)],
)
def test_boolean(engine: Engine, text: str, truth: bool | None) -> None:
    assert value(engine, cell.boolean("b", "x", "X"), text) is truth


@pytest.mark.parametrize(
    ("text", "number"), [("1,5", 1.5), ("-2", -2.0), ("inf", None), ("NaN", None), ("1e999", None), ("", None)]
)
def test_decimal(engine: Engine, text: str, number: float | None) -> None:
    assert value(engine, cell.decimal("n", "x", "X"), text) == number


@pytest.mark.parametrize("start", ["12345678", "00000000", "99999999", "98765432", "50505050"])
def test_luhn_key_in_sql_is_that_of_the_domain(engine: Engine, start: str) -> None:
    for siren in (f"{start}{key}" for key in range(10)):
        found = engine.rows(f"SELECT {luhn_is_right(literal(siren))}")[0][0]
        assert found is (siren_kind(siren) is Identifier.REAL)
