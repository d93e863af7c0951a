"""Departements and regions, and which contains which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.nomenclature import read_nomenclature


@dataclass(frozen=True)
class Departement:
    """A departement and its region, by Insee code and French name."""

    code: str
    libelle: str
    region: str
    libelle_region: str


@dataclass(frozen=True)
class Territoire:
    """Part of the country to which a run is restricted.

    Parameters
    ----------
    name : str
        `region=84` or `departement=69`: names its folder.
    libelle : str
        French name.
    departements : tuple of str
        Codes, sorted.
    """

    name: str
    libelle: str
    departements: tuple[str, ...]


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


def region_of_code(code: str) -> Territoire:
    """Territory of a region.

    Raises
    ------
    InputError
        If no region has this Insee code.
    """
    labels = {d.region: d.libelle_region for d in departements().values() if d.region.isdigit()}
    if code not in labels:
        raise InputError(
            f"Unknown region: found {code!r}, expected an Insee code.",
            todo=f"One of {', '.join(f'{key} ({labels[key]})' for key in sorted(labels))}.",
        )
    return Territoire(f"region={code}", labels[code], departements_of_region(code))


def departement_of_code(code: str) -> Territoire:
    """Territory of a departement.

    Raises
    ------
    InputError
        If no departement has this Insee code.
    """
    known = departements()
    if code not in known:
        raise InputError(
            f"Unknown departement: found {code!r}, expected an Insee code.", todo="Such as 01, 2A, 69 or 971."
        )
    return Territoire(f"departement={code}", known[code].libelle, (code,))
