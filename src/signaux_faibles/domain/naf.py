"""Activity codes: NAF rev. 2 (2008) with its sections, and the place of NAF 2025 beside it.

The two revisions live side by side: a company has a code in each, and neither is derived from the other.
"""

from __future__ import annotations

from functools import cache

from signaux_faibles.domain.nomenclature import read_nomenclature


@cache
def naf_labels() -> dict[str, str]:
    """French label of each NAF rev. 2 code, written with its dot (`62.01Z`)."""
    return {r["code"]: r["libelle"] for r in read_nomenclature("naf_rev2.csv")}


@cache
def naf_sections() -> dict[str, str]:
    """Section letter of each NAF rev. 2 code."""
    return {r["code"]: r["section"] for r in read_nomenclature("naf_rev2.csv")}


@cache
def section_labels() -> dict[str, str]:
    """French label of each section letter."""
    return {r["section"]: r["libelle"] for r in read_nomenclature("naf_sections.csv")}


@cache
def division_sections() -> dict[str, str]:
    """Section letter of each division (first two digits of a code)."""
    return {code[:2]: section for code, section in naf_sections().items()}


@cache
def categorie_juridique_labels() -> dict[str, str]:
    """French label of each legal category (four digits)."""
    return {r["code"]: r["libelle"] for r in read_nomenclature("categories_juridiques.csv")}
