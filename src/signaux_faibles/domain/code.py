"""Which code made a thing: a hash of its files, so that a corrected rule is never mistaken for the old one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

CODE_AND_DATA = (".py", ".csv", ".csv.gz", ".yaml", ".json")
"""Ends of the names of the files that decide of a result: a nomenclature or a series does, as a module does."""


@cache
def code_hash(*parts: str) -> str:
    """Short hash of the source of parts of the package, and of the data files beside it.

    Parameters
    ----------
    *parts : str
        Packages or modules by name, such as `explain` or `target`.
    """
    digest = hashlib.sha256()
    for part in parts:
        folder = PACKAGE / part
        files = folder.rglob("*") if folder.is_dir() else [folder.with_suffix(".py")]
        for path in sorted(file for file in files if file.name.endswith(CODE_AND_DATA)):
            digest.update(str(path.relative_to(PACKAGE)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
