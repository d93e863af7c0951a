"""From a cell of the national register (*Sirene*) to a staged value: hidden cells, activities, bands of headcount."""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.schema.cell import decimal, raw
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.source import Fault, Field, Filter

NAF = r"[0-9]{2}\.[0-9]{2}[A-Z]"
TRANCHES = ("NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53")
"""Bands of headcount: `NN` no employee during the year, `00` none at its end, `01` 1 or 2 ... `53` 10,000 and more."""

STATUTS = {"O": "O", "P": "P", "N": "P"}
"""Who may see the unit: anybody, or its public part only; files before 2023 write N for P."""


def shown(cell: str) -> str:
    """A cell, or NULL when it is empty or hidden."""
    return f"nullif(nullif({raw(cell)}, ''), '[ND]')"


def shown_text(name: str, label: str, *cells: str) -> Field:
    """A text, which may go on in several cells; a hidden one is NULL."""
    if len(cells) == 1:
        return Field(Column(name, Kind.TEXT, label), shown(cells[0]), compat_sql=f"nullif({raw(cells[0])}, '')")
    return Field(Column(name, Kind.TEXT, label), f"nullif(concat_ws(' ', {', '.join(map(shown, cells))}), '')")


def shown_decimal(name: str, cell: str, label: str, *, unit: str, compat_sql: str = "") -> Field:
    """A decimal number; a hidden one is NULL and no fault."""
    field = decimal(name, cell, label, unit=unit, drops_row=False)
    return replace(field, fault_sql=f"{shown(cell)} IS NOT NULL AND ({field.sql}) IS NULL", compat_sql=compat_sql)


def patterned(name: str, cell: str, label: str, pattern: str, expected: str) -> Field:
    """A code of a known shape; another one empties the cell, a hidden one too but it is no fault."""
    is_right = f"regexp_full_match({raw(cell)}, '{pattern}')"
    return Field(
        Column(name, Kind.TEXT, label),
        f"CASE WHEN {is_right} THEN {raw(cell)} END",
        cell,
        Fault.CODE,
        expected,
        drops_row=False,
        fault_sql=f"{shown(cell)} IS NOT NULL AND NOT {is_right}",
    )


def tranche_effectif(cell: str) -> Field:
    """Band of headcount, as Insee codes it."""
    return patterned("tranche_effectif", cell, "Tranche d'effectif (Insee)", "|".join(TRANCHES), "tranche de l'Insee")


def statut_diffusion(cell: str) -> Field:
    """Whether all of the unit may be seen (O) or its public part only (P)."""
    whens = " ".join(f"WHEN '{code}' THEN '{meaning}'" for code, meaning in STATUTS.items())
    column = Column("statut_diffusion", Kind.TEXT, "Diffusion : O (entière) ou P (partielle)")
    return Field(column, f"CASE {raw(cell)} {whens} END", cell, Fault.CODE, "O, P ou N", drops_row=False)


def code_naf(unit: str) -> Field:
    """Activity in NAF rev. 2; empty when the file gives it in another nomenclature."""
    cell = f"activitePrincipale{unit}"
    is_rev2 = f"{raw(f'nomenclatureActivitePrincipale{unit}')} = 'NAFRev2'"
    is_right = f"regexp_full_match({raw(cell)}, '{NAF}')"
    return Field(
        Column("code_naf", Kind.TEXT, "Code d'activité (NAF rév. 2)"),
        f"CASE WHEN {is_rev2} AND {is_right} THEN {raw(cell)} END",
        cell,
        Fault.CODE,
        "code NAF rév. 2, comme 62.01Z",
        drops_row=False,
        fault_sql=f"{is_rev2} AND {shown(cell)} IS NOT NULL AND NOT {is_right}",
    )


def code_naf25(unit: str) -> Field:
    """Activity in NAF 2025: in a column of its own, or in the main one once the register has switched."""
    cell, main = f"activitePrincipaleNAF25{unit}", f"activitePrincipale{unit}"
    is_switched = f"{raw(f'nomenclatureActivitePrincipale{unit}')} = 'NAF25'"
    return Field(
        Column("code_naf25", Kind.TEXT, "Code d'activité (NAF 2025)"),
        f"coalesce({shown(cell)}, CASE WHEN {is_switched} THEN {shown(main)} END)",
        compat_sql=f"nullif({raw(cell)}, '')",
    )


def other_nomenclature(unit: str) -> Filter:
    """Rows whose activity is not in NAF rev. 2, which the importer before ours leaves out."""
    is_other = f"{raw(f'nomenclatureActivitePrincipale{unit}')} <> 'NAFRev2'"
    return Filter("autre_nomenclature", f"{raw(f'activitePrincipale{unit}')} <> '' AND {is_other}")
