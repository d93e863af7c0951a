"""Write a release: tables, report, hashes, then the manifest last, then one rename."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.release.manifest import MANIFEST_NAME, Manifest, sha256_of
from signaux_faibles.release.tables import TABLES
from signaux_faibles.release.writing import recover_folder, write_folder


def write_release(parent: Path, manifest: Manifest, tables: Mapping[str, pa.Table], report: Mapping[str, str]) -> Path:
    """Write a release folder atomically.

    Parameters
    ----------
    parent : Path
        Folder of releases; the release takes its id as its name there.
    manifest : Manifest
        `files` and the row counts are filled here.
    tables : mapping of str to pyarrow.Table
        One per declared table, with at least the declared columns.
    report : mapping of str to str
        Texts of the folder `rapport/`, by file name.

    Returns
    -------
    Path
        The release folder. An earlier release of the same id is replaced; a crash leaves it or the new one.

    Raises
    ------
    ReleaseError
        If a table is missing, lacks a column, or repeats a key.
    """
    missing = sorted(set(TABLES) - set(tables))
    if missing:
        raise ReleaseError(f"Release {manifest.release_id}: tables missing: {', '.join(missing)}.")
    final, counts = parent / manifest.release_id, dict(manifest.counts)
    recover_folder(final)
    with write_folder(final) as folder:
        (folder / "rapport").mkdir()
        for name in TABLES:
            table = _conform(name, tables[name])
            counts[name] = table.num_rows
            pq.write_table(table, folder / f"{name}.parquet", compression="zstd", use_dictionary=True)
        for name, text in sorted(report.items()):
            (folder / "rapport" / name).write_text(text, encoding="utf-8")
        files = {str(p.relative_to(folder)): sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}
        (folder / MANIFEST_NAME).write_text(replace(manifest, counts=counts, files=files).to_json(), encoding="utf-8")
    return final


def _conform(name: str, table: pa.Table) -> pa.Table:
    """Declared columns, in the declared types and order, sorted by key, keys unique."""
    declared = TABLES[name]
    absent = [column for column in declared.names if column not in table.column_names]
    if absent:
        raise ReleaseError(f"Release table {name}: columns missing: {', '.join(absent)}.")
    table = table.select(list(declared.names)).cast(declared.arrow)
    table = table.sort_by([(column, "ascending") for column in declared.key])
    distinct = table.select(list(declared.key)).group_by(list(declared.key)).aggregate([])
    if distinct.num_rows != table.num_rows:
        repeated = table.num_rows - distinct.num_rows
        raise ReleaseError(f"Release table {name}: {repeated} rows repeat the key ({', '.join(declared.key)}).")
    return table.combine_chunks()
