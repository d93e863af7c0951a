"""Open a raw file: compressed or not, by blocks, with one sentence when it cannot be read."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from signaux_faibles.domain.errors import InputError

BLOCK_BYTES = 4 << 20


class TruncatedError(InputError):
    """A compressed file that ends too soon, or is not one."""


def blocks_of(path: Path) -> Iterator[tuple[bytes, int]]:
    """Content of a file by blocks, and how many bytes of the file itself have been read so far.

    Raises
    ------
    InputError
        If the file is missing, unreadable, or a truncated or false gzip.
    """
    try:
        with path.open("rb") as raw:
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw  # type: ignore[assignment]
            while block := stream.read(BLOCK_BYTES):
                yield block, raw.tell()
    except FileNotFoundError:
        raise InputError(f"{path.name}: no such file.", todo="Check the folder and the name.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise TruncatedError(
            f"{path.name}: found a truncated or damaged gzip, expected a whole one.", todo="Copy the file again."
        ) from None
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot be read ({error.strerror}).", todo="Check the file and its rights."
        ) from None


def file_sha256(path: Path) -> str:
    """Hash of a file as it lies on disk, in hexadecimal."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot be read ({error.strerror}).", todo="Check the file and its rights."
        ) from None
