"""Features of theme `sante_financiere`: the latest annual accounts known, their change, and their age.

Published ratios are dimensionless and are not divided by the length of the exercise; amounts become ratios.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import bounded, ratio

CA = "chiffre_d_affaires_cents"
PREVIOUS_CA, BEFORE_PREVIOUS_CA = f"previous_{CA}", f"before_previous_{CA}"

YEARLY_CA = f"CAST({CA} AS DOUBLE) * 12 / exercice_months"
"""Turnover brought to twelve months, by the months between closings (`panel/states/comptes.py`)."""

YEARLY_PREVIOUS_CA = f"CAST({PREVIOUS_CA} AS DOUBLE) * 12 / previous_exercice_months"
YEARLY_BEFORE_PREVIOUS_CA = f"CAST({BEFORE_PREVIOUS_CA} AS DOUBLE) * 12 / before_previous_exercice_months"

CAP = 3
"""Where a share of the turnover stops, on both sides."""


_feature = Family(Theme.SANTE_FINANCIERE, DataClass.PUBLIC, ("comptes",)).feature


def _sur_ca(column: str, label: str, name: str) -> Feature:
    return _feature(
        f"{name}_sur_ca_ratio",
        bounded(ratio(column, CA), -CAP, CAP),
        "%",
        f"{label} sur chiffre d'affaires",
        f"{label} des derniers comptes connus, en part du chiffre d'affaires.",
        f"{label} : {{value}} du chiffre d'affaires.",
        percent=True,
        missing=f"{label} : pas de valeur, faute de comptes récents complets ou de chiffre d'affaires.",
        cap=CAP,
    )


def _among_three(
    name: str, column: str, label: str, explanation: str, sentence: str, missing: str, zero: str
) -> Feature:
    """Exercises, among the three last, where a value is negative; one that is not known is not counted."""
    negative = " + ".join(
        f"CASE WHEN {prefix}{column} < 0 THEN 1 ELSE 0 END" for prefix in ("", "previous_", "before_previous_")
    )
    sql = f"CASE WHEN {column} IS NOT NULL THEN CAST({negative} AS DOUBLE) END"
    return _feature(name, sql, "exercices", label, explanation, sentence, missing=missing, zero=zero, window=36)


def _published(
    name: str, column: str, label: str, unit: str, *, divide: bool = False, is_of_ca: bool = False
) -> Feature:
    title = f"{label} sur chiffre d'affaires" if is_of_ca else label
    of_ca = " du chiffre d'affaires" if is_of_ca else ""
    return _feature(
        name,
        f"{column} / 100" if divide else column,
        unit,
        title,
        f"{title} : valeur publiée avec les derniers comptes connus.",
        f"{label} : {{value}}{of_ca}.",
        percent=divide,
    )


FEATURES: tuple[Feature, ...] = (
    _feature(
        "chiffre_d_affaires_eur",
        f"{YEARLY_CA} / 100",
        "€",
        "Chiffre d'affaires",
        "Chiffre d'affaires des derniers comptes connus, ramené à douze mois quand deux clôtures en disent la durée.",
        "Le chiffre d'affaires s'élève à {value}.",
        missing="Le chiffre d'affaires récent n'est pas connu.",
        zero="Le chiffre d'affaires est nul.",
    ),
    _feature(
        "chiffre_d_affaires_change_ratio",
        bounded(ratio(f"({YEARLY_CA} - {YEARLY_PREVIOUS_CA})", YEARLY_PREVIOUS_CA), -1, 5),
        "%",
        "Variation du chiffre d'affaires",
        "Chiffre d'affaires annuel des derniers comptes, comparé à celui de l'exercice d'avant.",
        "En un exercice, le chiffre d'affaires a varié de {value}.",
        percent=True,
        missing="La variation du chiffre d'affaires ne se calcule pas, faute de deux exercices connus et non nuls.",
        zero="En un exercice, le chiffre d'affaires n'a pas varié.",
        cap=5,
    ),
    _feature(
        "chiffre_d_affaires_change_24m_ratio",
        bounded(ratio(f"({YEARLY_CA} - {YEARLY_BEFORE_PREVIOUS_CA})", YEARLY_BEFORE_PREVIOUS_CA), -1, 5),
        "%",
        "Variation du chiffre d'affaires en deux exercices",
        "Chiffre d'affaires annuel des derniers comptes, comparé à celui, annuel aussi, de deux exercices plus tôt.",
        "En deux exercices, le chiffre d'affaires a varié de {value}.",
        percent=True,
        missing="La variation du chiffre d'affaires en deux exercices ne se calcule pas : il en faut trois connus.",
        zero="En deux exercices, le chiffre d'affaires n'a pas varié.",
        cap=5,
    ),
    _among_three(
        "pertes_3_exercices_count",
        "resultat_net_cents",
        "Exercices en perte, sur trois",
        "Nombre d'exercices au résultat net négatif, parmi les trois derniers connus.",
        "Sur les trois derniers exercices connus, {value} en perte.",
        "Le résultat net récent n'est pas connu.",
        "Aucun des trois derniers exercices connus n'est en perte.",
    ),
    _among_three(
        "capitaux_propres_negatifs_3_exercices_count",
        "autonomie_financiere_pct",
        "Exercices aux capitaux propres négatifs, sur trois",
        "Nombre d'exercices à l'autonomie financière négative, parmi les trois derniers connus.",
        "Sur les trois derniers exercices connus, {value} aux capitaux propres négatifs.",
        "L'autonomie financière récente n'est pas connue.",
        "Aucun des trois derniers exercices connus n'a de capitaux propres négatifs.",
    ),
    _sur_ca("marge_brute_cents", "Marge brute", "marge_brute"),
    _sur_ca("ebe_cents", "Excédent brut d'exploitation", "ebe"),
    _sur_ca("ebit_cents", "Résultat d'exploitation", "ebit"),
    _sur_ca("resultat_net_cents", "Résultat net", "resultat_net"),
    _feature(
        "ebe_sur_ca_change_ratio",
        f"({bounded(ratio('ebe_cents', CA), -3, 3)}) - ({bounded(ratio('previous_ebe_cents', PREVIOUS_CA), -3, 3)})",
        "points",
        "Variation de la marge d'EBE",
        "Marge d'excédent brut d'exploitation, moins celle de l'exercice d'avant.",
        "En un exercice, la marge d'EBE a varié de {value}.",
        percent=True,
        missing="La variation de la marge d'EBE ne se calcule pas, faute de deux exercices avec chiffre d'affaires.",
        zero="En un exercice, la marge d'EBE n'a pas varié.",
    ),
    _feature(
        "resultat_net_previous_sur_ca_ratio",
        bounded(ratio("previous_resultat_net_cents", PREVIOUS_CA), -3, 3),
        "%",
        "Résultat net de l'exercice d'avant",
        "Résultat net de l'exercice d'avant, rapporté à son chiffre d'affaires.",
        "Un exercice plus tôt, le résultat net faisait {value} du chiffre d'affaires.",
        percent=True,
        missing="Le résultat net de l'exercice d'avant n'est pas connu, ou cet exercice n'a pas de chiffre d'affaires.",
        cap=CAP,
    ),
    _published("autonomie_financiere_ratio", "autonomie_financiere_pct", "Autonomie financière", "%", divide=True),
    _feature(
        "autonomie_financiere_change_ratio",
        "(autonomie_financiere_pct - previous_autonomie_financiere_pct) / 100",
        "points",
        "Variation de l'autonomie financière",
        "Autonomie financière des derniers comptes, moins celle de l'exercice d'avant.",
        "En un exercice, l'autonomie financière a varié de {value}.",
        percent=True,
        missing="L'autonomie financière n'est pas connue pour deux exercices de suite.",
        zero="En un exercice, l'autonomie financière n'a pas varié.",
    ),
    _published("taux_d_endettement_ratio", "taux_d_endettement_pct", "Taux d'endettement", "%", divide=True),
    _published("ratio_de_liquidite_ratio", "ratio_de_liquidite_pct", "Ratio de liquidité", "%", divide=True),
    _published("ratio_de_vetuste_ratio", "ratio_de_vetuste_pct", "Ratio de vétusté", "%", divide=True),
    _published(
        "couverture_des_interets_ratio", "couverture_des_interets_pct", "Couverture des intérêts", "%", divide=True
    ),
    _published("caf_sur_ca_ratio", "caf_sur_ca_pct", "Capacité d'autofinancement", "%", divide=True, is_of_ca=True),
    _published(
        "capacite_de_remboursement_ratio", "capacite_de_remboursement_ratio", "Capacité de remboursement", "ans"
    ),
    _published(
        "bfr_sur_ca_ratio",
        "poids_bfr_exploitation_sur_ca_pct",
        "Besoin en fonds de roulement d'exploitation",
        "%",
        divide=True,
        is_of_ca=True,
    ),
    _published("rotation_des_stocks_days", "rotation_des_stocks_days", "Rotation des stocks", "jours"),
    _published("credit_clients_days", "credit_clients_days", "Crédit clients", "jours"),
    _published("credit_fournisseurs_days", "credit_fournisseurs_days", "Crédit fournisseurs", "jours"),
    _feature(
        "credit_fournisseurs_change_days",
        "credit_fournisseurs_days - previous_credit_fournisseurs_days",
        "jours",
        "Variation du crédit fournisseurs",
        "Délai de paiement des fournisseurs, moins celui de l'exercice d'avant.",
        "En un exercice, le crédit fournisseurs a varié de {value}.",
        missing="Le crédit fournisseurs n'est pas connu pour deux exercices de suite.",
        zero="En un exercice, le crédit fournisseurs n'a pas varié.",
    ),
    _feature(
        "comptes_age_months",
        "CAST(CASE WHEN month - cloture_month <= 30 THEN month - cloture_month END AS DOUBLE)",
        "mois",
        "Ancienneté des comptes",
        "Mois écoulés depuis la clôture des derniers comptes connus.",
        "Les derniers comptes connus ont été clos il y a {value}.",
        missing="Aucun compte récent n'est connu.",
        zero="Les derniers comptes connus ont été clos ce mois-ci.",
    ),
)
