"""SIREN and SIRET of invented companies: a plain function of the company's index, always with a wrong Luhn key.

Insee issues no number whose key is wrong, so every number of the simulator is recognisable as invented.
"""

from __future__ import annotations

import numpy as np

from signaux_faibles.synthetic.arrays import Ints

MAX_COMPANIES = 2_000_000
"""Indices below this have distinct SIRENs; those just above are used for numbers that belong to nobody."""

_FIRST_BODY, _BODIES, _STRIDE = 30_000_000, 70_000_000, 38_196_601
"""First eight digits start at 3; the stride is coprime with the number of bodies, hence a permutation."""


def luhn_sums(numbers: Ints, digits: int) -> Ints:
    """Luhn sum of each number written with `digits` digits."""
    total = np.zeros(len(numbers), dtype=np.int64)
    rest = numbers.astype(np.int64)
    for rank in range(digits):
        rest, digit = np.divmod(rest, 10)
        value = digit * 2 if rank % 2 else digit
        total += np.where(value > 9, value - 9, value)
    return total


def _wrong_key(bodies: Ints, digits: int) -> Ints:
    """Body followed by one digit that is not its Luhn key (the right key plus 1 to 9)."""
    right = (-luhn_sums(bodies * 10, digits)) % 10
    return bodies * 10 + (right + 1 + bodies % 9) % 10


def sirens(indices: Ints) -> Ints:
    """SIREN of each company index, as a 9-digit integer with a wrong key."""
    bodies = _FIRST_BODY + (indices.astype(np.int64) * _STRIDE) % _BODIES
    return _wrong_key(bodies, 9)


def sirets(siren: Ints, rank: Ints) -> Ints:
    """SIRET of the establishments of rank 1, 2, ... of a company, as a 14-digit integer with a wrong key."""
    return _wrong_key(siren.astype(np.int64) * 10_000 + rank, 14)
