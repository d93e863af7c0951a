"""The 36 variables of the production model of 2024 (its configuration `tree-based`), by definition, without its leaks.

What is kept: the quantity, its unit but for cents and percentages, its lags and its mean. What is not:

- an amount is used from the month its producer publishes it, not in the month that it describes;
- a mean of 12 months has 12 months, not 13 (and, as in production, fewer when fewer could be known); a lag is one of
  calendar months, and is missing before the company began;
- a difference is never filled with a value of the future;
- a ratio of accounts is not divided by the days of the exercise;
- a denominator that is zero or negative gives no ratio, but for debts over contributions, which have their own rule;
- missing stays missing: the recipe that imitates production fills with zero, the features do not.

They are kept to compare like with like. Amounts and hours that are not brought to the size of the company are proxies
of size: no other recipe learns from them.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import MEAN_COTISATION_CENTS, euros, lag

LAGS_MONTHS = (1, 2, 3, 6, 12)

PARTS = {
    "ouvriere": ("dette_sociale_ouvrière", "part salariale"),
    "patronale": ("dette_sociale_patronale", "part patronale"),
}

_urssaf = Family(Theme.DETTE_URSSAF, DataClass.URSSAF, ("debit",)).feature


def _debit(part: str) -> Feature:
    reference, words = PARTS[part]
    return _urssaf(
        f"debit_{part}_eur",
        euros(f"debit_{part}_cents"),
        "€",
        f"Dette Urssaf, {words}",
        f"Cotisations restant dues, {words}.",
        f"La dette Urssaf s'élève à {{value}} pour la {words}.",
        zero=f"Aucune {words} n'est impayée.",
        reference=reference,
    )


def _debit_lag(part: str, months: int) -> Feature:
    reference, words = PARTS[part]
    return _urssaf(
        f"debit_{part}_lag_{months}m_eur",
        euros(lag(f"debit_{part}_cents", months)),
        "€",
        f"Dette Urssaf il y a {months} mois, {words}",
        f"Cotisations restant dues {months} mois plus tôt, {words}, telles qu'on les connaissait alors.",
        f"Il y a {months} mois, la dette Urssaf s'élevait à {{value}} pour la {words}.",
        missing=f"L'historique est trop court pour dire la dette Urssaf d'il y a {months} mois.",
        zero=f"Il y a {months} mois, aucune {words} n'était impayée.",
        reference=f"{reference}_lag{months}m",
    )


_fiscal = Family(Theme.SANTE_FINANCIERE, DataClass.DGFIP, ("dgfip_indmap", "dgfip_af", "dgfip_dirco")).feature

FISCAL = {
    "dgfip_dette_nette_sur_caf_ratio": ("dette_nette_sur_caf", "Dette nette sur capacité d'autofinancement", ""),
    "dgfip_dette_a_terme_sur_k_propres_ratio": (
        "dette_à_terme_sur_k_propres",
        "Dette à terme sur capitaux propres",
        "",
    ),
    "dgfip_ebe_sur_ca_ratio": ("ebe_sur_ca", "Excédent brut d'exploitation sur chiffre d'affaires", "%"),
    "dgfip_va_par_effectif_eur": ("va_sur_effectif", "Valeur ajoutée par salarié", "€"),
    "dgfip_charges_personnel_sur_va_ratio": (
        "charges_personnel_sur_va",
        "Charges de personnel sur valeur ajoutée",
        "%",
    ),
    "dgfip_stocks_sur_ca_ratio": ("stocks_sur_ca", "Stocks de marchandises sur chiffre d'affaires", "%"),
    "dgfip_liquidite_absolue_ratio": ("liquidité_absolue", "Actif circulant sur passif circulant", ""),
    "dgfip_liquidite_generale_ratio": ("liquidité_générale", "Trésorerie nette sur actif circulant", ""),
    "dgfip_liquidite_reduite_ratio": ("liquidité_réduite", "Liquidité réduite", ""),
    "dgfip_reglement_sur_encaissement_ratio": (
        "délai_paiement_sur_délai_encaissement",
        "Délai de règlement sur délai d'encaissement",
        "",
    ),
    "dgfip_k_propres_sur_k_social_ratio": ("k_propres_sur_k_social", "Capitaux propres sur capital social", ""),
    "dgfip_bfr_sur_k_propres_ratio": (
        "bfr_sur_k_propres",
        "Besoin en fonds de roulement sur capitaux propres",
        "",
    ),
    "dgfip_taux_investissement_ratio": ("taux_investissement", "Taux d'investissement", ""),
    "dgfip_rentabilite_economique_ratio": ("rentabilité_économique", "Rentabilité économique", ""),
    "dgfip_solidite_financiere_ratio": ("solidité_financière", "Solidité financière", ""),
}
"""Feature, a column of the panel: name in production, label, unit. The formulas are in `panel/states/dgfip.py`."""


def _ratio(name: str) -> Feature:
    reference, label, unit = FISCAL[name]
    return _fiscal(
        name,
        name,
        unit,
        f"{label} (fiscal)",
        f"{label}, d'après la dernière déclaration fiscale connue, close depuis 30 mois au plus.",
        f"{label} : {{value}}, d'après la déclaration fiscale.",
        percent=unit == "%",
        missing=f"{label} : pas de valeur, faute de déclaration fiscale récente, ou de dénominateur positif.",
        reference=reference,
    )


FISCAL_FEATURES: tuple[Feature, ...] = tuple(_ratio(name) for name in FISCAL)
"""The fifteen ratios of declared accounts; our recipes learn from them too."""

FEATURES: tuple[Feature, ...] = (
    *(_debit(part) for part in PARTS),
    *(_debit_lag(part, months) for part in PARTS for months in LAGS_MONTHS),
    _urssaf(
        "cotisation_mean_12m_eur",
        f"CASE WHEN cotisation_12m_cents = 0 THEN 0 ELSE {MEAN_COTISATION_CENTS} / 100 END",
        "€",
        "Cotisation mensuelle moyenne",
        "Cotisations appelées des 12 derniers mois, divisées par le nombre de mois depuis le premier connu, 12 au"
        " plus.",
        "Les cotisations appelées font {value} par mois en moyenne sur un an.",
        "cotisation",
        missing="Aucune cotisation n'est connue pour l'année.",
        zero="Aucune cotisation n'est connue pour l'année.",
        reference="cotisation_mean12m",
    ),
    _urssaf(
        "cotisation_1m_eur",
        euros("cotisation_1m_cents"),
        "€",
        "Cotisation du dernier mois",
        "Cotisations appelées du dernier mois publié, celui d'avant.",
        "Les cotisations appelées pour le dernier mois publié font {value}.",
        "cotisation",
        zero="Aucune cotisation n'est connue pour le dernier mois publié.",
        reference="cotisation",
    ),
    Family(Theme.ACTIVITE_PARTIELLE, DataClass.DGEFP, ("apconso",)).feature(
        "ap_1m_h",
        "CAST(ap_1m_centi_h AS DOUBLE) / 100",
        "heures",
        "Heures chômées du dernier mois",
        "Heures d'activité partielle du dernier mois publié, celui d'avant.",
        "L'entreprise a chômé {value} au dernier mois publié.",
        zero="Aucune heure chômée n'est connue pour le dernier mois publié.",
        reference="ap_heures_consommées",
    ),
)
"""Those of the 36 that no other recipe learns from; the others are in the module of their theme."""

PRODUCTION_ONLY: frozenset[str] = frozenset(feature.name for feature in FEATURES)

PRODUCTION_FEATURES: tuple[str, ...] = (
    *FISCAL,
    "cotisation_1m_eur",
    "cotisation_mean_12m_eur",
    "debit_ouvriere_eur",
    *(f"debit_ouvriere_lag_{months}m_eur" for months in LAGS_MONTHS),
    "debit_patronale_eur",
    *(f"debit_patronale_lag_{months}m_eur" for months in LAGS_MONTHS),
    "debit_sur_cotisation_months",
    "debit_par_effectif_eur",
    "ap_1m_h",
    "retard_days",
    "fpi_30_ratio",
    "fpi_90_ratio",
    "effectif_count",
)
"""The 36, by our names."""

OPEN_EQUIVALENTS: tuple[str, ...] = (
    "capacite_de_remboursement_ratio",
    "taux_d_endettement_ratio",
    "ebe_sur_ca_ratio",
    "marge_brute_sur_ca_ratio",
    "resultat_net_sur_ca_ratio",
    "rotation_des_stocks_days",
    "ratio_de_liquidite_ratio",
    "credit_fournisseurs_days",
    "credit_clients_days",
    "bfr_sur_ca_ratio",
    "ratio_de_vetuste_ratio",
    "couverture_des_interets_ratio",
    "caf_sur_ca_ratio",
    "autonomie_financiere_ratio",
    "chiffre_d_affaires_eur",
)
"""What published accounts say of the same subjects as the fifteen fiscal ratios, for a lake that has not these."""
