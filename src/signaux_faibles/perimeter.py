"""Who is scored at a month, and why the others are not.

A company is in perimeter at month t when, with what was known at the end of t, it is alive, known to Sirene with a
head office in France, neither a sole trader nor of an excluded legal category or activity, and reached the headcount
threshold within the window. Everything is dated, so a company of the past is judged with the knowledge of its past.

References
----------
The exclusion lists are those in force in the reference importer (17 legal categories, 41 activities).
"""

from __future__ import annotations

from dataclasses import dataclass, field

CATEGORIES_EXCLUDED = (
    "4110", "4120", "4140", "4160", "7210", "7220", "7346", "7348", "7366", "7373", "7379", "7383", "7389", "7410",
    "7430", "7470", "7490",
)  # fmt: skip
"""Public bodies: their failure is not a collective proceeding."""

ACTIVITIES_EXCLUDED = (
    "84.11Z", "84.12Z", "84.13Z", "84.21Z", "84.22Z", "84.23Z", "84.24Z", "84.25Z", "84.30A", "84.30B", "84.30C",
    "85.10Z", "85.20Z", "85.31Z", "85.32Z", "85.41Z", "85.42Z", "94.11Z", "94.12Z", "94.20Z", "94.91Z", "94.92Z",
    "64.11Z", "64.19Z", "64.30Z", "64.91Z", "64.92Z", "64.99Z", "65.11Z", "65.12Z", "65.20Z", "65.30Z", "66.11Z",
    "66.12Z", "66.19A", "66.19B", "66.21Z", "66.22Z", "66.29Z", "66.30Z", "99.00Z",
)  # fmt: skip
"""Public administration, initial education, representative bodies, finance and insurance, extraterritorial bodies."""

CATEGORY_SOLE_TRADER = "1"
"""First digit of the legal categories of natural persons, whose data are personal data."""


@dataclass(frozen=True)
class PerimeterRules:
    """Rules of the perimeter, as data.

    Parameters
    ----------
    effectif_min_count : int
        Headcount that must have been reached, salaries.
    window_months : int
        Number of last months, as known at t, in which it must have been reached.
    categories_excluded, activities_excluded : tuple of str
        Insee legal categories; NAF rev. 2 codes with their dot.
    """

    effectif_min_count: int = 10
    window_months: int = 36
    categories_excluded: tuple[str, ...] = field(default=CATEGORIES_EXCLUDED)
    activities_excluded: tuple[str, ...] = field(default=ACTIVITIES_EXCLUDED)


REASONS: dict[str, str] = {
    "inactive": "l'entreprise n'a plus d'établissement en activité",
    "inconnue": "l'entreprise ou son siège est inconnu de Sirene",
    "personne_physique": "l'entrepreneur est une personne physique",
    "categorie": "la catégorie juridique est exclue",
    "activite": "l'activité est exclue",
    "siege_etranger": "le siège n'est pas en France",
    "effectif": "l'effectif n'a pas atteint le seuil",
}
"""Why a company is out at a month, first reason that applies, in French for the report."""


def reason_sql(rules: PerimeterRules) -> str:
    """SQL expression of the first reason to exclude a row, null when the row is in perimeter.

    It reads the columns of the panel being built: `etablissements_actifs_count`, `is_known_sirene`,
    `categorie_juridique`, `code_naf`, `departement` and `effectif_max_count` (over the window of the rules).
    """
    categories = ", ".join(f"'{code}'" for code in rules.categories_excluded)
    activities = ", ".join(f"'{code}'" for code in rules.activities_excluded)
    return f"""CASE
        WHEN etablissements_actifs_count <= 0 THEN 'inactive'
        WHEN NOT is_known_sirene THEN 'inconnue'
        WHEN SUBSTRING(categorie_juridique, 1, 1) = '{CATEGORY_SOLE_TRADER}' THEN 'personne_physique'
        WHEN categorie_juridique IN ({categories}) THEN 'categorie'
        WHEN code_naf IN ({activities}) THEN 'activite'
        WHEN departement IS NULL OR departement = '' THEN 'siege_etranger'
        WHEN COALESCE(effectif_max_count, 0) < {rules.effectif_min_count} THEN 'effectif'
    END"""
