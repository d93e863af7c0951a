"""Read and verify a release."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.release.manifest import MANIFEST_NAME, Manifest, read_manifest, sha256_of
from signaux_faibles.release.tables import TABLES


def verify_release(folder: Path) -> Manifest:
    """Check that a release is whole and unaltered: every file present, none added, every hash right.

    Raises
    ------
    ReleaseError
        With the number of files that differ and the first of them.
    """
    manifest = read_manifest(folder)
    present = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {MANIFEST_NAME}
    wrong = sorted(present ^ set(manifest.files))
    wrong += sorted(name for name in present & set(manifest.files) if sha256_of(folder / name) != manifest.files[name])
    if wrong:
        raise ReleaseError(
            f"Release {folder.name}: {len(wrong)} file(s) missing, added or altered, the first being {wrong[0]}.",
            todo="Make the release again; do not serve this one.",
        )
    return manifest


def read_table(folder: Path, name: str) -> pa.Table:
    """One table of a release, its columns those declared.

    Raises
    ------
    ReleaseError
        If the table cannot be read or its columns are not those declared.
    """
    declared = TABLES[name]
    try:
        table = pq.read_table(folder / f"{name}.parquet")
    except (OSError, pa.ArrowException) as error:
        raise ReleaseError(f"Release {folder.name}, table {name}: cannot be read ({type(error).__name__}).") from None
    if tuple(table.column_names) != declared.names:
        missing = len(set(declared.names) - set(table.column_names))
        raise ReleaseError(
            f"Release {folder.name}, table {name}: its columns are not those declared ({missing} missing).",
            todo="Make the release again with this version of the code: `signaux release --force`.",
        )
    return table
