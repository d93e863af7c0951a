"""Features of theme `dette_urssaf`: contributions called."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.trends import half_year_change, ratio_change
from signaux_faibles.features.windows import KNOWN_COTISATION_MONTHS, change_ratio, euros, ratio, whole_cotisation

_feature = Family(Theme.DETTE_URSSAF, DataClass.URSSAF, ("cotisation",)).feature


FEATURES: tuple[Feature, ...] = (
    _feature(
        "cotisation_par_effectif_eur",
        ratio(euros("cotisation_12m_cents"), "effectif_count"),
        "€",
        "Cotisations par salarié",
        "Cotisations appelées en 12 mois, rapportées au dernier effectif connu.",
        "Les cotisations de l'année font {value} par salarié.",
        "cotisation",
        "effectif_ent",
        missing="Les cotisations par salarié ne se calculent pas : l'effectif récent est inconnu ou nul.",
        zero="Aucune cotisation n'est connue pour l'année.",
        window=12,
    ),
    _feature(
        "cotisation_par_effectif_change_12m_ratio",
        ratio_change(whole_cotisation(12), "effectif_count", 12),
        "%",
        "Variation des cotisations par salarié en un an",
        "Cotisations de 12 mois par salarié, comparées à celles que l'on calculait un an plus tôt.",
        "En un an, les cotisations par salarié ont varié de {value}.",
        "cotisation",
        "effectif_ent",
        percent=True,
        missing="La variation des cotisations par salarié ne se calcule pas : il manque un effectif, ou une année"
        " entière.",
        zero="En un an, les cotisations par salarié n'ont pas varié.",
        cap=5,
    ),
    _feature(
        "cotisation_change_3m_ratio",
        change_ratio(whole_cotisation(3), 3),
        "%",
        "Variation des cotisations en 3 mois",
        "Cotisations des 3 derniers mois, comparées aux 3 mois d'avant.",
        "En 3 mois, les cotisations appelées ont varié de {value}.",
        "cotisation",
        percent=True,
        missing="La variation des cotisations en 3 mois ne se calcule pas : celles d'avant sont nulles ou incomplètes.",
        zero="En 3 mois, les cotisations appelées n'ont pas varié.",
        cap=5,
    ),
    _feature(
        "cotisation_change_6m_ratio",
        half_year_change(whole_cotisation(3)),
        "%",
        "Variation des cotisations en 6 mois",
        "Cotisations des 6 derniers mois, comparées aux 6 mois d'avant.",
        "En 6 mois, les cotisations appelées ont varié de {value}.",
        "cotisation",
        percent=True,
        missing="La variation des cotisations en 6 mois ne se calcule pas : celles d'avant sont nulles ou incomplètes.",
        zero="En 6 mois, les cotisations appelées n'ont pas varié.",
        cap=5,
    ),
    _feature(
        "cotisation_change_12m_ratio",
        change_ratio(whole_cotisation(12), 12),
        "%",
        "Variation des cotisations en un an",
        "Cotisations des 12 derniers mois, comparées aux 12 mois d'avant.",
        "En un an, les cotisations appelées ont varié de {value}.",
        "cotisation",
        percent=True,
        missing="La variation des cotisations ne se calcule pas : l'année d'avant est nulle ou incomplète.",
        zero="En un an, les cotisations appelées n'ont pas varié.",
        cap=5,
    ),
    _feature(
        "cotisation_3m_sur_12m_ratio",
        ratio(f"{whole_cotisation(3)} * ({KNOWN_COTISATION_MONTHS})", "3 * cotisation_12m_cents"),
        "%",
        "Rythme récent des cotisations",
        "Moyenne mensuelle des cotisations des 3 derniers mois, rapportée à celle de l'année : des mois depuis le"
        " premier connu, 12 au plus.",
        "Les cotisations récentes sont à {value} du rythme de l'année.",
        "cotisation",
        percent=True,
        missing="Le rythme récent des cotisations ne se calcule pas : aucune n'est connue pour l'année, ou moins de"
        " trois mois le sont.",
        zero="Aucune cotisation n'est connue pour les trois derniers mois.",
        window=12,
    ),
)
