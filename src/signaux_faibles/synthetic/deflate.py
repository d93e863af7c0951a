"""One gzip file made of pieces compressed apart, so that processes share the work and the bytes stay the same.

Each piece is a raw deflate stream that ends on a byte boundary; checksums of the pieces are combined without reading
the data again. The result is a plain gzip file of a single member, without name nor time.

References
----------
RFC 1951 and 1952; the combination of checksums is that of zlib's `crc32_combine`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
"""Gzip, deflate, no flag, no time, fastest level, unknown system."""

_END = b"\x03\x00"
_POLYNOMIAL = 0xEDB88320
_LEVEL = 1


@dataclass(frozen=True)
class Piece:
    """Bytes of a file made by one process: compressed or not, with what the whole file needs to know.

    Attributes
    ----------
    data : bytes to append to the file
    size, checksum : length and CRC-32 of the bytes before compression
    rows : lines
    """

    data: bytes
    size: int
    checksum: int
    rows: int


def make_piece(raw: bytes, *, compressed: bool) -> Piece:
    """Piece of a file, compressed on its own when the file is a gzip file."""
    rows = raw.count(b"\n")
    if not compressed:
        return Piece(raw, len(raw), 0, rows)
    if not raw:
        return Piece(b"", 0, 0, 0)
    engine = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    data = engine.compress(raw) + engine.flush(zlib.Z_FULL_FLUSH)
    return Piece(data, len(raw), zlib.crc32(raw), rows)


def trailer(checksum: int, size: int) -> bytes:
    """End of the gzip file: last block, checksum and length of the whole."""
    return _END + checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def combine(first: int, second: int, second_size: int) -> int:
    """CRC-32 of two pieces put end to end, from the CRC-32 of each and the length of the second."""
    return _multiply(_power_of_x(second_size * 8), first) ^ second


def _multiply(left: int, right: int) -> int:
    """Product of two polynomials modulo the one of CRC-32 (bits reversed, as zlib holds them)."""
    mask, product = 1 << 31, 0
    while True:
        if left & mask:
            product ^= right
            if left & (mask - 1) == 0:
                return product
        mask >>= 1
        right = (right >> 1) ^ _POLYNOMIAL if right & 1 else right >> 1


@cache
def _squares() -> tuple[int, ...]:
    """X to the powers 1, 2, 4, 8, ..."""
    powers = [1 << 30]
    for _ in range(63):
        powers.append(_multiply(powers[-1], powers[-1]))
    return tuple(powers)


def _power_of_x(exponent: int) -> int:
    """X to a power, modulo the polynomial."""
    power, rank = 1 << 31, 0
    while exponent:
        if exponent & 1:
            power = _multiply(_squares()[rank], power)
        exponent >>= 1
        rank += 1
    return power
