from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import (
    batch_key,
    first_day,
    format_month,
    label_month,
    last_day,
    month_of,
    parse_batch_key,
    parse_month,
)

MONTHS = st.integers(1900 * 12, 2200 * 12)


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month: int) -> None:
    assert parse_month(format_month(month)) == month


@given(MONTHS)
def test_a_month_holds_its_first_and_last_days_and_no_other(month: int) -> None:
    assert month_of(first_day(month)) == month_of(last_day(month)) == month
    assert last_day(month) + timedelta(days=1) == first_day(month + 1)


@given(st.integers(2000 * 12, 2099 * 12 + 11))
def test_a_batch_key_is_read_as_it_is_written(month: int) -> None:
    assert parse_batch_key(batch_key(month)) == month


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-10", "2026/10", "2026-10-01", ""])
def test_a_bad_month_is_refused_with_what_was_found(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_month(text)
    assert repr(text) in str(caught.value)
    assert "YYYY-MM" in str(caught.value)


@pytest.mark.parametrize("text", ["1899", "2600", "261", "26-10", "2610_01", ""])
def test_a_bad_batch_key_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="YYMM"):
        parse_batch_key(text)


def test_a_month_is_said_in_french() -> None:
    assert label_month(month_of(date(2026, 8, 3))) == "août 2026"
