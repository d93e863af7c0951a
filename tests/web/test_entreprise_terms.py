"""Values of the features, as an agent reads them."""

from __future__ import annotations

import pytest

from signaux_faibles.web.entreprises.blocks.terms import value_text


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "€", "–"),
        (209_400.4, "€", "209\u202f400\u202f€"),
        (6.0246, "mois", "6,0\u00a0mois"),
        (1.0, "mois", "1\u00a0mois"),
        (1.0, "jours", "1\u00a0jour"),
        (1.96, "jours", "2,0\u00a0jours"),
        (-9.0, "jours", "\u22129\u00a0jours"),
        (28.0099, "%", "28,0\u202f%"),
        (-306.63, "%", "\u2212307\u202f%"),
        (14.0, "dettes", "14\u00a0dettes"),
        (44.0, "", "–"),
    ],
)
def test_value_of_a_feature(value: float | None, unit: str, expected: str) -> None:
    assert value_text(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (3.2, "points", "+3,2\u00a0points"),
        (-3.2, "points", "\u22123,2\u00a0points"),
        (0.0, "%", "0\u202f%"),
        (12_000.0, "€", "+12\u202f000\u202f€"),
        (None, "%", "–"),
    ],
)
def test_change_has_its_sign(value: float | None, unit: str, expected: str) -> None:
    assert value_text(value, unit, is_signed=True) == expected
