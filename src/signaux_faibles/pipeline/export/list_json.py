"""A published list as the JSON files that today's consumers import: one layout for each of them.

What a list says is read from its release: what may not be told is already masked there. The two layouts are those of
the service of 2024 (`front`) and of the interface before it (`api`), without their known faults: see
docs/dev/reference/lists.md.
"""

from __future__ import annotations

import hashlib
import json
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.lock import writing
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.pipeline.export.list_entries import Entry, Publication, api_entry, front_entry
from signaux_faibles.pipeline.export.target import check_target, refused_writes
from signaux_faibles.release.manifest import Manifest
from signaux_faibles.release.reader import verify_release

FORMAT = "signaux-lists"
FORMAT_VERSION = 1
INDEX_NAME = "index.json"

LAYOUTS: dict[str, Callable[[Entry, Manifest], dict[str, object]]] = {"front": front_entry, "api": api_entry}


@dataclass(frozen=True)
class ListExport:
    """What was written: entries of each file, and companies of the list that have no level."""

    folder: Path
    list_month: str
    entries: dict[str, int]
    without_level_count: int


def export_list(lake: Lake, release: Path, folder: Path) -> ListExport:
    """Write a published list in every layout, with an index; the folder is replaced whole.

    Companies without level (in a proceeding, out of perimeter) have no place in these layouts: they are counted.

    Parameters
    ----------
    release : Path
        Folder of a release.
    folder : Path
        Absent, empty, or a list exported earlier; anything else is left alone.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    ReleaseError
        If the release is incomplete or altered.
    """
    started, folder = time.monotonic(), folder.resolve()
    publication = Publication.read(release, verify_release(release))
    manifest, entries, files = publication.manifest, {}, {}
    with writing(lake), refused_writes(folder):
        recover_folder(folder)
        check_target(folder, INDEX_NAME, FORMAT)
        with write_folder(folder) as temporary:
            for name, layout in LAYOUTS.items():
                path = temporary / f"liste-{manifest.list_month}-{name}.json"
                entries[path.name] = _write(path, (layout(entry, manifest) for entry in publication.entries()))
                files[path.name] = {"layout": name, "entries": entries[path.name], "sha256": _sha256(path)}
            _write_index(temporary / INDEX_NAME, manifest, files)
        append_journal(
            lake, "export", manifest.list_month, seconds=time.monotonic() - started, details={"rows": entries}
        )
    return ListExport(folder, manifest.list_month, entries, publication.without_level_count)


def _write(path: Path, entries: Iterator[dict[str, object]]) -> int:
    """Write a JSON array, an entry at a time: a list of the nation does not fit in memory as objects."""
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        for entry in entries:
            text = json.dumps(entry, ensure_ascii=False, allow_nan=False, indent=4)
            stream.write((",\n" if count else "[\n") + textwrap.indent(text, "    "))
            count += 1
        stream.write("\n]\n" if count else "[]\n")
    return count


def _write_index(path: Path, manifest: Manifest, files: dict[str, dict[str, object]]) -> None:
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "release_id": manifest.release_id,
        "list_month": manifest.list_month,
        "is_synthetic": manifest.is_synthetic,
        "files": files,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
