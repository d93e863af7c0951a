from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from signaux_faibles.domain.rounding import round_to_total

TERMS = st.lists(st.floats(-50, 50, allow_nan=False), min_size=1, max_size=12)


@given(TERMS, st.integers(0, 3))
def test_rounded_terms_add_up_to_the_rounded_total(terms: list[float], decimals: int) -> None:
    total = math.fsum(terms)
    rounded = round_to_total(terms, total, decimals=decimals)
    assert round(math.fsum(rounded), decimals) == round(total, decimals)


@given(TERMS)
def test_a_rounded_term_stays_within_one_unit_of_its_value(terms: list[float]) -> None:
    rounded = round_to_total(terms, math.fsum(terms))
    assert all(abs(r - t) <= 0.1 + 1e-9 for r, t in zip(rounded, terms, strict=True))


def test_the_largest_remainder_is_rounded_up_first() -> None:
    assert round_to_total([1.04, 1.06, 0.9], 3.0) == [1.0, 1.1, 0.9]
