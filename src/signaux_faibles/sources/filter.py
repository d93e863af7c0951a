"""Companies chosen by hand: an explicit perimeter (*filtre*), instead of the headcount rule.

Producer: whoever runs the import.
Access: a file of one's own.
Grain: one row per company.
Cadence: when needed; the last file replaces the others.
Known from: always.
Traps: the first column is the SIREN whatever its name, and the header may be missing; a line `siren` may stand anywhere
and is left out; any other first cell that is not a SIREN refuses the whole file, since a perimeter that lacks a company
without saying so is worse than none.
"""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import raw, siren
from signaux_faibles.schema.source import Filter, RawColumn, Reference, Source

SOURCE = Source(
    name="filter",
    label="Périmètre explicite",
    producer="Signaux Faibles",
    data_class=DataClass.PUBLIC,
    file_pattern="filter.*",
    separator=";",
    has_optional_header=True,
    is_all_or_nothing=True,
    grain="une entreprise du périmètre",
    raw_columns=(RawColumn("siren", position=0),),
    fields=(replace(siren(), expected="9 chiffres en première colonne"),),
    filters=(Filter("ligne_d_en_tete", f"lower({raw('siren')}) = 'siren'"),),
    known_from="DATE '1900-01-01'",
    freshness="CAST(NULL AS INTEGER)",
    reference=(Reference("siren", "siren", "siren"),),
)
