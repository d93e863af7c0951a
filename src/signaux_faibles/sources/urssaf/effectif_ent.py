"""Monthly headcount of each company (*effectif*).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every three to six months.
Grain: one row per company and month; the file has one column per month.
Cadence: quarterly at best.
Known from: the third month that follows.
Traps: those of the headcount of establishments; a line repeated whole is reported and kept once.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import cell_of_month, siren
from signaux_faibles.schema.source import RawColumn, Reference, Source

SOURCE = Source(
    name="effectif_ent",
    label="Effectifs des entreprises",
    producer="Urssaf",
    data_class=DataClass.PUBLIC,
    file_pattern=r"sigfaible_effectif_siren\.csv",
    separator=";",
    is_wide=True,
    unique_key="siren",
    grain="une entreprise sur un mois",
    raw_columns=(RawColumn("siren"),),
    fields=(
        siren(),
        *cell_of_month(),
    ),
    known_from="last_day(make_date((month + 3) // 12, (month + 3) % 12 + 1, 1))",
    freshness="month",
    reference=(
        Reference("siren", "siren", "siren"),
        Reference("période", "periode"),
        Reference("effectif_entreprise", "effectif"),
    ),
)
