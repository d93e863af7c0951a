"""Which code made a thing: a hash of source files, so that a corrected rule is never mistaken for the old one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@cache
def code_hash(*parts: str) -> str:
    """Short hash of the source of parts of the package.

    Parameters
    ----------
    *parts : str
        Packages or modules by name, such as `explain` or `target`.
    """
    digest = hashlib.sha256()
    for part in parts:
        folder = PACKAGE / part
        files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
        for path in files:
            digest.update(str(path.relative_to(PACKAGE)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
