"""The declared columns of the panel: the states of a company at the end of a month."""

from __future__ import annotations

from signaux_faibles.panel.states import FAMILIES
from signaux_faibles.schema import Column, Kind, Table

PANEL = Table(
    "panel",
    "une entreprise à la fin d'un mois, avec ce que l'on savait ce jour-là",
    ("siren", "month"),
    (
        Column("siren", Kind.TEXT, "SIREN", nullable=False),
        Column("month", Kind.INTEGER, "Mois", "année x 12 + mois - 1", nullable=False),
        Column("exclusion", Kind.TEXT, "Motif de sortie du périmètre, vide si dedans"),
        *(column for family in FAMILIES for column in family.columns),
    ),
)
