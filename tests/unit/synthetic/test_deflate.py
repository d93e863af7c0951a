from __future__ import annotations

import gzip
import zlib

from signaux_faibles.synthetic.deflate import HEADER, combine, make_piece, trailer

PARTS = [b"siret;periode\n", b"", b"a;1\n" * 50_000, b"b;2\n" * 3, bytes(range(256)) * 999]


def _assemble(parts: list[bytes]) -> bytes:
    content, checksum, size = HEADER, 0, 0
    for part in parts:
        piece = make_piece(part, compressed=True)
        content += piece.data
        checksum = combine(checksum, piece.checksum, piece.size) if piece.size else checksum
        size += piece.size
    return content + trailer(checksum, size)


def test_pieces_make_one_gzip_file() -> None:
    assert gzip.decompress(_assemble(PARTS)) == b"".join(PARTS)


def test_the_file_has_a_single_member_without_name_nor_time() -> None:
    content = _assemble(PARTS)
    reader = zlib.decompressobj(31)
    reader.decompress(content)
    assert reader.eof
    assert reader.unused_data == b""
    assert content[3] == 0
    assert content[4:8] == b"\0\0\0\0"


def test_combined_checksum_is_that_of_the_whole() -> None:
    for first, second in ((b"abc", b"d"), (b"x" * 70_000, b"y" * 123_457), (b"", b"z")):
        assert combine(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


def test_rows_are_counted_before_compression() -> None:
    assert make_piece(b"a\nb\n", compressed=True).rows == 2
    assert make_piece(b"a\nb\n", compressed=False).data == b"a\nb\n"
