from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.text import (
    Lines,
    concatenate,
    dates,
    day_number,
    hundredths,
    integers,
    join,
    periods,
    quoted,
    rounded,
    to_bytes,
)


def test_hundredths_keep_the_sign_below_one() -> None:
    written = hundredths(np.array([0, 5, -5, 100, -12_345, 1_234_567]), ",").to_pylist()
    assert written == ["0,00", "0,05", "-0,05", "1,00", "-123,45", "12345,67"]


def test_rounded_leaves_the_unknown_empty() -> None:
    assert rounded(np.array([1.005, -2.5]), null=np.array([False, True])).to_pylist() == ["1.00", None]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("iso", "2024-02-29"),
        ("fr", "29/02/2024"),
        ("sas", "29FEB2024"),
        ("compact", "20240229"),
        ("urssaf", "1240229"),
    ],
)
def test_dates_in_each_format(form: str, expected: str) -> None:
    day = np.array([(date(2024, 2, 29) - date(1970, 1, 1)).days])
    assert dates(day, form).to_pylist() == [expected]


def test_urssaf_date_of_the_last_century_loses_its_first_digit() -> None:
    day = np.array([(date(1999, 5, 5) - date(1970, 1, 1)).days])
    assert dates(day, "urssaf").to_pylist() == ["990505"]


def test_day_number_starts_months_at_zero() -> None:
    assert day_number(np.array([2024 * 12 + 1]), np.array([28])).tolist() == [
        (date(2024, 2, 29) - date(1970, 1, 1)).days
    ]


def test_periods_code_quarters_and_months() -> None:
    months = np.array([2024 * 12 + 2, 2020 * 12 + 9, 2018 * 12 + 5])
    assert periods(months, np.array([True, False, True])).to_pylist() == ["2410", "2041", "1820"]


def test_join_writes_an_empty_field_for_the_unknown() -> None:
    text = join([integers(np.array([1, 2])), pa.array(["a", None]), "z"], ";")
    assert text.to_pylist() == [b"1;a;z", b"2;;z"]


def test_quoted_puts_quotes_around_each_value() -> None:
    assert quoted(pa.array(["a", ""])).to_pylist() == ['"a"', '""']


def test_to_bytes_writes_the_selected_lines_only() -> None:
    text = join([integers(np.arange(5))], ";")
    assert to_bytes(text, np.array([True, False, True, False, True])) == b"0\n2\n4\n"
    assert to_bytes(text, np.zeros(5, dtype=bool)) == b""
    assert to_bytes(text.slice(3)) == b"3\n4\n"


def test_concatenate_keeps_the_columns_together() -> None:
    one = Lines(join([integers(np.array([1]))], ";"), np.array([7]), np.array([2]), np.array([NEVER]))
    two = Lines(join([integers(np.array([2]))], ";"), np.array([8]), np.array([3]), np.array([9]))
    both = concatenate([one, two])
    assert (both.text.to_pylist(), both.company.tolist()) == ([b"1", b"2"], [7, 8])
    assert (both.since.tolist(), both.until.tolist()) == ([2, 3], [NEVER, 9])
