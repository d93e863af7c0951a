"""French sentences on what a feature was at the previous list and what it is now."""

from __future__ import annotations

import math

from signaux_faibles.explain.sentences import WIDE, format_value
from signaux_faibles.features.declare import Feature

PASSAGES: dict[str, tuple[str, str]] = {
    "debit_eur": ("La dette Urssaf est passée", ""),
    "debit_ouvriere_sur_cotisation_months": ("La part salariale impayée est passée", " de cotisations"),
    "debit_ouvriere_eur": ("La part salariale de la dette Urssaf est passée", ""),
    "debit_patronale_eur": ("La part patronale de la dette Urssaf est passée", ""),
    "cotisation_par_effectif_eur": ("Les cotisations annuelles par salarié sont passées", ""),
    "chiffre_d_affaires_eur": ("Le chiffre d'affaires connu est passé", ""),
    "marge_brute_sur_ca_ratio": ("La marge brute est passée", " du chiffre d'affaires"),
    "ebe_sur_ca_ratio": ("L'excédent brut d'exploitation est passé", " du chiffre d'affaires"),
    "ebit_sur_ca_ratio": ("Le résultat d'exploitation est passé", " du chiffre d'affaires"),
    "resultat_net_sur_ca_ratio": ("Le résultat net est passé", " du chiffre d'affaires"),
    "autonomie_financiere_ratio": ("L'autonomie financière est passée", ""),
    "taux_d_endettement_ratio": ("Le taux d'endettement est passé", ""),
    "ratio_de_liquidite_ratio": ("Le ratio de liquidité est passé", ""),
    "caf_sur_ca_ratio": ("La capacité d'autofinancement est passée", " du chiffre d'affaires"),
    "credit_fournisseurs_days": ("Le crédit fournisseurs est passé", ""),
    "credit_clients_days": ("Le crédit clients est passé", ""),
    "ap_3m_ratio": ("La part du temps de travail chômée sur trois mois est passée", ""),
    "ap_autorise_ratio": ("La part du temps de travail autorisée en activité partielle est passée", ""),
    "retard_days": ("Le retard moyen de paiement des fournisseurs est passé", ""),
    "fpi_30_ratio": ("La part de l'encours fournisseurs en retard de plus de 30 jours est passée", ""),
    "encours_eur": ("L'encours fournisseurs observé est passé", ""),
    "effectif_count": ("L'effectif est passé", ""),
    "etablissements_actifs_count": ("Le nombre d'établissements en activité est passé", ""),
}
"""Features that tell best what their base variable was and is: start of the sentence, and what follows the values."""

NO_VALUE = "pas de valeur connue"

_WORDS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")


def change_sentence(feature: Feature, before: float, now: float, months: int) -> str:
    """Sentence on the two values of a feature; NaN where a value is not known.

    Parameters
    ----------
    months : int
        Between the two.
    """
    since = months_in_words(months)
    if feature.name.endswith(("_code", "_rank")):
        is_same = before == now or (math.isnan(before) and math.isnan(now))
        return f"{feature.label}{WIDE}: {'comme il y a' if is_same else 'changement depuis'} {since}."
    old, new = _value(feature, before), _value(feature, now)
    if old == new:
        return f"{feature.label}{WIDE}: {new}, comme il y a {since}."
    if feature.name in PASSAGES and not (math.isnan(before) or math.isnan(now)):
        start, end = PASSAGES[feature.name]
        return f"{start} de {old} à {new}{end} en {since}."
    return f"{feature.label}{WIDE}: {old} il y a {since}, {new} aujourd'hui."


def months_in_words(months: int) -> str:
    """`six mois`, in digits beyond twelve."""
    return f"{_WORDS[months - 1] if 1 <= months <= len(_WORDS) else months}\u00a0mois"


def _value(feature: Feature, value: float) -> str:
    return NO_VALUE if math.isnan(value) else format_value(feature, value)
