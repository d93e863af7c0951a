"""Features of theme `retards_paiement`: how late the company pays its suppliers."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import bounded, euros, lag, over_last

_feature = Family(Theme.RETARDS_PAIEMENT, DataClass.ALTARES, ("paydex",)).feature


def _change(months: int) -> Feature:
    return _feature(
        f"retard_change_{months}m_days",
        f"CASE WHEN paydex_month <> {lag('paydex_month', months)}"
        f" THEN CAST(retard_days - {lag('retard_days', months)} AS DOUBLE) END",
        "jours",
        f"Variation du retard en {months} mois",
        f"Retard moyen d'aujourd'hui moins celui que l'on connaissait {months} mois plus tôt, d'un autre mois.",
        f"En {months} mois, le retard de paiement a varié de {{value}}.",
        missing=f"La variation du retard de paiement en {months} mois ne se calcule pas : il n'est pas connu aux deux"
        " dates, ou ne l'est que par une même valeur.",
        zero=f"En {months} mois, le retard de paiement n'a pas varié.",
    )


FEATURES: tuple[Feature, ...] = (
    _feature(
        "retard_days",
        "CAST(retard_days AS DOUBLE)",
        "jours",
        "Retard de paiement",
        "Retard moyen de paiement des fournisseurs, pondéré par les montants.",
        "Retard moyen de paiement des fournisseurs : {value}.",
        missing="Le retard de paiement des fournisseurs n'est pas connu.",
        zero="Les fournisseurs sont payés sans retard en moyenne.",
        reference="paydex",
    ),
    *(_change(months) for months in (3, 6, 12)),
    _feature(
        "retard_age_months",
        "CAST(CASE WHEN month - paydex_month <= 6 THEN month - paydex_month END AS DOUBLE)",
        "mois",
        "Ancienneté du retard de paiement",
        "Mois écoulés depuis le mois du dernier retard de paiement connu.",
        "Le dernier retard de paiement connu date d'il y a {value}.",
        missing="Le retard de paiement des fournisseurs n'est pas connu.",
        zero="Le dernier retard de paiement connu est celui du mois.",
    ),
    _feature(
        "retard_max_12m_days",
        f"CAST({over_last('MAX', 'retard_days', 12)} AS DOUBLE)",
        "jours",
        "Plus haut retard en 12 mois",
        "Plus haut retard moyen de l'année écoulée.",
        "Au plus haut de l'année, retard moyen de paiement des fournisseurs : {value}.",
        missing="Le retard de paiement des fournisseurs n'est pas connu sur un an.",
        zero="Au plus haut de l'année, les fournisseurs étaient payés sans retard en moyenne.",
    ),
    _feature(
        "fpi_30_ratio",
        f"{bounded('fpi_30_pct', 0, 100)} / 100",
        "%",
        "Encours en retard de plus de 30 jours",
        "Part de l'encours fournisseurs qui a plus de 30 jours de retard.",
        "La part de l'encours fournisseurs en retard de plus de 30 jours est de {value}.",
        percent=True,
        zero="Aucune part de l'encours fournisseurs n'a plus de 30 jours de retard.",
        reference="fpi_30",
    ),
    _feature(
        "fpi_30_change_12m_ratio",
        f"({bounded('fpi_30_pct', 0, 100)} - {bounded(lag('fpi_30_pct', 12), 0, 100)}) / 100",
        "points",
        "Variation en un an de l'encours en retard",
        "Part de l'encours en retard de plus de 30 jours, moins celle que l'on connaissait un an plus tôt.",
        "En un an, la part de l'encours fournisseurs en retard de plus de 30 jours a varié de {value}.",
        percent=True,
        missing="La part de l'encours en retard n'est pas connue à un an d'écart : sa variation ne se calcule pas.",
        zero="En un an, la part de l'encours en retard de plus de 30 jours n'a pas varié.",
    ),
    _feature(
        "fpi_90_ratio",
        f"{bounded('fpi_90_pct', 0, 100)} / 100",
        "%",
        "Encours en retard de plus de 90 jours",
        "Part de l'encours fournisseurs qui a plus de 90 jours de retard.",
        "La part de l'encours fournisseurs en retard de plus de 90 jours est de {value}.",
        percent=True,
        zero="Aucune part de l'encours fournisseurs n'a plus de 90 jours de retard.",
        reference="fpi_90",
    ),
    _feature(
        "encours_eur",
        euros("encours_cents"),
        "€",
        "Encours fournisseurs observé",
        "Montant des factures observées.",
        "L'encours fournisseurs observé s'élève à {value}.",
        zero="Aucun encours fournisseurs n'est observé.",
    ),
    _feature(
        "fournisseurs_count",
        "CAST(fournisseurs_count AS DOUBLE)",
        "fournisseurs",
        "Fournisseurs observés",
        "Nombre de fournisseurs dont les paiements sont observés.",
        "Les paiements sont observés chez {value}.",
        zero="Les paiements ne sont observés chez aucun fournisseur.",
    ),
)
