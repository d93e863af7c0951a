"""What a delivery looks like: counts by column, code, month and department, to compare with the next one.

Counts only. A code is written when it is one of few, and borne by many rows; columns that name a company, a person, an
account or a place are never looked into.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.ingest.stage import Reading
from signaux_faibles.ingest.versions import staged_deliveries, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.schema.column import Column, Kind

MAX_CODES = 100
MIN_ROWS_BY_CODE = 20
"""Rows by distinct value, on average, under which a column is not one of codes."""
SAMPLE_ROWS = 20_000
TRIMMED_FIRST_RATIO, TRIMMED_LAST_RATIO = 0.01, 0.001
"""Shares of the rows left out at the ends of a span: a few old or mistyped dates must not move it."""
CODED = re.compile(
    "(code|type|categorie|tranche|etat|statut|indic|nature|famille|action|stade|motif|perimetre|regime)(_.*)?"
)
NOT_CODED = frozenset({"code_postal", "code_commune", "code_cedex"})
DEPARTEMENT = "departement"


@dataclass(frozen=True)
class Span:
    """First and last month of a column, `YYYY-MM`, but for the few rows left out at the ends."""

    first: str
    last: str


@dataclass(frozen=True)
class Profile:
    """Counts of a delivery.

    Parameters
    ----------
    rows : int
        Rows kept: those of the file for a wide source.
    nulls : dict of str to int
        Empty values by column.
    codes : dict of str to dict of str to int
        Rows by code, for the columns of codes.
    spans : dict of str to Span
        For every date or month.
    departements : dict of str to int
        Rows by department, when it is a column of the source, or else by that of the head office as deliveries before
        this one tell it; empty when they do not.
    """

    rows: int = 0
    nulls: dict[str, int] = field(default_factory=dict)
    codes: dict[str, dict[str, int]] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    departements: dict[str, int] = field(default_factory=dict)


def profile_from(content: Mapping[str, Any]) -> Profile:
    """Profile of the content of a manifest."""
    spans = {name: Span(**span) for name, span in content["spans"].items()}
    return Profile(**{**content, "spans": spans})


class Heads:
    """Department of the head office of each company, read once for all the sources of a run.

    Parameters
    ----------
    lake : Lake
    delivery : Delivery
        Only what came before it is read: the profile of a source must not depend on which of its delivery was imported
        first.
    """

    def __init__(self, lake: Lake, delivery: Delivery) -> None:
        self._lake, self._delivery = lake, delivery
        self._path: Path | None = None

    def sql(self, engine: Engine) -> str:
        """SQL table of `siren` and `departement`; empty while no establishment is staged."""
        if self._path is None:
            path = self._lake.scratch / "heads.parquet"
            earlier = [one for one in staged_deliveries(self._lake, "sirene") if one < self._delivery]
            versions = versions_sql(self._lake, "sirene", earlier[-1] if earlier else -1)
            engine.write_parquet(
                f"SELECT siren, min(departement) AS departement FROM ({versions}) "
                "WHERE until_month IS NULL AND is_siege AND departement <> '' GROUP BY siren ORDER BY siren",
                path,
            )
            self._path = path
        return parquet_sql([self._path])


def make_profile(reading: Reading, heads: Heads) -> Profile:
    """Profile of the rows kept of a source."""
    engine, source = reading.engine, reading.source
    if source.is_wide:
        table = "kept"
        columns = [column for column in source.columns if column.name not in ("month", "effectif_count")]
        spans = _wide_spans(engine, table)
    else:
        table, columns = "fresh", list(source.columns)
        spans = {column.name: span for column in columns if (span := _span(engine, table, column))}
    rows, nulls = _nulls(engine, table, columns)
    return Profile(
        rows, nulls, _codes(engine, table, columns, rows), spans, _departements(engine, table, columns, heads)
    )


def _nulls(engine: Engine, table: str, columns: list[Column]) -> tuple[int, dict[str, int]]:
    empty = [f"nullif(\"{c.name}\", '')" if c.kind is Kind.TEXT else f'"{c.name}"' for c in columns]
    found = engine.rows(f"SELECT count(*), {', '.join(f'count({value})' for value in empty)} FROM {table}")[0]
    return found[0], {c.name: found[0] - count for c, count in zip(columns, found[1:], strict=True)}


def _codes(engine: Engine, table: str, columns: list[Column], rows: int) -> dict[str, dict[str, int]]:
    if rows < MIN_ROWS_BY_CODE:
        return {}
    candidates = [c.name for c in columns if CODED.fullmatch(c.name) and c.name not in NOT_CODED]
    candidates = [name for name in candidates if not name.endswith(("_cents", "_count", "_days", "_month"))]
    if not candidates:
        return {}
    counts = ", ".join(f'count(DISTINCT "{name}")' for name in candidates)
    sampled = engine.rows(f"SELECT {counts} FROM (SELECT * FROM {table} LIMIT {SAMPLE_ROWS})")[0]
    codes: dict[str, dict[str, int]] = {}
    for name, distinct in zip(candidates, sampled, strict=True):
        if distinct > MAX_CODES:
            continue
        counted = f'SELECT "{name}" AS value, count(*) AS n FROM {table} GROUP BY value'
        found = engine.rows(
            f"SELECT code, n FROM (SELECT CAST(value AS VARCHAR) AS code, n FROM ({counted})) "
            f"WHERE code <> '' ORDER BY code LIMIT {MAX_CODES + 1}"
        )
        if found and len(found) <= min(MAX_CODES, rows // MIN_ROWS_BY_CODE):
            codes[name] = dict(found)
    return codes


def _span(engine: Engine, table: str, column: Column) -> Span | None:
    name = f'"{column.name}"'
    if column.kind is Kind.DATE:
        month = f"year({name}) * 12 + month({name}) - 1"
    elif column.kind is Kind.INTEGER and (column.name == "month" or column.name.endswith("_month")):
        month = name
    else:
        return None
    return _trimmed(
        engine.rows(f"SELECT {month} AS m, count(*) FROM {table} WHERE {name} IS NOT NULL GROUP BY m ORDER BY m")
    )


def _wide_spans(engine: Engine, table: str) -> dict[str, Span]:
    names = [row[0] for row in engine.rows("SELECT column_name FROM (DESCRIBE typed)") if row[0].startswith("m_")]
    counts = engine.rows(f"SELECT {', '.join(f'count({name})' for name in names)} FROM {table}")[0]
    found = sorted((int(name.removeprefix("m_")), count) for name, count in zip(names, counts, strict=True) if count)
    return {"month": span} if (span := _trimmed(found)) else {}


def _trimmed(counts: list[tuple[Any, ...]]) -> Span | None:
    if not counts:
        return None
    total = sum(count for _, count in counts)
    first, last = _bound(counts, TRIMMED_FIRST_RATIO * total), _bound(counts[::-1], TRIMMED_LAST_RATIO * total)
    return Span(format_month(first), format_month(last))


def _bound(counts: list[tuple[Any, ...]], allowed: float) -> int:
    """First month, in the given order, before which at most so many rows stand."""
    seen = 0
    for month, count in counts:
        seen += count
        if seen > allowed:
            return int(month)
    raise ValueError("no row is left")


def _departements(engine: Engine, table: str, columns: list[Column], heads: Heads) -> dict[str, int]:
    if any(column.name == DEPARTEMENT for column in columns):
        sql = (
            f"SELECT {DEPARTEMENT}, count(*) FROM {table} WHERE {DEPARTEMENT} <> '' "
            f"GROUP BY {DEPARTEMENT} ORDER BY {DEPARTEMENT}"
        )
    else:
        sql = (
            f"SELECT h.departement, CAST(sum(c.rows_count) AS BIGINT) FROM companies c JOIN {heads.sql(engine)} h "
            "ON h.siren = c.siren GROUP BY h.departement ORDER BY h.departement"
        )
    return dict(engine.rows(sql))
