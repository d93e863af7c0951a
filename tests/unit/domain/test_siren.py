from __future__ import annotations

import pytest

from signaux_faibles.domain.siren import LA_POSTE, Identifier, luhn_sum, siren_kind, siret_kind


def _with_key(start: str) -> str:
    """The start and the digit that makes its Luhn key right."""
    return next(start + key for key in "0123456789" if luhn_sum(start + key) % 10 == 0)


@pytest.mark.parametrize("value", ["", "12345678", "1234567890", "12345678a", " 12345678", "١٢٣٤٥٦٧٨٩"])
def test_a_siren_that_is_not_nine_ascii_digits_is_malformed(value: str) -> None:
    assert siren_kind(value) is Identifier.MALFORMED


def test_the_key_tells_the_real_from_the_fake() -> None:
    real = _with_key("90000000")
    assert siren_kind(real) is Identifier.REAL
    fakes = [real[:-1] + digit for digit in "0123456789" if digit != real[-1]]
    assert {siren_kind(fake) for fake in fakes} == {Identifier.FAKE}


def test_a_siret_has_a_key_of_its_own() -> None:
    real = _with_key("9000000000001")
    assert siret_kind(real) is Identifier.REAL
    assert siret_kind(real[:-1] + str((int(real[-1]) + 1) % 10)) is Identifier.FAKE
    assert siret_kind("900000004") is Identifier.MALFORMED


def test_la_poste_is_known_by_its_digit_sum() -> None:
    sirets = [f"{LA_POSTE}{nic:05d}" for nic in range(1, 60)]
    by_sum = [s for s in sirets if sum(map(int, s)) % 5 == 0 and luhn_sum(s) % 10]
    assert by_sum
    assert {siret_kind(s) for s in by_sum} == {Identifier.REAL}
