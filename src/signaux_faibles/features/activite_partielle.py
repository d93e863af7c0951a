"""Features of theme `activite_partielle`: short-time work, always per head, never in absolute hours."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import bounded, lag, over_last, ratio

ETP_MONTH_H = "151.67"
"""Hours of one full-time equivalent in a month."""

CHANGE_H = f"(ap_12m_centi_h - {lag('ap_12m_centi_h', 12)}) / 100.0"
WORKED_MONTH_H = f"CAST(effectif_count AS DOUBLE) * {ETP_MONTH_H}"
YEAR_H = f"{WORKED_MONTH_H} * 12"
HAS_AP = "CASE WHEN ap_3m_centi_h > 0 THEN 1 WHEN ap_3m_centi_h <= 0 THEN 0 END"

MOTIVES = {
    "economique": "pour motif économique",
    "approvisionnement": "pour difficultés d'approvisionnement",
    "restructuration": "pour restructuration",
    "exceptionnel": "pour sinistre ou circonstances exceptionnelles",
    "special": "pour un motif créé après les autres",
}
"""Motive, as in the columns of the panel: how to say it. The last are measures of crisis, apart from the others."""


def _hours_ratio(column: str, months: int) -> str:
    """Share of the working time of the company spent in short-time work, over some months."""
    return bounded(ratio(f"{column} / 100.0", f"{WORKED_MONTH_H} * {months}"), 0, 1)


NO_HEADCOUNT = (
    "La part du temps de travail chômée ne se calcule pas : les heures ou l'effectif récent ne sont pas connus, ou"
    " l'effectif est nul."
)


_feature = Family(Theme.ACTIVITE_PARTIELLE, DataClass.DGEFP, ("apconso", "effectif_ent")).feature


def _motive(word: str, words: str) -> Feature:
    return _feature(
        f"ap_{word}_12m_ratio",
        _hours_ratio(f"ap_{word}_12m_centi_h", 12),
        "%",
        f"Activité partielle autorisée {words}",
        f"Heures autorisées {words} en 12 mois, rapportées au temps de travail de l'effectif.",
        f"L'activité partielle autorisée {words} fait {{value}} du temps de travail sur un an.",
        "apdemande",
        "effectif_ent",
        percent=True,
        missing="La part de temps de travail autorisée ne se calcule pas : l'effectif récent est inconnu ou nul.",
        zero=f"Aucune heure n'est autorisée {words} sur un an.",
    )


FEATURES: tuple[Feature, ...] = (
    _feature(
        "ap_3m_ratio",
        _hours_ratio("ap_3m_centi_h", 3),
        "%",
        "Activité partielle sur 3 mois",
        "Heures chômées connues des 3 derniers mois, rapportées au temps de travail de l'effectif.",
        "Les heures chômées font {value} du temps de travail sur trois mois.",
        "apconso",
        "effectif_ent",
        percent=True,
        missing=NO_HEADCOUNT,
        zero="Aucune heure chômée n'est connue sur trois mois.",
    ),
    _feature(
        "ap_12m_ratio",
        _hours_ratio("ap_12m_centi_h", 12),
        "%",
        "Activité partielle sur 12 mois",
        "Heures chômées connues des 12 derniers mois, rapportées au temps de travail de l'effectif.",
        "Les heures chômées font {value} du temps de travail sur un an.",
        "apconso",
        "effectif_ent",
        percent=True,
        missing=NO_HEADCOUNT,
        zero="Aucune heure chômée n'est connue sur un an.",
    ),
    _feature(
        "ap_24m_ratio",
        _hours_ratio(f"(ap_12m_centi_h + {lag('ap_12m_centi_h', 12)})", 24),
        "%",
        "Activité partielle sur 24 mois",
        "Heures chômées connues des 24 derniers mois, rapportées au temps de travail de l'effectif.",
        "Les heures chômées font {value} du temps de travail sur deux ans.",
        percent=True,
        missing="La part du temps de travail chômée en deux ans ne se calcule pas : il manque un effectif ou deux ans"
        " d'historique.",
        zero="Aucune heure chômée n'est connue sur deux ans.",
    ),
    _feature(
        "ap_change_12m_ratio",
        bounded(ratio(CHANGE_H, YEAR_H), -1, 1),
        "points",
        "Variation de l'activité partielle en un an",
        "Heures chômées de l'année moins celles de l'année d'avant, rapportées au temps de travail de l'effectif.",
        "En un an, la part du temps de travail chômée a varié de {value}.",
        "apconso",
        "effectif_ent",
        percent=True,
        missing="La variation de l'activité partielle ne se calcule pas : il manque un effectif ou un an d'historique.",
        zero="En un an, la part du temps de travail chômée n'a pas varié.",
    ),
    _feature(
        "ap_24m_count",
        f"CAST({over_last('SUM', HAS_AP, 24)} AS DOUBLE)",
        "mois",
        "Mois précédés d'activité partielle, sur 24",
        "Mois, sur 24, dont les trois précédents comptent des heures chômées : un seul mois chômé en marque trois.",
        "Pour {value} sur vingt-quatre, les trois mois précédents comptent des heures chômées.",
        "apconso",
        zero="Aucune heure chômée n'est connue depuis deux ans.",
    ),
    _feature(
        "ap_autorise_ratio",
        _hours_ratio("ap_autorise_centi_h", 1),
        "%",
        "Activité partielle autorisée",
        "Heures autorisées pour le mois, rapportées au temps de travail de l'effectif.",
        "L'activité partielle est autorisée pour {value} du temps de travail.",
        "apdemande",
        "effectif_ent",
        percent=True,
        missing="La part de temps de travail autorisée ne se calcule pas : l'effectif récent est inconnu ou nul.",
        zero="Aucune heure d'activité partielle n'est autorisée pour le mois.",
    ),
    _feature(
        "ap_consomme_sur_autorise_ratio",
        bounded(ratio("ap_12m_centi_h", "ap_autorise_12m_centi_h"), 0, 2),
        "%",
        "Heures chômées sur heures autorisées",
        "Heures chômées connues de 12 mois, rapportées aux heures autorisées des mêmes mois.",
        "En un an, les heures chômées font {value} des heures autorisées.",
        "apconso",
        "apdemande",
        percent=True,
        missing="Aucune heure d'activité partielle n'était autorisée sur un an.",
        zero="Des heures étaient autorisées sur un an, et aucune n'est connue pour chômée.",
        cap=2,
        window=12,
    ),
    *(_motive(word, words) for word, words in MOTIVES.items()),
    _feature(
        "ap_demande_12m_count",
        "CAST(ap_demande_12m_count AS DOUBLE)",
        "demandes",
        "Demandes d'activité partielle en un an",
        "Nombre de demandes dont le statut date des 12 derniers mois.",
        "L'entreprise a déposé {value} d'activité partielle en un an.",
        "apdemande",
        zero="Aucune demande d'activité partielle n'est connue en un an.",
    ),
)
