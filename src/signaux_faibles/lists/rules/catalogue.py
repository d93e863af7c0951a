"""The expert rules of the lists of December 2022 to December 2023, by what our features know of them.

Their sources of then are not all ours: what each reads here, and how that differs, is in its explanation. They were
never evaluated, and withdrawn on 29 February 2024: none is applied unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.domain.theme import Theme
from signaux_faibles.lists.rules.declare import Bools, Rule, RuleRows, Values

FIRST_MONTH = parse_month("2022-12")
LAST_MONTH_OF_OLD_DEBT = parse_month("2023-12")
"""The two rules on old debts were about those of the health crisis, when Urssaf did not recover them."""

MAX_REPAYMENT_YEARS = 4
"""Net debt over cash flow above which a company repays too slowly."""

LOWEST_CHANGE = -0.2
"""Change of turnover from which an activity is maintained: at least 80 % of what it was."""

SIGNIFICANT_DEBT_MONTHS = 1.2
"""A tenth of the contributions of a year, in months of contributions."""

REPAID_SHARE = 0.1
"""Share of its highest level under which an old debt is repaid."""

SHORT_TIME_SHARE = 240 / 365 * 0.5
"""240 days of a year for half of the staff, as a share of the working time of the year."""

COMPTES = "comptes"
"""Group of the three rules on accounts: two of them make a step."""

SHORT_TIME_MOTIVES = (
    "ap_economique_12m_ratio",
    "ap_approvisionnement_12m_ratio",
    "ap_restructuration_12m_ratio",
    "ap_exceptionnel_12m_ratio",
)


def _declared(rows: RuleRows, fiscal: str, published: str) -> Values:
    """What the fiscal extract says, and published accounts where there is none."""
    return np.where(np.isnan(rows[fiscal]), rows[published], rows[fiscal])


def _is_slow(ratio: Values) -> Bools:
    return ratio > MAX_REPAYMENT_YEARS


def _is_negative(value: Values) -> Bools:
    return value < 0


def _is_maintained(rows: RuleRows) -> Bools:
    return rows["chiffre_d_affaires_change_ratio"] >= LOWEST_CHANGE


def _is_urssaf_first(rows: RuleRows) -> Bools:
    if not rows.themes:
        return np.zeros(len(rows), np.bool_)
    others = np.max([points for theme, points in rows.themes.items() if theme is not Theme.DETTE_URSSAF], axis=0)
    return np.asarray(rows.themes[Theme.DETTE_URSSAF] >= others)


def _had_debt(rows: RuleRows) -> Bools:
    return rows["debit_sur_cotisation_months"] - rows["debit_change_12m_months"] > SIGNIFICANT_DEBT_MONTHS


def _is_on_short_time(rows: RuleRows) -> Bools:
    authorised: Values = np.sum([np.nan_to_num(rows[name]) for name in SHORT_TIME_MOTIVES], axis=0)
    return authorised > SHORT_TIME_SHARE


SOLVABILITE = Rule(
    name="solvabilite_faible",
    reference="solvabilité_faible",
    label="Solvabilité faible",
    explanation="Dette nette supérieure à 4 fois la capacité d'autofinancement, d'après la déclaration fiscale ; à"
    " défaut, capacité de remboursement publiée supérieure à 4.",
    effect=1,
    data_class=DataClass.DGFIP,
    features=("dgfip_dette_nette_sur_caf_ratio", "capacite_de_remboursement_ratio"),
    fires=lambda rows: _is_slow(_declared(rows, "dgfip_dette_nette_sur_caf_ratio", "capacite_de_remboursement_ratio")),
    is_published=lambda rows: _is_slow(rows["capacite_de_remboursement_ratio"]),
    first_month=FIRST_MONTH,
    group=COMPTES,
)

CAPITAUX_PROPRES = Rule(
    name="k_propres_negatifs",
    reference="k_propres_négatifs",
    label="Capitaux propres négatifs",
    explanation="Capitaux propres négatifs, d'après la déclaration fiscale ; à défaut, autonomie financière publiée"
    " négative.",
    effect=1,
    data_class=DataClass.DGFIP,
    features=("dgfip_k_propres_sur_k_social_ratio", "autonomie_financiere_ratio"),
    fires=lambda rows: _is_negative(
        _declared(rows, "dgfip_k_propres_sur_k_social_ratio", "autonomie_financiere_ratio")
    ),
    is_published=lambda rows: _is_negative(rows["autonomie_financiere_ratio"]),
    first_month=FIRST_MONTH,
    group=COMPTES,
)

RENTABILITE = Rule(
    name="rentabilite_faible",
    reference="rentabilité_faible",
    label="Rentabilité faible malgré une activité maintenue",
    explanation="Excédent brut d'exploitation négatif, d'après la déclaration fiscale ou, à défaut, les comptes"
    " publiés, et chiffre d'affaires d'au moins 80 % de celui de l'exercice d'avant. Les déclarations de TVA, qui"
    " disaient l'activité maintenue depuis 2019, ne sont pas des nôtres.",
    effect=1,
    data_class=DataClass.DGFIP,
    features=("dgfip_ebe_sur_ca_ratio", "ebe_sur_ca_ratio", "chiffre_d_affaires_change_ratio"),
    fires=lambda rows: (
        _is_negative(_declared(rows, "dgfip_ebe_sur_ca_ratio", "ebe_sur_ca_ratio")) & _is_maintained(rows)
    ),
    first_month=FIRST_MONTH,
    group=COMPTES,
)

HAUSSE_DETTE = Rule(
    name="hausse_dette_urssaf_recente",
    reference="augmentation_dette_sur_cotisation_urssaf_recente",
    label="Hausse récente de la dette Urssaf",
    explanation="En trois mois, la dette Urssaf a augmenté de plus d'un dixième des cotisations d'une année.",
    effect=1,
    data_class=DataClass.URSSAF,
    features=("debit_change_3m_months",),
    fires=lambda rows: rows["debit_change_3m_months"] > SIGNIFICANT_DEBT_MONTHS,
    first_month=FIRST_MONTH,
    blocked_by=("dette_urssaf_preponderante",),
)

PREPONDERANTE = Rule(
    name="dette_urssaf_preponderante",
    reference="dette_urssaf_macro_preponderante",
    label="Dette Urssaf déjà prépondérante dans le score",
    explanation="La contribution des dettes Urssaf au score est au moins égale à celle de chaque autre thème : la"
    " hausse de la dette n'ajoute rien.",
    effect=0,
    data_class=DataClass.URSSAF,
    features=(),
    fires=_is_urssaf_first,
    first_month=FIRST_MONTH,
)

BAISSE_DETTE = Rule(
    name="baisse_dette_urssaf_ancienne",
    reference="diminution_dette_urssaf_ancienne",
    label="Ancienne dette Urssaf presque soldée",
    explanation="La dette Urssaf est à moins d'un dixième de son plus haut niveau en deux ans. Le plus haut était"
    " cherché de janvier 2020 à septembre 2021, et la plus basse dette depuis.",
    effect=-1,
    data_class=DataClass.URSSAF,
    features=("debit_sur_max_24m_ratio",),
    fires=lambda rows: rows["debit_sur_max_24m_ratio"] < REPAID_SHARE,
    first_month=FIRST_MONTH,
    last_month=LAST_MONTH_OF_OLD_DEBT,
    needs=("dette_urssaf_ancienne",),
)

ANCIENNE_DETTE = Rule(
    name="dette_urssaf_ancienne",
    reference="dette_urssaf_ancienne_significative",
    label="Dette Urssaf significative un an plus tôt",
    explanation="Un an plus tôt, la dette Urssaf dépassait un dixième des cotisations d'une année. Elle était cherchée"
    " de septembre 2020 à août 2021.",
    effect=0,
    data_class=DataClass.URSSAF,
    features=("debit_sur_cotisation_months", "debit_change_12m_months"),
    fires=_had_debt,
    first_month=FIRST_MONTH,
    last_month=LAST_MONTH_OF_OLD_DEBT,
)

ACTIVITE_PARTIELLE = Rule(
    name="activite_partielle_elevee",
    reference="demande_activite_partielle_elevee",
    label="Activité partielle élevée",
    explanation="Heures d'activité partielle autorisées en un an, hors motifs créés après les autres, au-delà de ce que"
    " feraient 240 jours pour la moitié de l'effectif. Les jours étaient comptés par établissement.",
    effect=1,
    data_class=DataClass.DGEFP,
    features=SHORT_TIME_MOTIVES,
    fires=_is_on_short_time,
    first_month=FIRST_MONTH,
)

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        SOLVABILITE,
        CAPITAUX_PROPRES,
        RENTABILITE,
        HAUSSE_DETTE,
        PREPONDERANTE,
        BAISSE_DETTE,
        ANCIENNE_DETTE,
        ACTIVITE_PARTIELLE,
    )
}

ALL_IN_FORCE = "all"


def choose_rules(names: Iterable[str], month: int) -> tuple[Rule, ...]:
    """Rules of some names for the list of a month, with those that condition them, in the order of the catalogue.

    Parameters
    ----------
    names : iterable of str
        `all` stands for those in force that month.

    Raises
    ------
    InputError
        If no rule has a name, or it is not in force that month.
    """
    asked = set(names)
    if unknown := sorted(asked - RULES.keys() - {ALL_IN_FORCE}):
        raise InputError(
            f"Unknown expert rule: found {', '.join(unknown)}, expected {ALL_IN_FORCE} or among {', '.join(RULES)}."
        )
    if late := sorted(name for name in asked & RULES.keys() if not RULES[name].is_in_force(month)):
        raise InputError(
            f"Not in force in {format_month(month)}: {', '.join(_dates(RULES[name]) for name in late)}.",
            todo="Leave it out, or make the list of a month in which it is.",
        )
    if ALL_IN_FORCE in asked:
        asked |= {name for name, rule in RULES.items() if rule.is_in_force(month)}
    for name in asked & RULES.keys():
        asked |= {*RULES[name].needs, *RULES[name].blocked_by}
    return tuple(rule for name, rule in RULES.items() if name in asked)


def _dates(rule: Rule) -> str:
    end = f" to {format_month(rule.last_month)}" if rule.last_month is not None else ""
    return f"{rule.name} (from {format_month(rule.first_month)}{end})"
