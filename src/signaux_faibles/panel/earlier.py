"""The panel of an earlier month, when this one may continue it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, parse_delivery
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel.as_of import SIREN_KEY, Step, siren_text
from signaux_faibles.panel.grid import HISTORY_MONTHS
from signaux_faibles.panel.inputs import FILTER, create
from signaux_faibles.panel.plan import Plan
from signaux_faibles.panel.store import PANEL_TABLE, REST_TABLE, check_files, read_manifest, table_files

MAX_MONTHS = 12
"""Beyond so many months, making every month again costs hardly more."""


@dataclass(frozen=True)
class Earlier:
    """A panel whose rows stand in the panel to make.

    Parameters
    ----------
    folder : Path
    as_of : int
    """

    folder: Path
    as_of: int

    @property
    def identity(self) -> str:
        """Hash by which another panel, made in its place, is known not to be this one."""
        files = sorted(self.folder.rglob("part-*.parquet"))
        held = [(str(path.relative_to(self.folder)), path.stat().st_size) for path in files]
        parts = [self.as_of, held, read_manifest(self.folder)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _files(self, first: int) -> list[Path]:
        return [
            *table_files(self.folder, PANEL_TABLE, first=first),
            *table_files(self.folder, REST_TABLE, first=first),
        ]

    def companies(self, engine: Engine, lake: Lake, as_of: int) -> tuple[list[str], list[str]]:
        """Companies whose rows are there up to the last month, and those to compute whole.

        The second never had a row, or none for some months: a window counts rows, and must not close over the months
        that lack. They are back only if the register says something new of them.
        """
        last_rows = f"{parquet_sql(self._files(self.as_of))} WHERE month = {self.as_of}"
        create(engine, Step("known_companies", f"SELECT DISTINCT {SIREN_KEY} AS siren FROM {last_rows}"))
        news = " UNION ".join(
            f"SELECT {SIREN_KEY} AS siren FROM ({versions_sql(lake, source, as_of)}) AS v"
            f" WHERE known_month > {self.as_of} OR until_month > {self.as_of}"
            for source in ("sirene_histo", "sirene")
        )
        known = [
            row[0] for row in engine.rows(f"SELECT {siren_text('siren')} AS siren FROM known_companies ORDER BY siren")
        ]
        entering = engine.rows(f"""
            SELECT {siren_text("r.siren")} AS siren FROM reached AS r
            WHERE (r.month > {self.as_of} OR r.siren IN (SELECT siren FROM ({news}) AS news))
                AND r.siren NOT IN (SELECT siren FROM known_companies)
            ORDER BY siren""")
        return known, [row[0] for row in entering]

    def stored(self, companies: Sequence[str], columns: Sequence[str], *, since: int) -> Step:
        """Rows of a bucket that the new ones look at, with the columns of the panel that are made."""
        return Step(
            "stored",
            f"""
            SELECT {", ".join(columns)} FROM {parquet_sql(self._files(since - HISTORY_MONTHS + 1))}
            WHERE siren >= '{companies[0]}' AND siren <= '{companies[-1]}'
                AND month >= {since - HISTORY_MONTHS + 1} AND month < {since}""",
        )

    def rest(self, companies: Sequence[str], *, first: int) -> Step:
        """Rows (siren, month) of a bucket that are in the `rest` from a month on: a company that is back has some."""
        files = table_files(self.folder, REST_TABLE, first=first)
        return Step(
            "earlier_rest",
            f"""
            SELECT {SIREN_KEY} AS siren, month FROM {parquet_sql(files)}
            WHERE siren >= '{companies[0]}' AND siren <= '{companies[-1]}' AND month >= {first}""",
        )


def find_earlier(engine: Engine, lake: Lake, plan: Plan) -> Earlier | None:
    """Latest panel that this one may continue: the same method, the same batches, and only news since.

    A batch that is the first of its source tells the past by its own dates, and a new filter holds for every month: the
    panel is then made whole. It is too when the rules look further back than the rows that a panel keeps.

    Raises
    ------
    LakeError
        If that panel was damaged.
    """
    if plan.rules.window_months > HISTORY_MONTHS:
        return None
    for month in range(plan.as_of - 1, plan.as_of - 1 - MAX_MONTHS, -1):
        folder = lake.panel(month)
        done = read_manifest(folder)
        if done is None or done.get("engine") != Engine.__name__ or done.get("method") != plan.method:
            continue
        if month - HISTORY_MONTHS + 1 < FIRST_PANEL_MONTH:
            continue
        read = done["inputs"]
        later = {key: value for key, value in plan.inputs.items() if _delivery(key)[1].month > month}
        if {key: value for key, value in plan.inputs.items() if key not in later} != read:
            continue
        if all(_is_news(engine, lake, key, month) for key in later):
            check_files(folder)
            return Earlier(folder, month)
    return None


def _delivery(key: str) -> tuple[str, Delivery]:
    source, batch = key.split("/")
    return source, parse_delivery(batch)


def _is_news(engine: Engine, lake: Lake, key: str, month: int) -> bool:
    """Whether every row of a batch was first known after a month."""
    source, batch = _delivery(key)
    if source == FILTER:
        return False
    parts = sorted(lake.staged(source, batch).glob("part-*.parquet"))
    known = "CAST(date_part('year', known_from) * 12 + date_part('month', known_from) - 1 AS INTEGER)"
    ((old,),) = engine.rows(f"SELECT COUNT(*) FROM {parquet_sql(parts)} WHERE {known} <= {month}")
    return bool(old == 0)
