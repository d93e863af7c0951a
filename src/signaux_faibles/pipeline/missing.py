"""What a panel does without: sources never delivered, series that ended, and features unknown for want of them.

A feature counts as missing when no company in perimeter has a value for it at the month of the panel and one of its
sources was never delivered: it is looked at in the data, not deduced, since another source may tell the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from signaux_faibles.domain.periode import batch_key, format_month
from signaux_faibles.domain.theme import Theme
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.features.build import built_set, current_features
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.declare import Feature
from signaux_faibles.features.publication import DELAY_MONTHS
from signaux_faibles.features.sets import EVERY_FEATURE, feature_set
from signaux_faibles.lake import Lake
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.inputs import absent_sources
from signaux_faibles.panel.states.macro import failures_series, production_series
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
    ended_series : dict of str to str
        Series of the package that do the same because they end before that month: last month of each, `YYYY-MM`.
    """

    theme: str
    label: str
    features_count: int
    unknown_count: int
    known_share: float
    missing_sources: tuple[str, ...]
    ended_series: dict[str, str]


def theme_vintages(lake: Lake, as_of: int) -> list[ThemeVintage]:
    """Vintage of every theme of a panel, at its month, in the order of the screens.

    Raises
    ------
    StageError
        If the features were not built.
    """
    companies, known = _known_counts(lake, as_of)
    absent, ended = absent_sources(lake, as_of), _ended_series(as_of)
    found = []
    for theme, features in _by_theme(known).items():
        unknown = [feature for feature in features if not known[feature.name]]
        series = {name for feature in unknown for name in feature.series}
        total = sum(known[feature.name] for feature in features)
        found.append(
            ThemeVintage(
                theme=theme.value,
                label=theme.label,
                features_count=len(features),
                unknown_count=len(unknown),
                known_share=total / (companies * len(features)) if companies else 0.0,
                missing_sources=tuple(sorted({source for feature in unknown for source in feature.sources} & absent)),
                ended_series={name: last for name, last in ended.items() if name in series},
            )
        )
    return found


def missing_themes(lake: Lake, as_of: int) -> dict[str, list[str]]:
    """Sources never delivered, by theme that they leave without some of its features: for the manifest of a release."""
    return {one.theme: list(one.missing_sources) for one in theme_vintages(lake, as_of) if one.missing_sources}


def missing_warning(lake: Lake, as_of: int) -> str | None:
    """Sentence on the sources that this lake could hold and never got, with the features missing; None without any.

    Raises
    ------
    StageError
        If the features were not built.
    """
    _, known = _known_counts(lake, as_of)
    possible = frozenset(OPEN_SOURCES if lake.profile == OPEN else SOURCES) & absent_sources(lake, as_of)
    sources: set[str] = set()
    counts = []
    for theme, features in _by_theme(known).items():
        missing = [one for one in features if not known[one.name] and possible.intersection(one.sources)]
        if missing:
            sources.update(*(possible.intersection(one.sources) for one in missing))
            counts.append(f"{len(missing)} of the {len(features)} features of {theme.label}")
    if not counts:
        return None
    return (
        f"No batch of {', '.join(sorted(sources))} at or before {batch_key(as_of)}. Unknown for every company:"
        f" {', '.join(counts)}. Import what you have with `signaux import`."
    )


def _by_theme(known: Mapping[str, int]) -> dict[Theme, list[Feature]]:
    """Features that a panel was built with, by theme, in the order of the screens."""
    built = [feature for feature in CATALOGUE if feature.name in known]
    found = {theme: [feature for feature in built if feature.theme == theme] for theme in Theme}
    return {theme: features for theme, features in found.items() if features}


def _ended_series(as_of: int) -> dict[str, str]:
    """Series of the package that have ended, so that nothing of them is known for a month: last month of each."""
    lasts = {
        "ipi_insee": max(month for series in production_series().values() for month in series),
        "defaillances_insee": max(failures_series()),
    }
    return {name: format_month(last) for name, last in lasts.items() if last + DELAY_MONTHS[name] < as_of}


def _known_counts(lake: Lake, as_of: int) -> tuple[int, dict[str, int]]:
    """Companies in perimeter at the month of a panel, and how many of them have a value, by feature that it has."""
    files = parquet_sql(current_features(lake, as_of, first=as_of))
    names = feature_set(built_set(lake, as_of) or EVERY_FEATURE)
    counts = ", ".join(f"COUNT({name})" for name in names)
    with Engine(lake.scratch / "missing") as engine:
        ((companies, *known),) = engine.rows(f"SELECT COUNT(*), {counts} FROM {files} WHERE month = {as_of}")
    return companies, dict(zip(names, known, strict=True))
