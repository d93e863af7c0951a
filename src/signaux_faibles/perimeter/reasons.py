"""The verdict as SQL: every condition that excludes, and the first of them that applies."""

from __future__ import annotations

from collections.abc import Iterable

from signaux_faibles.perimeter.rules import PerimeterRules

CATEGORY_SOLE_TRADER = "1"
"""First digit of the legal categories of natural persons, whose data are personal data."""

CATEGORY_CODE_SIZE, ACTIVITY_CODE_SIZE = 4, 6

HEADCOUNT_REASON = "effectif"

REASONS: dict[str, str] = {
    "inactive": "l'entreprise n'a plus d'établissement en activité",
    "inconnue": "l'entreprise ou son siège est inconnu de Sirene",
    "personne_physique": "l'entrepreneur est une personne physique",
    "categorie": "la catégorie juridique est exclue",
    "activite": "l'activité est exclue",
    "siege_etranger": "le siège n'est pas en France",
    HEADCOUNT_REASON: "l'effectif n'a pas atteint le seuil",
    "hors_filtre": "l'entreprise n'est pas dans le filtre déposé",
}
"""Why a company is out at a month, first reason that applies, in French for the report."""


def conditions(rules: PerimeterRules, *, is_filtered: bool = False) -> dict[str, str]:
    """SQL condition of every reason to exclude a row, in order; a rule that is off has none.

    They read the columns of the panel being built: `etablissements_actifs_count`, `is_known_sirene`,
    `categorie_juridique`, `code_naf`, `departement`, `effectif_max_count` (over the window of the rules) and
    `is_requested` (in the filter).

    Parameters
    ----------
    is_filtered : bool
        A filter was deposited: it replaces the rule of headcount, the other exclusions stay.
    """
    found = {"inactive": "etablissements_actifs_count <= 0", "inconnue": "NOT is_known_sirene"}
    if rules.excludes_sole_traders:
        found["personne_physique"] = f"SUBSTRING(categorie_juridique, 1, 1) = '{CATEGORY_SOLE_TRADER}'"
    if rules.categories_excluded:
        found["categorie"] = _among("categorie_juridique", rules.categories_excluded, CATEGORY_CODE_SIZE)
    if rules.activities_excluded:
        found["activite"] = _among("code_naf", rules.activities_excluded, ACTIVITY_CODE_SIZE)
    if rules.excludes_foreign_head_office:
        found["siege_etranger"] = "departement IS NULL OR departement = ''"
    if is_filtered:
        found["hors_filtre"] = "NOT is_requested"
    else:
        found[HEADCOUNT_REASON] = headcount_condition(rules)
    return found


def headcount_condition(rules: PerimeterRules) -> str:
    """SQL condition that a company did not reach the threshold of headcount over the window of the rules."""
    return f"COALESCE(effectif_max_count, 0) < {rules.effectif_min_count}"


def reason_sql(rules: PerimeterRules, *, is_filtered: bool = False, is_headcount_judged: bool = True) -> str:
    """SQL expression of the first reason to exclude a row, null when the row is in perimeter.

    Parameters
    ----------
    is_headcount_judged : bool
        False leaves out the threshold of headcount, the last of the reasons, which is judged over a window.
    """
    found = conditions(rules, is_filtered=is_filtered)
    if not is_headcount_judged:
        found.pop(HEADCOUNT_REASON, None)
    whens = " ".join(f"WHEN {sql} THEN '{reason}'" for reason, sql in found.items())
    return f"CASE {whens} END"


def _among(column: str, codes: Iterable[str], size: int) -> str:
    """Condition that a column is one of some codes, or begins by one that is shorter than a whole code."""
    by_length: dict[int, list[str]] = {}
    for code in sorted(codes):
        by_length.setdefault(min(len(code), size), []).append(f"'{code}'")
    return " OR ".join(
        f"{column if length == size else f'SUBSTRING({column}, 1, {length})'} IN ({', '.join(listed)})"
        for length, listed in sorted(by_length.items())
    )
