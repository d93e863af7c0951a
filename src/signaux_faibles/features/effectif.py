"""Features of theme `effectif`: headcount, its trend, and the establishments that carry it."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.trends import spread
from signaux_faibles.features.windows import change_ratio, lag, over_last, ratio

MOVES = {"ouverts": ("ouvert", "Ouverture"), "fermes": ("fermé", "Fermeture")}

MEAN_12M = over_last("AVG", "CAST(effectif_mensuel_count AS DOUBLE)", 12)


_feature = Family(Theme.EFFECTIF, DataClass.PUBLIC, ("effectif_ent",)).feature


def _change(months: int) -> Feature:
    return _feature(
        f"effectif_change_{months}m_ratio",
        change_ratio("effectif_mensuel_count", months),
        "%",
        f"Variation de l'effectif en {months} mois",
        f"Dernier effectif connu, comparé à celui que l'on connaissait {months} mois plus tôt.",
        f"En {months} mois, l'effectif a varié de {{value}}.",
        percent=True,
        missing=f"La variation de l'effectif en {months} mois ne se calcule pas : il n'est pas connu aux deux dates,"
        " ou il partait de zéro.",
        zero=f"En {months} mois, l'effectif n'a pas varié.",
        cap=5,
    )


def _moves(word: str, verb: str, noun: str) -> Feature:
    return _feature(
        f"etablissements_{word}_12m_count",
        f"CAST(etablissements_{word}_12m_count AS DOUBLE)",
        "établissements",
        f"{noun} d'établissements en un an",
        f"Nombre d'établissements qui ont {verb} depuis 12 mois, chacun compté une fois.",
        f"En un an, {{value}} ont {verb}.",
        "sirene_histo",
        zero=f"Aucun établissement n'a {verb} en un an.",
    )


def _spread(months: int) -> Feature:
    return _feature(
        f"effectif_spread_{months}m_ratio",
        spread("effectif_mensuel_count", months),
        "%",
        f"Dispersion de l'effectif sur {months} mois",
        f"Écart type des effectifs des {months} derniers mois, tels qu'on les connaissait, rapporté à leur moyenne.",
        f"Sur {months} mois, l'effectif s'écarte en moyenne de {{value}} de son niveau habituel.",
        percent=True,
        missing=f"La dispersion de l'effectif sur {months} mois ne se calcule pas : moins de trois mois sont connus, ou"
        " l'effectif est nul.",
        zero=f"L'effectif connu n'a pas bougé en {months} mois.",
    )


FEATURES: tuple[Feature, ...] = (
    _feature(
        "effectif_count",
        "CAST(effectif_count AS DOUBLE)",
        "salariés",
        "Effectif",
        "Dernier effectif connu.",
        "L'entreprise emploie {value}.",
        missing="L'effectif récent n'est pas connu.",
        zero="L'entreprise n'emploie aucun salarié.",
        reference="effectif",
    ),
    *(_change(months) for months in (3, 6, 12, 24)),
    _feature(
        "effectif_sur_max_24m_ratio",
        ratio("effectif_mensuel_count", over_last("MAX", "effectif_mensuel_count", 24)),
        "%",
        "Effectif rapporté à son plus haut",
        "Dernier effectif connu, rapporté au plus haut des deux dernières années.",
        "L'effectif est à {value} de son plus haut niveau en deux ans.",
        percent=True,
        missing="L'effectif récent n'est pas connu, ou il est nul depuis deux ans.",
        zero="L'entreprise n'emploie plus aucun salarié ; elle en employait encore il y a moins de deux ans.",
    ),
    _feature(
        "effectif_range_12m_ratio",
        ratio(
            f"({over_last('MAX', 'effectif_mensuel_count', 12)} - {over_last('MIN', 'effectif_mensuel_count', 12)})",
            MEAN_12M,
        ),
        "%",
        "Amplitude de l'effectif en un an",
        "Écart entre le plus haut et le plus bas effectif de l'année, rapporté à la moyenne.",
        "En un an, l'écart entre le plus haut et le plus bas effectif fait {value} de la moyenne.",
        percent=True,
        missing="L'effectif n'est pas connu sur un an, ou il est nul.",
        zero="En un an, l'effectif connu n'a pas varié.",
    ),
    *(_spread(months) for months in (12, 24)),
    _feature(
        "effectif_age_months",
        "CAST(month - effectif_month AS DOUBLE)",
        "mois",
        "Ancienneté du dernier effectif",
        "Mois écoulés depuis le mois du dernier effectif connu.",
        "Le dernier effectif connu date d'il y a {value}.",
        missing="Aucun effectif n'est connu.",
        zero="Le dernier effectif connu est celui du mois.",
    ),
    _feature(
        "etablissements_actifs_count",
        "CAST(etablissements_actifs_count AS DOUBLE)",
        "établissements",
        "Établissements en activité",
        "Nombre d'établissements en activité.",
        "L'entreprise a {value} en activité.",
        "sirene_histo",
        zero="L'entreprise n'a aucun établissement en activité.",
    ),
    *(_moves(word, verb, noun) for word, (verb, noun) in MOVES.items()),
    _feature(
        "etablissements_change_12m_count",
        f"CAST(etablissements_actifs_count - {lag('etablissements_actifs_count', 12)} AS DOUBLE)",
        "établissements",
        "Solde des établissements en un an",
        "Variation du nombre d'établissements en activité en 12 mois.",
        "En un an, le nombre d'établissements a varié de {value}.",
        "sirene_histo",
        missing="L'historique est trop court pour dire comment le nombre d'établissements a varié en un an.",
        zero="En un an, le nombre d'établissements n'a pas varié.",
    ),
)
