"""Lecture de référence : tables de vérité des conversions."""

from __future__ import annotations

import pytest

from signaux_faibles.ingest.reference.cells import CONVERTERS, to_float, to_int, to_periode, to_truncated, to_urssaf_day
from signaux_faibles.ingest.reference.messages import CellError, parse_day, quoted
from signaux_faibles.ingest.reference.render import csv_text
from signaux_faibles.ingest.reference.rows import procol_label
from signaux_faibles.schema.source import Convert


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("0162", "2001-01-01", "2002-01-01"),
        ("5062", "1950-01-01", "1951-01-01"),
        ("4962", "2049-01-01", "2050-01-01"),
        ("2110", "2021-01-01", "2021-04-01"),
        ("2041", "2020-10-01", "2020-11-01"),
        ("1820", "2018-04-01", "2018-07-01"),
        ("6331", "1963-07-01", "1963-08-01"),
        ("201631", "2016-07-01", "2016-08-01"),
        ("202490", "2026-01-01", "2026-04-01"),
        ("202400", "2023-10-01", "2024-01-01"),
        ("202414", "2024-04-01", "2024-05-01"),
        ("202499", "2026-09-01", "2026-10-01"),
        ("2450", "2025-01-01", "2025-04-01"),
    ],
)
def test_periode(code: str, start: str, end: str) -> None:
    assert tuple(map(str, to_periode(code))) == (start, end)


@pytest.mark.parametrize("code", ["56331", "56a1", "5a31", "564a", "2004101", "", "+202"])
def test_periode_refused(code: str) -> None:
    with pytest.raises(CellError):
        to_periode(code)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1180203", "2018-02-03"),
        ("990505", "1999-05-05"),
        ("0990505", "1999-05-05"),
        ("+1240120", "2024-01-20"),
        ("240120", "1924-01-20"),
    ],
)
def test_urssaf_date(text: str, day: str) -> None:
    assert str(to_urssaf_day(text)) == day


@pytest.mark.parametrize("text", ["", "x", "-5", "1240230", "1 240120", "81000000", "１２４０１２０"])
def test_urssaf_date_refused(text: str) -> None:
    with pytest.raises(CellError, match=f"^invalid value for date conversion: {text}$"):
        to_urssaf_day(text)


@pytest.mark.parametrize(
    ("text", "number"), [("1e2", 100.0), (".5", 0.5), ("1.", 1.0), ("+5", 5.0), ("-0", -0.0), ("1e-400", 0.0)]
)
def test_float(text: str, number: float) -> None:
    assert str(to_float(text)) == str(number)


@pytest.mark.parametrize("text", ["inf", "NaN", "0x1p4", "1_000", " 1", "1,5", "", "1e", ".", "٣"])
def test_float_refused(text: str) -> None:
    with pytest.raises(CellError, match="invalid syntax"):
        to_float(text)


@pytest.mark.parametrize(("text", "number"), [("2.999", 2), ("-3.9", -3), ("1e3", 1000)])
def test_truncated(text: str, number: int) -> None:
    assert to_truncated(text) == number


@pytest.mark.parametrize("text", ["1e30", "1e400"])
def test_truncated_out_of_range(text: str) -> None:
    with pytest.raises(CellError, match="value out of range"):
        to_truncated(text)


@pytest.mark.parametrize(("text", "number"), [("+7", 7), ("-007", -7), ("9223372036854775807", 2**63 - 1)])
def test_int(text: str, number: int) -> None:
    assert to_int(text) == number


@pytest.mark.parametrize("text", ["9223372036854775808", "9" * 5000])
def test_int_out_of_range(text: str) -> None:
    with pytest.raises(CellError, match="value out of range"):
        to_int(text)


@pytest.mark.parametrize("text", ["1.0", " 1", "1_0", "²", "+", ""])
def test_int_refused(text: str) -> None:
    with pytest.raises(CellError, match="invalid syntax"):
        to_int(text)


def test_every_conversion_of_an_empty_cell() -> None:
    found = {}
    for convert, function in CONVERTERS.items():
        try:
            found[convert] = function("")
        except CellError:
            found[convert] = "error"
    null = dict.fromkeys((Convert.INTEGER, Convert.FLOAT, Convert.COMMA_FLOAT, Convert.TRUNCATED))
    assert found == dict.fromkeys(CONVERTERS, "error") | null | {Convert.TEXT: "", Convert.DATE_ISO_OR_NULL: None}


@pytest.mark.parametrize(
    ("text", "layout", "message"),
    [
        ("2024-02-30", "2006-01-02", 'parsing time "2024-02-30": day out of range'),
        ("2023-02-29", "2006-01-02", 'parsing time "2023-02-29": day out of range'),
        ("2024-13-01", "2006-01-02", 'parsing time "2024-13-01": month out of range'),
        ("2024-2-9", "2006-01-02", 'parsing time "2024-2-9" as "2006-01-02": cannot parse "2-9" as "01"'),
        ("2024/02/09", "2006-01-02", 'parsing time "2024/02/09" as "2006-01-02": cannot parse "/02/09" as "-"'),
        ("2024-02-29T", "2006-01-02", 'parsing time "2024-02-29T": extra text: "T"'),
        ("é", "2006-01-02", 'parsing time "\\xc3\\xa9" as "2006-01-02": cannot parse "\\xc3\\xa9" as "2006"'),
        ("26MAI2014", "02Jan2006", 'parsing time "26MAI2014" as "02Jan2006": cannot parse "MAI2014" as "Jan"'),
    ],
)
def test_messages_of_dates(text: str, layout: str, message: str) -> None:
    with pytest.raises(CellError) as error:
        parse_day(text, layout)
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["26MAY2014", "26may2014", "26mAy2014"])
def test_english_month_in_any_case(text: str) -> None:
    assert str(parse_day(text, "02Jan2006")) == "2014-05-26"


@pytest.mark.parametrize(
    ("text", "expected"),
    [('a"b', '"a\\"b"'), ("a\tb", '"a\\tb"'), ("é", '"é"'), ("\udcc9", '"\\xc9"'), ("\x01", '"\\x01"')],
)
def test_quoted(text: str, expected: str) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (780.0, "780"),
        (0.03, "0.03"),
        (-0.0, "-0"),
        (1e22, "1" + "0" * 22),
        (1e-7, "0.0000001"),
        (None, ""),
        (True, "true"),
    ],
)
def test_csv_text_never_has_an_exponent(value: object, text: str) -> None:
    assert csv_text(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "action", "stage"),
    [
        ("Solde_procedure_redressement", "redressement", "solde_procedure"),
        ("Ouverture_LIQUIDATION", "liquidation", "ouverture"),
        ("plan_continuation_redressement", "redressement", "plan_continuation"),
        ("conversion_redressement_liquidation", "redressement", "conversion_liquidation"),
        ("liquidation", "liquidation", ""),
        ("liquidation judiciaire_ouverture", "liquidation judiciaire", "ouverture"),
        ("clotureactif", "", ""),
        ("", "", ""),
    ],
)
def test_procol_label(label: str, action: str, stage: str) -> None:
    assert procol_label(label) == (action, stage)
