"""The states of a company, one module per family: what it reads, its SQL steps, its columns of the panel.

The version logs are the tables `v_<source>`; the grid is `spine` (siren, t), the months of each company. Adding a state
is adding it to a family; adding a family is one module and its line here.
"""

from __future__ import annotations

from signaux_faibles.panel.states.activite_partielle import ACTIVITE_PARTIELLE
from signaux_faibles.panel.states.comptes import COMPTES
from signaux_faibles.panel.states.contexte import CONTEXTE
from signaux_faibles.panel.states.declare import Family, Latest, Lookup, Sums
from signaux_faibles.panel.states.dgfip import DGFIP
from signaux_faibles.panel.states.effectif import EFFECTIF
from signaux_faibles.panel.states.etablissements import ETABLISSEMENTS
from signaux_faibles.panel.states.paydex import PAYDEX
from signaux_faibles.panel.states.procol import PROCOL
from signaux_faibles.panel.states.sirene import SIRENE
from signaux_faibles.panel.states.urssaf import URSSAF

FAMILIES: tuple[Family, ...] = (
    SIRENE,
    ETABLISSEMENTS,
    EFFECTIF,
    URSSAF,
    ACTIVITE_PARTIELLE,
    COMPTES,
    DGFIP,
    PAYDEX,
    PROCOL,
    CONTEXTE,
)

SOURCES: dict[str, str] = {source: columns for family in FAMILIES for source, columns in family.reads.items()}
"""Sources of the panel and the columns it reads of each."""

NEEDS_MONTHS: dict[str, str] = {s: condition for f in FAMILIES for s, condition in f.needs_months.items()}
"""For an increment, the condition that a row which may still matter satisfies."""

__all__ = ["FAMILIES", "NEEDS_MONTHS", "SOURCES", "Family", "Latest", "Lookup", "Sums"]
