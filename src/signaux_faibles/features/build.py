"""Features of a panel: made in the same pass as its states, while their history is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import EngineChoice
from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE
from signaux_faibles.features.declare import Feature
from signaux_faibles.features.sets import EVERY_FEATURE, SETS, feature_set
from signaux_faibles.lake import Lake
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.panel.as_of import siren_text
from signaux_faibles.panel.build import PanelSummary, Progress, build_panel
from signaux_faibles.panel.choices import kept_choices
from signaux_faibles.panel.plan import derived_hash
from signaux_faibles.panel.store import read_manifest, table_files
from signaux_faibles.perimeter import PerimeterRules

FEATURES_TABLE = "features"


def features_sql(panel: str, features: Sequence[Feature] = CATALOGUE) -> str:
    """Query that makes the features of a panel.

    Parameters
    ----------
    panel : str
        SQL of a table of the panel, whose companies are named by their key inside a run: every month of each from the
        first that its features may look at.

    Returns
    -------
    str
        (siren, month, etat_procol_code, one DOUBLE per feature), for the months in perimeter.
    """
    columns = ",\n".join(f"CAST({feature.sql} AS DOUBLE) AS {feature.name}" for feature in features)
    names = ", ".join(feature.name for feature in features)
    return f"""
        SELECT {siren_text("siren")} AS siren, month, etat_procol_code, {names} FROM (
            SELECT siren, month, etat_procol_code, exclusion,
            {columns}
            FROM {panel} AS panel
        ) AS windowed WHERE exclusion IS NULL"""


def build_features(
    lake: Lake,
    as_of: int,
    *,
    set_name: str | None = None,
    rules: PerimeterRules | None = None,
    is_whole: bool | None = None,
    force: bool = False,
    choice: EngineChoice | None = None,
    progress: Progress | None = None,
) -> PanelSummary:
    """Build the panel of a month with its features.

    What is not asked for is what was asked of the panel as it was last built, or else of the latest one before it.

    Parameters
    ----------
    set_name : str, optional
        Set of features (see `features.sets`); all of them when no panel says.
    is_whole : bool, optional
        Keep the states of every month too (see `panel.build`).
    choice : EngineChoice, optional
        Engine that runs the queries.

    Raises
    ------
    InputError
        If no set has this name.
    StageError
        If the panel cannot be built.
    """
    recover_folder(lake.panel(as_of))
    kept = kept_choices(lake, as_of)
    name = set_name or (kept.set_name if kept.set_name in SETS else None) or EVERY_FEATURE
    summary = build_panel(
        lake,
        as_of,
        rules=rules,
        derived={FEATURES_TABLE: _set_sql(name)},
        set_name=name,
        is_whole=is_whole,
        force=force,
        choice=choice,
        progress=progress,
    )
    if kept.month in (None, as_of):
        return summary
    return replace(summary, inherited=kept.unless(set_name=set_name, rules=rules, is_whole=is_whole))


def built_set(lake: Lake, as_of: int) -> str | None:
    """Set of the features of a panel, None when they were not built by the catalogue in force."""
    done = read_manifest(lake.panel(as_of)) or {}
    derived = done.get("derived")
    made_by = derived.get(FEATURES_TABLE) if isinstance(derived, dict) else None
    return next((name for name in SETS if derived_hash(_set_sql(name)) == made_by), None)


def current_features(
    lake: Lake, as_of: int, *, names: Sequence[str] = (), first: int | None = None, last: int | None = None
) -> list[Path]:
    """Files of the features of a panel, of some months or of all, made by the catalogue in force.

    Parameters
    ----------
    names : sequence of str
        Features that must be among them.

    Raises
    ------
    StageError
        If they were not built, or the catalogue changed since.
    """
    found = built_set(lake, as_of)
    if found is None:
        raise StageError(
            f"No features as of {format_month(as_of)} by the catalogue in force in {lake.root}.",
            todo=f"Build them with `signaux panel --as-of {format_month(as_of)}`.",
        )
    if lacking := set(names) - set(feature_set(found)):
        raise StageError(
            f"The panel as of {format_month(as_of)} was built with the features of set {found}: {len(lacking)} of those"
            f" needed are not among them, such as {min(lacking)}.",
            todo=f"Build it again with `signaux panel --as-of {format_month(as_of)} --features {EVERY_FEATURE}`.",
        )
    return table_files(lake.panel(as_of), FEATURES_TABLE, first=first, last=last)


def _set_sql(name: str) -> str:
    return features_sql("panel_rows", [BY_NAME[feature] for feature in feature_set(name)])
