"""Open a raw file: compressed or not, by blocks, with one sentence when it cannot be read.

What a file is, its first bytes say: a name may lie, and partners rename files.
"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from isal import igzip, isal_zlib

from signaux_faibles.domain.errors import InputError

BLOCK_BYTES = 4 << 20
MAGIC_GZIP, MAGIC_ZIP, MAGIC_PARQUET = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"PAR1"
GZIP, ZIP, PARQUET, PLAIN = "gzip", "zip", "parquet", ""
_DAMAGED: tuple[type[Exception], ...] = (
    EOFError, zlib.error, cast("type[Exception]", isal_zlib.error), gzip.BadGzipFile, zipfile.BadZipFile,
    NotImplementedError,
)  # fmt: skip


class TruncatedError(InputError):
    """A compressed file that ends too soon, or is not one."""


def container_of(path: Path) -> str:
    """What holds the content: `gzip`, `zip`, `parquet`, or nothing.

    Raises
    ------
    InputError
        If the file is missing or unreadable.
    """
    with _readable(path), path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(MAGIC_GZIP):
        return GZIP
    if start in MAGIC_ZIP:
        return ZIP
    return PARQUET if start == MAGIC_PARQUET else PLAIN


def blocks_of(path: Path) -> Iterator[tuple[bytes, int]]:
    """Content of a file by blocks, and how many bytes of the file itself have been read so far.

    Raises
    ------
    InputError
        If the file is missing, unreadable, or a truncated or damaged archive.
    """
    container = container_of(path)
    if container == PLAIN and path.suffix in (".gz", ".zip") and path.stat().st_size:
        raise _damaged(path, path.suffix[1:])
    with _readable(path), path.open("rb") as raw:
        try:
            with _content(path, raw, container) as stream:
                while block := stream.read(BLOCK_BYTES):
                    yield block, raw.tell()
        except _DAMAGED:
            raise _damaged(path, container) from None


def _damaged(path: Path, kind: str) -> TruncatedError:
    return TruncatedError(
        f"{path.name}: found a truncated or damaged {kind}, expected a whole one.", todo="Copy the file again."
    )


@contextmanager
def _content(path: Path, raw: IO[bytes], container: str) -> Iterator[IO[bytes]]:
    if container == GZIP:
        with igzip.GzipFile(fileobj=raw) as stream:
            yield cast("IO[bytes]", stream)
    elif container == ZIP:
        with zipfile.ZipFile(raw) as archive, _member(path, archive) as stream:
            yield stream
    else:
        yield raw


def _member(path: Path, archive: zipfile.ZipFile) -> IO[bytes]:
    """The only file of an archive, folders and what macOS adds left out."""
    members = [item for item in archive.infolist() if not item.is_dir() and not item.filename.startswith("__MACOSX/")]
    if len(members) != 1:
        raise InputError(
            f"{path.name}: found an archive of {len(members)} files, expected one.", todo="Unpack it in the folder."
        )
    if members[0].flag_bits & 1:
        raise InputError(f"{path.name}: found an archive with a password.", todo="Unpack it in the folder.")
    return archive.open(members[0])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{path.name}: no such file.", todo="Check the folder and the name.") from None
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot be read ({error.strerror}).", todo="Check the file and its rights."
        ) from None


def file_sha256(path: Path) -> str:
    """Hash of a file as it lies on disk, in hexadecimal."""
    with _readable(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
