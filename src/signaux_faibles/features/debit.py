"""Features of theme `dette_urssaf`: unpaid contributions (*debits*)."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import bounded, euros, lag, months_of_cotisation, over_last, ratio

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
        "Dette restante, en mois de cotisations de l'année écoulée (moyenne des mois depuis le premier connu, 12 au"
        " plus) ; 36 au plus, et 36 si aucune n'a été appelée.",
        "La dette Urssaf représente {value} de cotisations.",
        zero=NO_DEBT,
        cap=CAP_MONTHS,
        window=12,
        reference="dette_sur_cotisation_mean12m",
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
        window=12,
    ),
    _feature(
        "debit_ouvriere_share_ratio",
        bounded(ratio("debit_ouvriere_cents", DEBIT), 0, 1),
        "%",
        "Poids de la part salariale dans la dette",
        "Part salariale de la dette, rapportée à la dette, de 0 à 100 %.",
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
        reference="dette_par_effectif",
    ),
    _feature(
        "debit_par_effectif_change_3m_eur",
        ratio(f"({DEBIT} - {lag(DEBIT, 3)}) / 100.0", "effectif_count"),
        "€",
        "Variation de la dette par salarié",
        "Dette d'aujourd'hui moins dette d'il y a 3 mois, rapportée au dernier effectif connu.",
        "En 3 mois, la dette Urssaf par salarié a varié de {value}.",
        "debit",
        "effectif_ent",
        missing="La variation de la dette par salarié ne se calcule pas : il manque un effectif ou trois mois.",
        zero="En 3 mois, la dette Urssaf par salarié n'a pas varié.",
    ),
    _feature(
        "debit_recent_share_ratio",
        bounded(ratio("debit_recent_cents", DEBIT), 0, 1),
        "%",
        "Part récente de la dette",
        "Part de la dette qui porte sur des périodes commencées depuis moins de 12 mois, de 0 à 100 %.",
        "La dette porte pour {value} sur des périodes de moins d'un an.",
        "debit",
        percent=True,
        missing=NO_DEBT,
        zero="La dette Urssaf porte tout entière sur des périodes de plus d'un an.",
        window=12,
    ),
    _feature(
        "debit_recent_count",
        "CAST(debit_recent_count AS DOUBLE)",
        "dettes",
        "Dettes récentes non soldées",
        "Nombre d'écarts négatifs non soldés sur des périodes commencées depuis moins de 12 mois.",
        "L'Urssaf compte {value} à solder sur des périodes de moins d'un an.",
        "debit",
        zero="L'Urssaf ne compte aucune dette à solder sur des périodes de moins d'un an.",
        window=12,
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
        window=36,
    ),
)
