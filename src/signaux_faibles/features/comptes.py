"""Features of theme `sante_financiere`: the latest annual accounts known, their change, and their age.

Published ratios are dimensionless and are not divided by the length of the exercise; amounts become ratios.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Feature
from signaux_faibles.features.windows import bounded, euros, ratio

CA = "chiffre_d_affaires_cents"
PREVIOUS_CA = f"previous_{CA}"


def _feature(
    name: str,
    sql: str,
    unit: str,
    label: str,
    explanation: str,
    sentence: str,
    *sources: str,
    percent: bool = False,
    missing: str = "",
) -> Feature:
    return Feature(
        name,
        sql,
        unit,
        Theme.SANTE_FINANCIERE,
        label,
        explanation,
        sentence,
        DataClass.PUBLIC,
        sources or ("comptes",),
        percent,
        missing,
    )


def _sur_ca(column: str, label: str, name: str) -> Feature:
    return _feature(
        f"{name}_sur_ca_ratio",
        bounded(ratio(column, CA), -3, 3),
        "%",
        f"{label} sur chiffre d'affaires",
        f"{label} des derniers comptes connus, rapporté au chiffre d'affaires.",
        f"{label} : {{value}} du chiffre d'affaires.",
        percent=True,
    )


def _published(name: str, column: str, label: str, unit: str, *, divide: bool = False) -> Feature:
    return _feature(
        name,
        f"{column} / 100" if divide else column,
        unit,
        label,
        f"{label}, tel que publié avec les derniers comptes connus.",
        f"{label} : {{value}}.",
        percent=divide,
    )


FEATURES: tuple[Feature, ...] = (
    _feature(
        "chiffre_d_affaires_eur",
        euros(CA),
        "€",
        "Chiffre d'affaires",
        "Chiffre d'affaires des derniers comptes connus.",
        "Le chiffre d'affaires s'élève à {value}.",
        missing="Les comptes récents ne sont pas connus.",
    ),
    _feature(
        "chiffre_d_affaires_change_ratio",
        bounded(ratio(f"({CA} - {PREVIOUS_CA})", PREVIOUS_CA), -1, 5),
        "%",
        "Variation du chiffre d'affaires",
        "Chiffre d'affaires des derniers comptes, comparé à celui de l'exercice d'avant.",
        "En un exercice, le chiffre d'affaires a varié de {value}.",
        percent=True,
    ),
    _sur_ca("marge_brute_cents", "Marge brute", "marge_brute"),
    _sur_ca("ebe_cents", "Excédent brut d'exploitation", "ebe"),
    _sur_ca("ebit_cents", "Résultat d'exploitation", "ebit"),
    _sur_ca("resultat_net_cents", "Résultat net", "resultat_net"),
    _feature(
        "ebe_sur_ca_change_ratio",
        f"({bounded(ratio('ebe_cents', CA), -3, 3)}) - ({bounded(ratio('previous_ebe_cents', PREVIOUS_CA), -3, 3)})",
        "%",
        "Variation de la marge d'EBE",
        "Marge d'excédent brut d'exploitation, moins celle de l'exercice d'avant.",
        "En un exercice, la marge d'EBE a varié de {value} du chiffre d'affaires.",
        percent=True,
    ),
    _feature(
        "resultat_net_previous_sur_ca_ratio",
        bounded(ratio("previous_resultat_net_cents", PREVIOUS_CA), -3, 3),
        "%",
        "Résultat net de l'exercice d'avant",
        "Résultat net de l'exercice d'avant, rapporté à son chiffre d'affaires.",
        "Un exercice plus tôt, le résultat net faisait {value} du chiffre d'affaires.",
        percent=True,
    ),
    _published("autonomie_financiere_ratio", "autonomie_financiere_pct", "Autonomie financière", "%", divide=True),
    _feature(
        "autonomie_financiere_change_ratio",
        "(autonomie_financiere_pct - previous_autonomie_financiere_pct) / 100",
        "%",
        "Variation de l'autonomie financière",
        "Autonomie financière des derniers comptes, moins celle de l'exercice d'avant.",
        "En un exercice, l'autonomie financière a varié de {value}.",
        percent=True,
    ),
    _published("taux_d_endettement_ratio", "taux_d_endettement_pct", "Taux d'endettement", "%", divide=True),
    _published("ratio_de_liquidite_ratio", "ratio_de_liquidite_pct", "Ratio de liquidité", "%", divide=True),
    _published("ratio_de_vetuste_ratio", "ratio_de_vetuste_pct", "Ratio de vétusté", "%", divide=True),
    _published(
        "couverture_des_interets_ratio", "couverture_des_interets_pct", "Couverture des intérêts", "%", divide=True
    ),
    _published(
        "caf_sur_ca_ratio", "caf_sur_ca_pct", "Capacité d'autofinancement sur chiffre d'affaires", "%", divide=True
    ),
    _published(
        "capacite_de_remboursement_ratio", "capacite_de_remboursement_ratio", "Capacité de remboursement", "ans"
    ),
    _published(
        "bfr_sur_ca_ratio", "poids_bfr_exploitation_sur_ca_pct", "Besoin en fonds de roulement", "%", divide=True
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
    ),
    _feature(
        "comptes_age_months",
        "CAST(CASE WHEN month - cloture_month <= 30 THEN month - cloture_month END AS DOUBLE)",
        "mois",
        "Ancienneté des comptes",
        "Mois écoulés depuis la clôture des derniers comptes connus.",
        "Les derniers comptes connus datent de {value}.",
        missing="Aucun compte récent n'est connu.",
    ),
)
