from __future__ import annotations

import os
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.pipeline.publish.latest import latest_releases
from signaux_faibles.release.manifest import Manifest


def put(lake: Lake, name: str, month: str, *, modified: int, release_id: str = "") -> None:
    """A release folder with its manifest only, modified at a second of 1970."""
    manifest = Manifest(
        release_id=release_id or name,
        list_label=month,
        list_month=month,
        as_of=month,
        model_id="m",
        code_version="0",
        is_synthetic=True,
        threshold_eleve=0.2,
        threshold_modere=0.1,
        base_probability=0.02,
        counts={},
        freshness={},
    )
    path = lake.releases / name / "manifest.json"
    path.parent.mkdir(parents=True)
    path.write_text(manifest.to_json(), encoding="utf-8")
    os.utime(path, (modified, modified))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(tmp_path / "lake", create_synthetic=True)


def names(lake: Lake) -> list[str]:
    return [path.name for path in latest_releases(lake)]


def test_the_last_release_made_is_that_of_the_journal_whatever_the_dates_and_names(lake: Lake) -> None:
    for rank, name in enumerate(("2026-10-a", "2026-10-b", "2026-10-c")):
        put(lake, name, "2026-10", modified=100 + rank)
    put(lake, "2026-07-z", "2026-07", modified=500)
    for name in ("2026-10-a", "2026-10-b", "2026-10-a"):
        append_journal(lake, "release", "2026-10", seconds=1.0, details={"release_id": name})
    assert names(lake) == ["2026-07-z", "2026-10-a"]


def test_without_a_journal_the_last_name_is_taken(lake: Lake) -> None:
    put(lake, "2026-10-b", "2026-10", modified=100)
    put(lake, "2026-10-a", "2026-10", modified=200)
    append_journal(lake, "release", "2026-10", seconds=1.0, details={})
    assert names(lake) == ["2026-10-b"]


def test_a_release_left_half_written_or_replaced_is_not_served(lake: Lake) -> None:
    for name in (".2026-10-a.tmp", ".2026-10-a.old"):
        put(lake, name, "2026-10", modified=300, release_id="2026-10-a")
    with pytest.raises(ReleaseError, match="No release"):
        latest_releases(lake)
    put(lake, "2026-10-a", "2026-10", modified=100)
    assert names(lake) == ["2026-10-a"]
