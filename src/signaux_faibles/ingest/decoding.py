"""Give the content of a file as UTF-8 when its first bytes say what it is; what was found is recorded, never guessed.

Without a mark, bytes go through unchanged: lines that are not UTF-8 are dealt with one by one, and counted.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.found import Records
from signaux_faibles.ingest.opening import blocks_of

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SNIFFED_BYTES = 64


def text_blocks(path: Path, records: Records) -> Iterator[tuple[bytes, int]]:
    """Blocks of a text file, its mark removed and UTF-16 made UTF-8, with the bytes of the file read so far.

    `records` receives the encoding and whether there was a mark.

    Raises
    ------
    InputError
        If the file cannot be read, or is not the UTF-16 that its beginning announces.
    """
    decoder: codecs.IncrementalDecoder | None = None
    head, is_start, position = b"", True, 0
    for block, position in blocks_of(path):
        if is_start:
            head += block
            if len(head) < SNIFFED_BYTES:
                continue
            block, is_start = head, False
            decoder, block = _start(block, records)
        yield _decoded(path, decoder, block), position
    if is_start and head:
        decoder, head = _start(head, records)
        yield _decoded(path, decoder, head), position
    if decoder is not None:
        _decoded(path, decoder, b"", is_last=True)


def _start(head: bytes, records: Records) -> tuple[codecs.IncrementalDecoder | None, bytes]:
    """Decoder of a file that begins so, and the beginning without its mark."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            records.encoding, records.has_mark = encoding, True
            return _decoder(encoding), head[len(mark) :]
    encoding = _unmarked_utf16(head)
    if encoding:
        records.encoding = encoding
    return _decoder(encoding), head


def _unmarked_utf16(head: bytes) -> str:
    """Name of the UTF-16 in which every other byte of a Latin text is zero; empty for anything else."""
    sample = head[: SNIFFED_BYTES // 2 * 2]
    half = len(sample) // 2
    if half < 4:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if not even and odd > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if not odd and even > 0.8 * half else ""


def _decoder(encoding: str) -> codecs.IncrementalDecoder | None:
    return codecs.getincrementaldecoder(encoding)() if encoding.startswith("utf-16") else None


def _decoded(path: Path, decoder: codecs.IncrementalDecoder | None, block: bytes, *, is_last: bool = False) -> bytes:
    if decoder is None:
        return block
    try:
        return decoder.decode(block, is_last).encode()
    except UnicodeError:
        raise InputError(
            f"{path.name}: found bytes that are not UTF-16, which its beginning announces.",
            todo="Copy the file again, or convert it to UTF-8.",
        ) from None
