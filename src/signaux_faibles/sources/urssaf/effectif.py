"""Monthly headcount of each establishment (*effectif*).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every three to six months.
Grain: one row per establishment, Urssaf account and month; the file has one column per month.
Cadence: quarterly at best.
Known from: the third month that follows.
Traps: an establishment with several accounts has several rows for the same month, to be added up; a blank cell is
"unknown", a 0 is "no employee"; cells such as `-5`, `10,5` or `n/a` are reported and left out (the importer before ours
read them as 5, 105 and 0); spaces between thousands are accepted.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import cell_of_month, siret, text
from signaux_faibles.schema.source import RawColumn, Reference, Source

SOURCE = Source(
    name="effectif",
    label="Effectifs des établissements",
    producer="Urssaf",
    data_class=DataClass.PUBLIC,
    file_pattern=r".*effectif_.*\.csv",
    separator=";",
    is_wide=True,
    grain="un compte Urssaf d'un établissement sur un mois",
    raw_columns=(RawColumn("compte"), RawColumn("siret")),
    fields=(
        *siret("siret"),
        text("compte", "compte", "Compte Urssaf"),
        *cell_of_month(),
    ),
    known_from="last_day(make_date((month + 3) // 12, (month + 3) % 12 + 1, 1))",
    freshness="month",
    reference=(
        Reference("siret", "siret", "siret"),
        Reference("compte", "numero_compte", "compte"),
        Reference("période", "periode"),
        Reference("effectif", "effectif"),
    ),
)
