"""A random world staged twice: as it is, and with rows that were first known after some month.

What that month could know is the same in both: whatever is computed of it must be the same too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from lakes import m, new_lake, stage
from random_world import BATCH, LATER, MIDDLE, World
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features import build as features_build
from signaux_faibles.features.build import FEATURES_TABLE
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.declare import Feature
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import PARTNERS
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.store import table_files

CHANGE = m("2021-10")
"""Month of the batch that only one of the two lakes has."""


@dataclass(frozen=True)
class Pair:
    """The same world in two lakes, which differ only by what was first known after a month.

    Parameters
    ----------
    plain, altered : Lake
    after : int
        Last month that may not see the difference.
    """

    plain: Lake
    altered: Lake
    after: int

    def altered_months(self, features: Sequence[Feature] = CATALOGUE) -> list[int]:
        """Months at or before the last one at which one of some features changed."""
        before, changed = (_values(lake, self.after, features) for lake in (self.plain, self.altered))
        assert len(before) > 20, "an empty comparison proves nothing"
        keys = {row[:2]: row for row in before}
        other = {row[:2]: row for row in changed}
        return sorted({key[1] for key in keys.keys() | other.keys() if repr(keys.get(key)) != repr(other.get(key))})


def staged_pair(path: Path, seed: int, *, profile: str = PARTNERS, most: int = 4) -> Pair:
    """A random world and a random month, staged.

    Parameters
    ----------
    most : int
        Rows that the altered lake adds, at most, by source and company.
    """
    world = World(seed)
    history = world.history() if profile == PARTNERS else world.open_history(has_history=seed % 2 == 0)
    world.sources = tuple(history)
    gone = world.withdrawn(history)
    after = world.random.choice(
        (world.random.randint(m("2018-01"), CHANGE - 1), world.random.randint(MIDDLE, CHANGE - 1))
    )
    plain, altered = (new_lake(path / f"{name}{seed}", profile=profile) for name in ("plain", "altered"))
    for lake in (plain, altered):
        for source, rows in history.items():
            stage(lake, source, BATCH, rows)
            stage(lake, source, MIDDLE, [], [(BATCH, rank) for rank in gone.get(source, [])])
        stage(lake, "comptes", LATER, [])
    back = (
        {source: [history[source][rank] for rank in ranks] for source, ranks in gone.items()} if after >= MIDDLE else {}
    )
    for source, (added, lost) in world.future(after, back, most=most).items():
        lost = [item for item in lost if item[1] not in gone.get(source, [])]
        stage(altered, source, CHANGE, added, lost)
    return Pair(plain, altered, after)


def _values(lake: Lake, until: int, features: Sequence[Feature]) -> list[tuple[Any, ...]]:
    derived = {FEATURES_TABLE: features_build.features_sql("panel_rows", features)}
    build_panel(lake, LATER, derived=derived, force=True)
    files = parquet_sql(table_files(lake.panel(LATER), FEATURES_TABLE))
    return duckdb.sql(f"SELECT * FROM {files} WHERE month <= {until} ORDER BY siren, month").fetchall()
