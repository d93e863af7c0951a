"""Panels of hand-made lakes, read back as small tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from lakes import (
    SIREN,
    Row,
    a_company,
    m,
    new_lake,
    stage_all,
)
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features.build import build_features, current_features
from signaux_faibles.features.catalogue import FEATURE_NAMES
from signaux_faibles.lake import Lake
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.store import states_sql

AS_OF = m("2021-12")


def panel_columns(lake: Lake, *columns: str, as_of: int = AS_OF) -> dict[str, tuple[Any, ...]]:
    """Columns of the company, by month."""
    build_panel(lake, as_of, is_whole=True)
    return panel_of(lake, SIREN, *columns, as_of=as_of)


def panel_of(lake: Lake, siren: str, *columns: str, as_of: int = AS_OF) -> dict[str, tuple[Any, ...]]:
    rows = duckdb.sql(
        f"SELECT month, {', '.join(columns)} FROM {states_sql(lake, as_of)} WHERE siren = '{siren}' ORDER BY month"
    ).fetchall()
    return {format_month(row[0]): row[1:] for row in rows}


def lake_of(path: Path, **sources: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), **sources})
    return lake


def features_by_month(lake: Lake) -> dict[str, dict[str, float | None]]:
    """Features of the company, by month."""
    build_features(lake, AS_OF)
    rows = duckdb.sql(
        f"SELECT month, {', '.join(FEATURE_NAMES)} FROM {parquet_sql(current_features(lake, AS_OF))}"
        f" WHERE siren = '{SIREN}'"
    ).fetchall()
    return {format_month(row[0]): dict(zip(FEATURE_NAMES, row[1:], strict=True)) for row in rows}
