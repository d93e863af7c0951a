"""Headcount bands of Insee (*tranche d'effectif salarié*): all that open data say of the size of a company.

References
----------
Insee, variables `trancheEffectifsUniteLegale` and `trancheEffectifsEtablissement` of the Sirene stocks.
"""

from __future__ import annotations

LOWER_BOUNDS: dict[str, int] = {
    "00": 0,
    "01": 1,
    "02": 3,
    "03": 6,
    "11": 10,
    "12": 20,
    "21": 50,
    "22": 100,
    "31": 200,
    "32": 250,
    "41": 500,
    "42": 1_000,
    "51": 2_000,
    "52": 5_000,
    "53": 10_000,
}
"""Code of a band and the smallest headcount in it. `00` had employees during the year and none at its end."""

NOT_EMPLOYING = "NN"
"""No employee is known of: no declaration that year, a unit too recent, or one that had ceased before it."""


def band_of(effectif: int) -> str:
    """Band of a headcount."""
    return max((low, code) for code, low in LOWER_BOUNDS.items() if low <= effectif)[1]
