"""SIREN and SIRET: tell the real, the invented and the malformed apart.

Parsers refuse only the malformed: real partner files hold provisional numbers. The simulator writes only numbers
whose Luhn key is wrong, which Insee never issues, so that an invented company can always be recognised.
"""

from __future__ import annotations

import re
from enum import Enum

SIREN_PATTERN = re.compile(r"[0-9]{9}", re.ASCII)
SIRET_PATTERN = re.compile(r"[0-9]{14}", re.ASCII)

LA_POSTE = "356000000"
"""Its establishments have a SIRET whose plain digit sum is a multiple of 5 instead of a right Luhn key."""


class Identifier(Enum):
    """What a string is, as a SIREN or a SIRET."""

    REAL = "real"
    FAKE = "fake"
    MALFORMED = "malformed"


def luhn_sum(digits: str) -> int:
    """Luhn sum of a string of digits; a right key makes it a multiple of 10."""
    total = 0
    for rank, char in enumerate(reversed(digits)):
        value = int(char) * (2 if rank % 2 else 1)
        total += value - 9 if value > 9 else value
    return total


def siren_kind(value: str) -> Identifier:
    """Kind of a SIREN: 9 ASCII digits are real when the Luhn key is right, fake otherwise."""
    if not SIREN_PATTERN.fullmatch(value):
        return Identifier.MALFORMED
    return Identifier.REAL if luhn_sum(value) % 10 == 0 else Identifier.FAKE


def siret_kind(value: str) -> Identifier:
    """Kind of a SIRET, with La Poste's exception."""
    if not SIRET_PATTERN.fullmatch(value):
        return Identifier.MALFORMED
    if luhn_sum(value) % 10 == 0:
        return Identifier.REAL
    if value.startswith(LA_POSTE) and sum(map(int, value)) % 5 == 0:
        return Identifier.REAL
    return Identifier.FAKE
