"""Features of theme `dette_urssaf`: contributions called, unpaid contributions (*debits*), payment plans (*delais*)."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import bounded, change_ratio, euros, lag, months_of_cotisation, over_last, ratio

DEBIT = "(debit_ouvriere_cents + debit_patronale_cents)"
HAS_DEBIT = f"CASE WHEN {DEBIT} > 0 THEN 1 WHEN {DEBIT} <= 0 THEN 0 END"
_CLEAN = f"CASE WHEN {DEBIT} <= 0 THEN month END"
LAST_CLEAN_MONTH = f"COALESCE({over_last('MAX', _CLEAN, 36)}, {over_last('MIN', 'month', 36)} - 1)"


CAP_MONTHS = 36
"""Where `months_of_cotisation` and the age of a debt stop."""

NO_DEBT = "L'entreprise n'a pas de dette Urssaf."
NO_DEBT_IN_A_YEAR = "L'entreprise n'a pas eu de dette Urssaf en un an."
NO_DEBT_IN_TWO_YEARS = "L'entreprise n'a pas eu de dette Urssaf en deux ans."


_feature = Family(Theme.DETTE_URSSAF, DataClass.URSSAF, ("debit", "cotisation")).feature


def _change(months: int) -> Feature:
    return _feature(
        f"debit_change_{months}m_months",
        months_of_cotisation(f"({DEBIT} - {lag(DEBIT, months)})"),
        "mois",
        f"Variation de la dette en {months} mois",
        f"Dette d'aujourd'hui moins dette d'il y a {months} mois, en mois de cotisations.",
        f"En {months} mois, la dette Urssaf a varié de {{value}} de cotisations.",
        missing=f"L'historique est trop court pour dire comment la dette Urssaf a varié en {months} mois.",
        zero=f"En {months} mois, la dette Urssaf n'a pas varié.",
        cap=CAP_MONTHS,
    )


FEATURES: tuple[Feature, ...] = (
    _feature(
        "debit_eur",
        euros(DEBIT),
        "€",
        "Dette Urssaf",
        "Cotisations restant dues, parts salariale et patronale.",
        "La dette Urssaf s'élève à {value}.",
        "debit",
        zero=NO_DEBT,
    ),
    _feature(
        "debit_sur_cotisation_months",
        months_of_cotisation(DEBIT),
        "mois",
        "Dette rapportée aux cotisations",
        "Dette restante, en mois de cotisations de l'année écoulée ; 36 au plus, et 36 si aucune n'a été appelée.",
        "La dette Urssaf représente {value} de cotisations.",
        zero=NO_DEBT,
        cap=CAP_MONTHS,
    ),
    _feature(
        "debit_ouvriere_sur_cotisation_months",
        months_of_cotisation("debit_ouvriere_cents"),
        "mois",
        "Part salariale impayée",
        "Part salariale de la dette, en mois de cotisations : elle est retenue sur les salaires et devait être versée.",
        "La part salariale impayée représente {value} de cotisations.",
        zero="Aucune part salariale n'est impayée.",
        cap=CAP_MONTHS,
    ),
    _feature(
        "debit_ouvriere_share_ratio",
        ratio("debit_ouvriere_cents", DEBIT),
        "%",
        "Poids de la part salariale dans la dette",
        "Part salariale de la dette, rapportée à la dette.",
        "La part salariale fait {value} de la dette.",
        "debit",
        percent=True,
        missing=NO_DEBT,
        zero="La dette Urssaf ne comporte pas de part salariale.",
    ),
    _feature(
        "debit_par_effectif_eur",
        ratio(euros(DEBIT), "effectif_count"),
        "€",
        "Dette par salarié",
        "Dette restante, rapportée au dernier effectif connu.",
        "La dette Urssaf représente {value} par salarié.",
        "debit",
        "effectif_ent",
        missing="La dette par salarié ne se calcule pas : l'effectif récent est inconnu ou nul.",
        zero=NO_DEBT,
    ),
    _feature(
        "debit_open_count",
        "CAST(debit_open_count AS DOUBLE)",
        "dettes",
        "Dettes non soldées",
        "Nombre d'écarts négatifs dont il reste un solde.",
        "L'Urssaf compte {value} à solder.",
        "debit",
        zero="L'Urssaf ne compte aucune dette à solder.",
    ),
    *(_change(months) for months in (1, 3, 6, 12)),
    _feature(
        "debit_max_12m_months",
        months_of_cotisation(over_last("MAX", DEBIT, 12)),
        "mois",
        "Plus haute dette en 12 mois",
        "Plus haute dette de l'année écoulée, en mois de cotisations.",
        "Au plus haut de l'année, la dette a atteint {value} de cotisations.",
        zero=NO_DEBT_IN_A_YEAR,
        cap=CAP_MONTHS,
    ),
    _feature(
        "debit_sur_max_24m_ratio",
        ratio(DEBIT, over_last("MAX", DEBIT, 24)),
        "%",
        "Dette rapportée à son plus haut",
        "Dette restante, rapportée à la plus haute des deux dernières années.",
        "La dette est à {value} de son plus haut niveau en deux ans.",
        "debit",
        percent=True,
        missing=NO_DEBT_IN_TWO_YEARS,
        zero="L'entreprise n'a plus de dette Urssaf ; elle en a eu au cours des deux dernières années.",
    ),
    _feature(
        "debit_12m_count",
        f"CAST({over_last('SUM', HAS_DEBIT, 12)} AS DOUBLE)",
        "mois",
        "Mois endettés sur 12",
        "Nombre de mois de l'année écoulée avec une dette.",
        "L'entreprise a été en dette envers l'Urssaf {value} sur douze.",
        "debit",
        zero=NO_DEBT_IN_A_YEAR,
    ),
    _feature(
        "debit_24m_count",
        f"CAST({over_last('SUM', HAS_DEBIT, 24)} AS DOUBLE)",
        "mois",
        "Mois endettés sur 24",
        "Nombre de mois des deux années écoulées avec une dette.",
        "L'entreprise a été en dette envers l'Urssaf {value} sur vingt-quatre.",
        "debit",
        zero=NO_DEBT_IN_TWO_YEARS,
    ),
    _feature(
        "debit_since_clean_months",
        f"CASE WHEN {DEBIT} <= 0 THEN 0"
        f" WHEN {DEBIT} > 0 THEN CAST(LEAST(month - {LAST_CLEAN_MONTH}, 36) AS DOUBLE) END",
        "mois",
        "Ancienneté de la dette",
        "Mois écoulés depuis le dernier mois sans dette, 36 au plus.",
        "L'entreprise doit des cotisations sans interruption depuis {value}.",
        "debit",
        zero=NO_DEBT,
        cap=CAP_MONTHS,
    ),
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
    ),
    _feature(
        "cotisation_change_12m_ratio",
        change_ratio("cotisation_12m_cents", 12),
        "%",
        "Variation des cotisations en un an",
        "Cotisations des 12 derniers mois, comparées aux 12 mois d'avant.",
        "En un an, les cotisations appelées ont varié de {value}.",
        "cotisation",
        percent=True,
        missing="La variation des cotisations ne se calcule pas : aucune n'est connue pour l'année d'avant.",
        zero="En un an, les cotisations appelées n'ont pas varié.",
        cap=5,
    ),
    _feature(
        "cotisation_3m_sur_12m_ratio",
        ratio("4 * cotisation_3m_cents", "cotisation_12m_cents"),
        "%",
        "Rythme récent des cotisations",
        "Cotisations des 3 derniers mois en rythme annuel, rapportées aux 12 derniers mois.",
        "Les cotisations récentes sont à {value} du rythme de l'année.",
        "cotisation",
        percent=True,
        missing="Aucune cotisation n'est connue pour l'année.",
        zero="Aucune cotisation n'est connue pour les trois derniers mois.",
    ),
    _feature(
        "delai_count",
        "CAST(delai_count AS DOUBLE)",
        "délais",
        "Délais de paiement en cours",
        "Échéanciers accordés par l'Urssaf et en cours.",
        "L'entreprise a {value} de paiement en cours avec l'Urssaf.",
        "delai",
        zero="Aucun délai de paiement accordé par l'Urssaf n'est en cours.",
    ),
    _feature(
        "delai_sur_debit_ratio",
        bounded(ratio("delai_cents", DEBIT), 0, 5),
        "%",
        "Dette couverte par un délai",
        "Montant des échéanciers en cours, rapporté à la dette.",
        "Le montant des délais de paiement en cours représente {value} de la dette.",
        "delai",
        "debit",
        percent=True,
        missing=NO_DEBT,
        zero="Aucun délai de paiement en cours ne couvre la dette Urssaf.",
        cap=5,
    ),
    _feature(
        "delai_24m_count",
        "CAST(delai_24m_count AS DOUBLE)",
        "délais",
        "Délais accordés en deux ans",
        "Nombre d'échéanciers accordés au cours des 24 derniers mois.",
        "L'Urssaf a accordé {value} de paiement en deux ans.",
        "delai",
        zero="L'Urssaf n'a accordé aucun délai de paiement en deux ans.",
    ),
    _feature(
        "ccsf_24m_count",
        "CAST(ccsf_24m_count AS DOUBLE)",
        "décisions",
        "Passages en commission (CCSF)",
        "Décisions de la commission des chefs des services financiers en 24 mois.",
        "La commission des chefs des services financiers a rendu {value} en deux ans.",
        "ccsf",
        zero="La commission des chefs des services financiers n'a rendu aucune décision en deux ans.",
    ),
)
