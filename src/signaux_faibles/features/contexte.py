"""What surrounds the company: how often its trade and its département fail, how its industry goes (theme `identite`).

Rates are of the whole nation, from what was known at the time; the two series are as revised today, and stop: see
`panel/states/contexte.py` and `panel/states/series/README.md`.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature

_rate = Family(Theme.IDENTITE, DataClass.URSSAF, ("procol", "bodacc", "sirene_ul", "sirene_histo")).feature
_series = Family(Theme.IDENTITE, DataClass.PUBLIC, ("sirene_ul",)).feature

PLACES = {"secteur": "la division d'activité", "departement": "le département"}


def _level(word: str) -> Feature:
    place = PLACES[word]
    return _rate(
        f"{word}_ouvertures_12m_ratio",
        f"{word}_ouvertures_12m_ratio",
        "%",
        f"Procédures dans {place}",
        f"Ouvertures apprises en 12 mois dans {place}, par entreprise en activité de la taille du périmètre, ramenées"
        " vers le taux national comme par 200 entreprises de plus.",
        f"Dans {place}, les procédures apprises en un an concernent {{value}} des entreprises.",
        percent=True,
        missing=f"Procédures dans {place} : aucune entreprise n'y était suivie.",
        zero=f"Dans {place}, aucune procédure n'a été apprise en un an.",
    )


def _change(word: str) -> Feature:
    place = PLACES[word]
    return _rate(
        f"{word}_ouvertures_change_12m_ratio",
        f"{word}_ouvertures_change_12m_ratio",
        "points",
        f"Variation des procédures dans {place}",
        f"Taux d'ouvertures d'un an dans {place}, moins celui que l'on calculait un an plus tôt.",
        f"En un an, la part des entreprises touchées dans {place} a varié de {{value}}.",
        percent=True,
        missing=f"Variation des procédures dans {place} : aucune entreprise n'y était suivie un an plus tôt.",
        zero=f"En un an, la part des entreprises touchées dans {place} n'a pas varié.",
    )


MACRO_FEATURES: tuple[Feature, ...] = (
    _series(
        "ipi_change_12m_ratio",
        "ipi_change_12m_ratio",
        "%",
        "Variation de la production de la branche",
        "Indice de production de la classe NACE, ou de sa division, sur 3 mois, comparé à un an plus tôt ; la série"
        " s'arrête en décembre 2023, et la variable est inconnue après février 2024.",
        "En un an, la production industrielle de la branche a varié de {value}.",
        percent=True,
        missing="La production de la branche n'est pas suivie, ou pas encore publiée.",
        zero="En un an, la production industrielle de la branche n'a pas varié.",
        series=("ipi_insee",),
    ),
    _series(
        "defaillances_change_12m_ratio",
        "defaillances_change_12m_ratio",
        "%",
        "Variation des défaillances de l'industrie",
        "Défaillances de l'industrie, sur 3 mois, comparées à un an plus tôt ; la série s'arrête en novembre 2024, et"
        " la variable est inconnue après janvier 2025.",
        "En un an, les défaillances de l'industrie ont varié de {value}.",
        percent=True,
        missing="Les défaillances de la branche ne sont pas suivies, ou pas encore publiées.",
        zero="En un an, les défaillances de l'industrie n'ont pas varié.",
        series=("defaillances_insee",),
    ),
)
"""Series that stop before today: described, not learnt from."""

MACRO: frozenset[str] = frozenset(feature.name for feature in MACRO_FEATURES)

FEATURES: tuple[Feature, ...] = (
    *(_level(word) for word in PLACES),
    *(_change(word) for word in PLACES),
    *MACRO_FEATURES,
)
