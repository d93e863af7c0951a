"""Publish the declaration of every source as Table Schema."""

from __future__ import annotations

import json
from pathlib import Path

from signaux_faibles.lake import write_folder
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.pipeline.export.target import check_target, refused_writes
from signaux_faibles.schema.table_schema import Descriptor, schema_file_name, schema_index, table_schema
from signaux_faibles.sources import SOURCES

FORMAT = "signaux-schemas"
INDEX_NAME = "index.json"


def export_schemas(folder: Path) -> int:
    """Write one Table Schema for each source and their index; the folder is replaced whole.

    Returns
    -------
    int
        Schemas written.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    folder = folder.resolve()
    with refused_writes(folder):
        recover_folder(folder)
        check_target(folder, INDEX_NAME, FORMAT)
        with write_folder(folder) as temporary:
            for source in SOURCES.values():
                _write(temporary / schema_file_name(source), table_schema(source))
            _write(temporary / INDEX_NAME, {"format": FORMAT} | schema_index(SOURCES.values()))
    return len(SOURCES)


def _write(path: Path, content: Descriptor) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
