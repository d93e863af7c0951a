"""Panel -> features, one file of companies at a time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.catalogue import CATALOGUE, catalogue_version
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.panel.build import panel_fingerprint

Progress = Callable[[int, int], None]


def features_folder(lake: Lake, as_of: int) -> Path:
    """Folder of the features of a panel."""
    return lake.panel(as_of) / "features"


def current_features(lake: Lake, as_of: int) -> list[Path]:
    """Files of the features of a panel, made from it by the catalogue in force.

    Raises
    ------
    StageError
        If they were not built, or the panel or the catalogue changed since.
    """
    folder, wanted = features_folder(lake, as_of), _fingerprint(lake, as_of)
    card = folder / "manifest.json"
    if not card.is_file() or json.loads(card.read_text(encoding="utf-8"))["fingerprint"] != wanted:
        raise StageError(
            f"No features as of {format_month(as_of)} by the catalogue in force in {lake.root}.",
            todo=f"Build them with `signaux panel --as-of {format_month(as_of)}`.",
        )
    return sorted(folder.glob("part-*.parquet"))


def features_sql(panel: str) -> str:
    """Query that makes the features of a panel.

    Parameters
    ----------
    panel : str
        SQL of a table of the panel, whole companies.

    Returns
    -------
    str
        (siren, month, etat_procol_code, one DOUBLE per feature), for the months in perimeter from January 2016, sorted.
    """
    columns = ",\n".join(f"CAST({feature.sql} AS DOUBLE) AS {feature.name}" for feature in CATALOGUE)
    names = ", ".join(feature.name for feature in CATALOGUE)
    return f"""
        SELECT siren, month, etat_procol_code, {names} FROM (
            SELECT siren, month, etat_procol_code, exclusion,
            {columns}
            FROM {panel} AS panel
        ) AS windowed WHERE exclusion IS NULL AND month >= {FIRST_PANEL_MONTH} ORDER BY siren, month"""


def build_features(lake: Lake, as_of: int, *, force: bool = False, progress: Progress | None = None) -> int:
    """Build the features of a panel that exists.

    Returns
    -------
    int
        Rows.
    """
    folder = features_folder(lake, as_of)
    recover_folder(folder)
    fingerprint = _fingerprint(lake, as_of)
    card = folder / "manifest.json"
    if not force and card.is_file() and (done := json.loads(card.read_text()))["fingerprint"] == fingerprint:
        return int(done["rows_count"])
    parts = sorted((lake.panel(as_of) / "panel").glob("part-*.parquet"))
    rows = 0
    with Engine(lake.scratch / "features") as engine, write_folder(folder) as temporary:
        for rank, part in enumerate(parts):
            rows += engine.write_parquet(features_sql(parquet_sql([part])), temporary / part.name)
            if progress:
                progress(rank + 1, len(parts))
        content = {"fingerprint": fingerprint, "rows_count": rows}
        (temporary / "manifest.json").write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    shutil.rmtree(lake.scratch / "features", ignore_errors=True)
    return rows


def _fingerprint(lake: Lake, as_of: int) -> str:
    return f"{panel_fingerprint(lake, as_of)} {catalogue_version()}"
