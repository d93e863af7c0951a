"""Features of a panel: made in the same pass as its states, while their history is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.declare import Feature
from signaux_faibles.lake import Lake
from signaux_faibles.panel.build import PanelSummary, Progress, build_panel
from signaux_faibles.panel.plan import derived_hash
from signaux_faibles.panel.store import read_manifest, table_files
from signaux_faibles.perimeter import PerimeterRules

FEATURES_TABLE = "features"


def features_sql(panel: str, features: Sequence[Feature] = CATALOGUE) -> str:
    """Query that makes the features of a panel.

    Parameters
    ----------
    panel : str
        SQL of a table of the panel: every month of each company from the first that its features may look at.

    Returns
    -------
    str
        (siren, month, etat_procol_code, one DOUBLE per feature), for the months in perimeter.
    """
    columns = ",\n".join(f"CAST({feature.sql} AS DOUBLE) AS {feature.name}" for feature in features)
    names = ", ".join(feature.name for feature in features)
    return f"""
        SELECT siren, month, etat_procol_code, {names} FROM (
            SELECT siren, month, etat_procol_code, exclusion,
            {columns}
            FROM {panel} AS panel
        ) AS windowed WHERE exclusion IS NULL"""


def build_features(
    lake: Lake,
    as_of: int,
    *,
    rules: PerimeterRules | None = None,
    features: Sequence[Feature] = CATALOGUE,
    force: bool = False,
    progress: Progress | None = None,
) -> PanelSummary:
    """Build the panel of a month with its features."""
    derived = {FEATURES_TABLE: features_sql("panel_rows", features)}
    return build_panel(lake, as_of, rules=rules, derived=derived, force=force, progress=progress)


def current_features(lake: Lake, as_of: int, *, first: int | None = None, last: int | None = None) -> list[Path]:
    """Files of the features of a panel, of some months or of all, made by the catalogue in force.

    Raises
    ------
    StageError
        If they were not built, or the catalogue changed since.
    """
    folder = lake.panel(as_of)
    done = read_manifest(folder)
    files = table_files(folder, FEATURES_TABLE, first=first, last=last)
    if done is None or not files or _made_by(done) != derived_hash(features_sql("panel_rows")):
        raise StageError(
            f"No features as of {format_month(as_of)} by the catalogue in force in {lake.root}.",
            todo=f"Build them with `signaux panel --as-of {format_month(as_of)}`.",
        )
    return files


def _made_by(manifest: dict[str, object]) -> str | None:
    derived = manifest.get("derived")
    return derived.get(FEATURES_TABLE) if isinstance(derived, dict) else None
