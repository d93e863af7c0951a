"""Departements and regions, and which contains which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from signaux_faibles.domain.nomenclature import read_nomenclature


@dataclass(frozen=True)
class Departement:
    """A departement and its region, by Insee code and French name."""

    code: str
    libelle: str
    region: str
    libelle_region: str


@cache
def departements() -> dict[str, Departement]:
    """Every departement and overseas collectivity, by code."""
    rows = read_nomenclature("territoires.csv")
    return {
        r["departement"]: Departement(r["departement"], r["libelle"], r["region"], r["libelle_region"]) for r in rows
    }


def departements_of_region(region: str) -> tuple[str, ...]:
    """Codes of the departements of a region, sorted; empty for an unknown region."""
    return tuple(sorted(d.code for d in departements().values() if d.region == region))


def departement_of_commune(code_commune: str) -> str:
    """Departement of an Insee commune code: three characters overseas (97, 98), two elsewhere (2A and 2B included)."""
    return code_commune[:3] if code_commune[:2] in ("97", "98") else code_commune[:2]
