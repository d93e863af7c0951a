"""French typography of the figures on a chart."""

from __future__ import annotations

import pytest

from signaux_faibles.web.ui.charts.wording import french, money_scale, points, with_unit


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "expected"),
    [
        (None, 0, False, "\u2013"),
        (0, 0, True, "0"),
        (209_400, 0, False, "209\u202f400"),
        (-1.84, 1, False, "\u22121,8"),
        (19.44, 1, True, "+19,4"),
        (-0.04, 1, True, "0,0"),
        (1_234_567.5, 1, False, "1\u202f234\u202f567,5"),
    ],
)
def test_french_number(value: float | None, decimals: int, signed: bool, expected: str) -> None:
    assert french(value, decimals, signed=signed) == expected


def test_percent_and_euro_take_a_thin_space_and_words_a_plain_one() -> None:
    assert with_unit(41.4, "%", 1) == "41,4\u202f%"
    assert with_unit(12, "€") == "12\u202f€"
    assert with_unit(31, "k€") == "31\u00a0k€"
    assert with_unit(None, "%") == "\u2013"


@pytest.mark.parametrize(
    ("value", "expected"), [(19.4, "+19,4\u00a0pts"), (-1.9, "\u22121,9\u00a0pt"), (-3.14, "\u22123,1\u00a0pts")]
)
def test_points_agree_in_number(value: float, expected: str) -> None:
    assert points(value) == expected


@pytest.mark.parametrize(
    ("highest", "value", "expected"),
    [
        (900, 250, "250\u202f€"),
        (209_400, 43_400, "43\u00a0k€"),
        (209_400, 3_400, "3,4\u00a0k€"),
        (209_400, 4_000, "4\u00a0k€"),
        (2_500_000, 1_240_000, "1,2\u00a0M€"),
        (2_500_000, None, "\u2013"),
    ],
)
def test_money_is_written_in_the_unit_of_the_chart(highest: float, value: float | None, expected: str) -> None:
    assert money_scale(highest).text(value) == expected
