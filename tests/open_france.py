"""A fake France of open data alone, from the simulated downloads to a release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.delivery import parse_delivery
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.ingest.importer import import_batch, open_lake_for
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.pipeline.run import run
from signaux_faibles.release.manifest import Manifest
from signaux_faibles.synthetic import simulate

COMPANIES, FIRST, UNTIL, EVERY = 1000, "2014-01", "2024-12", 36
"""Stocks of every third year: a company that closed long before the last one has no band in it."""


@dataclass(frozen=True)
class OpenFrance:
    """What was made.

    Parameters
    ----------
    raw : Path
        Folder of the batches.
    keys : tuple of str
        Batches, oldest first.
    """

    raw: Path
    keys: tuple[str, ...]
    lake: Lake
    manifest: Manifest

    @property
    def release(self) -> Path:
        """Folder of the release."""
        return self.lake.releases / self.manifest.release_id


def make_open_france(folder: Path) -> OpenFrance:
    """Simulate, import, learn, list and release."""
    summary = simulate(
        folder / "fake",
        companies=COMPANIES,
        seed=1,
        first_month=parse_month(FIRST),
        until_month=parse_month(UNTIL),
        batches=0,
        every=EVERY,
        profile=OPEN,
    )
    raw = folder / "fake" / "raw"
    lake = open_lake_for(folder / "lake", raw, profile=OPEN)
    for key in summary.batches:
        import_batch(lake, raw, batch=parse_delivery(key), accept="the year of every band changes between two stocks")
    (manifest,) = run(lake, [parse_month(UNTIL)])
    return OpenFrance(raw, summary.batches, lake, manifest)
