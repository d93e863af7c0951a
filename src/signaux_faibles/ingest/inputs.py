"""Say which bytes a delivery is made of, and whether they were seen before under another name."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.batch import BatchFile
from signaux_faibles.ingest.found import Records
from signaux_faibles.ingest.manifest import InputFile, SourceReport
from signaux_faibles.ingest.opening import BLOCK_BYTES, GZIP, ZIP, blocks_of, container_of, file_sha256

SMALLEST_GZIP = 18
"""Bytes of the header and of the end of a gzip."""


def read_inputs(files: Sequence[BatchFile]) -> tuple[tuple[BatchFile, ...], tuple[InputFile, ...], tuple[str, ...]]:
    """Hash the files of a source; of two files that hold the same, the first is kept.

    Returns
    -------
    tuple
        Files to read, their descriptions in the same order, and a sentence for each copy set aside.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    kept: list[tuple[BatchFile, InputFile]] = []
    warnings: list[str] = []
    for file in files:
        new = InputFile(
            file.path.name, file_sha256(file.path), file.path.stat().st_size, _content(file.path), file.recognised.value
        )
        original = next((other for other, known in kept if _is_copy(file.path, new, other.path, known)), None)
        if original is None:
            kept.append((file, new))
        else:
            warnings.append(f"{file.path.name} holds the same as {original.path.name}, and was not read twice")
    return tuple(file for file, _ in kept), tuple(new for _, new in kept), tuple(warnings)


def described(file: InputFile, found: Records) -> InputFile:
    """The file, with how it had to be read."""
    return replace(
        file,
        container=found.container,
        encoding=found.encoding,
        has_mark=found.has_mark,
        crlf=found.crlf,
        transcoded=found.transcoded,
    )


def seen_before(
    files: Sequence[BatchFile], inputs: Sequence[InputFile], earlier: Iterable[SourceReport]
) -> tuple[str, ...]:
    """A sentence for each file whose content an earlier delivery of the source already brought."""
    warnings = []
    known = [(report.batch, file) for report in earlier for file in report.files]
    for file, new in zip(files, inputs, strict=True):
        found = [(batch, old.name) for batch, old in known if _holds_the_same(file.path, new, old)]
        if found:
            batch, name = found[-1]
            warnings.append(f"{new.name} holds the same as {name} of batch {batch}")
    return tuple(warnings)


def _is_copy(path: Path, new: InputFile, other: Path, known: InputFile) -> bool:
    """Whether two files at hand hold the same, compressed or not: what looks alike is compared whole."""
    if new.sha256 == known.sha256:
        return True
    return _holds_the_same(path, new, known) and _content_sha256(path) == _content_sha256(other)


def _holds_the_same(path: Path, new: InputFile, old: InputFile) -> bool:
    """Whether a file at hand holds what an earlier one held, of which only the description is left."""
    if new.sha256 == old.sha256:
        return True
    if new.content and old.content:
        return new.content == old.content
    if new.content:
        return _size(new) == old.bytes and _content_sha256(path) == old.sha256
    return bool(old.content) and _size(old) == new.bytes and _check_sum(path) == old.content


def _size(file: InputFile) -> int:
    return int(file.content.split(":")[1])


def _content(path: Path) -> str:
    """`CRC:size` that a compressed file says of what it holds; empty when it is not compressed, or damaged."""
    container = container_of(path)
    if container == GZIP and path.stat().st_size >= SMALLEST_GZIP:
        with path.open("rb") as stream:
            stream.seek(-8, os.SEEK_END)
            check, size = struct.unpack("<II", stream.read(8))
        return f"{check:08x}:{size}"
    if container == ZIP:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [info for info in archive.infolist() if not info.is_dir()]
        except zipfile.BadZipFile:
            return ""
        if len(members) == 1:
            return f"{members[0].CRC:08x}:{members[0].file_size}"
    return ""


def _check_sum(path: Path) -> str:
    check = size = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            check, size = zlib.crc32(block, check), size + len(block)
    return f"{check:08x}:{size}"


def _content_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        for block, _ in blocks_of(path):
            digest.update(block)
    except InputError:
        return ""
    return digest.hexdigest()
