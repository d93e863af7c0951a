"""The releases of a lake that stand: the last one made of each list."""

from __future__ import annotations

import json
from pathlib import Path

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.lake import Lake
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.release.manifest import read_manifest


def latest_releases(lake: Lake) -> list[Path]:
    """The last release made of each list month, oldest month first.

    The journal says which one was made last; without it, the last name. Dates of files say nothing after a copy.

    Raises
    ------
    ReleaseError
        If the lake holds none.
    LakeError
        If the journal of the lake cannot be read.
    """
    journal = read_journal(lake).select(["action", "details"]).to_pylist()
    made = [json.loads(line["details"]).get("release_id") for line in journal if line["action"] == "release"]
    rank = {release_id: number for number, release_id in enumerate(made, start=1)}
    by_month: dict[str, Path] = {}
    folders = [path.parent for path in lake.releases.glob("*/manifest.json") if not path.parent.name.startswith(".")]
    for folder in sorted(folders, key=lambda f: (rank.get(f.name, 0), f.name)):
        by_month[read_manifest(folder).list_month] = folder
    if not by_month:
        raise ReleaseError(f"No release in {lake.releases}.", todo="Make one with `signaux release`.")
    return [by_month[month] for month in sorted(by_month)]


def release_of(lake: Lake, list_id: str) -> Path:
    """The last release made of a list.

    Raises
    ------
    ReleaseError
        If the lake holds none of that month.
    """
    found = [folder for folder in latest_releases(lake) if read_manifest(folder).list_month == list_id]
    if not found:
        raise ReleaseError(
            f"No release of list {list_id} in {lake.releases}.",
            todo=f"Make it with `signaux release --as-of {list_id}`.",
        )
    return found[0]
