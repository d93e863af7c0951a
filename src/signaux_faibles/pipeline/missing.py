"""What a panel does without: sources never delivered, and the features that are unknown for everybody because of them.

A feature counts as missing when no company in perimeter has a value for it at the month of the panel and one of its
sources was never delivered: it is looked at in the data, not deduced, since another source may tell the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.periode import batch_key
from signaux_faibles.domain.theme import Theme
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.build import built_set, current_features
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.sets import EVERY_FEATURE, feature_set
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.inputs import absent_sources
from signaux_faibles.sources import OPEN_SOURCES, SOURCES


@dataclass(frozen=True)
class ThemeVintage:
    """What is known of a theme at the month of a panel, among the companies in perimeter.

    Parameters
    ----------
    theme, label : str
    features_count, unknown_count : int
        Features that the panel was built with, and those that no company has.
    known_share : float
        Mean, over the features, of the share of the companies that have a value.
    missing_sources : tuple of str
        Sources never delivered that leave a feature of the theme without any value.
    """

    theme: str
    label: str
    features_count: int
    unknown_count: int
    known_share: float
    missing_sources: tuple[str, ...]


def theme_vintages(lake: Lake, as_of: int) -> list[ThemeVintage]:
    """Vintage of every theme of a panel, at its month, in the order of the screens.

    Raises
    ------
    StageError
        If the features were not built.
    """
    companies, known = _known_counts(lake, as_of)
    absent = absent_sources(lake, as_of)
    found = []
    for theme in Theme:
        features = [feature for feature in CATALOGUE if feature.theme == theme and feature.name in known]
        if not features:
            continue
        unknown = [feature for feature in features if not known[feature.name]]
        total = sum(known[feature.name] for feature in features)
        found.append(
            ThemeVintage(
                theme=theme.value,
                label=theme.label,
                features_count=len(features),
                unknown_count=len(unknown),
                known_share=total / (companies * len(features)) if companies else 0.0,
                missing_sources=tuple(sorted({source for feature in unknown for source in feature.sources} & absent)),
            )
        )
    return found


def missing_themes(lake: Lake, as_of: int) -> dict[str, list[str]]:
    """Sources never delivered, by theme that they leave without some of its features: for the manifest of a release."""
    return {one.theme: list(one.missing_sources) for one in theme_vintages(lake, as_of) if one.missing_sources}


def missing_warnings(lake: Lake, as_of: int) -> list[str]:
    """One sentence per source that this lake could hold and that was never delivered, if a feature misses it."""
    possible = OPEN_SOURCES if lake.profile == OPEN else tuple(SOURCES)
    themes: dict[str, list[str]] = {}
    for one in theme_vintages(lake, as_of):
        for source in one.missing_sources:
            themes.setdefault(source, []).append(one.label)
    return [
        f"No batch of {source} ({SOURCES[source].label}) at or before {batch_key(as_of)}: features of these themes are"
        f" unknown for every company: {', '.join(labels)}. Import it with `signaux import`."
        for source, labels in sorted(themes.items())
        if source in possible
    ]


def _known_counts(lake: Lake, as_of: int) -> tuple[int, dict[str, int]]:
    """Companies in perimeter at the month of a panel, and how many of them have a value, by feature that it has."""
    files = parquet_sql(current_features(lake, as_of, first=as_of))
    names = feature_set(built_set(lake, as_of) or EVERY_FEATURE)
    counts = ", ".join(f"COUNT({name})" for name in names)
    with Engine(lake.scratch / "missing") as engine:
        ((companies, *known),) = engine.rows(f"SELECT COUNT(*), {counts} FROM {files} WHERE month = {as_of}")
    return companies, dict(zip(names, known, strict=True))
