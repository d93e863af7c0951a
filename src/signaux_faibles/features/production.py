"""The 36 variables of the production model of 2024 (its configuration `tree-based`), by definition, without its leaks.

What is kept: the quantity, its unit but for cents and percentages, its lags and its mean. What is not:

- an amount is used from the month its producer publishes it, not in the month that it describes;
- a mean of 12 months has 12 months, not 13; a lag is one of calendar months, and is missing before the company began;
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
from signaux_faibles.features.windows import euros, lag

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


FEATURES: tuple[Feature, ...] = (
    *(_debit(part) for part in PARTS),
    *(_debit_lag(part, months) for part in PARTS for months in LAGS_MONTHS),
    _urssaf(
        "cotisation_mean_12m_eur",
        f"{euros('cotisation_12m_cents')} / 12",
        "€",
        "Cotisation mensuelle moyenne",
        "Cotisations appelées des 12 derniers mois connus, divisées par 12.",
        "Les cotisations appelées font {value} par mois en moyenne sur un an.",
        "cotisation",
        zero="Aucune cotisation n'est connue pour l'année.",
        reference="cotisation_mean12m",
    ),
)
"""Those of the 36 that no other recipe learns from; the others are in the module of their theme."""

PRODUCTION_ONLY: frozenset[str] = frozenset(feature.name for feature in FEATURES)
