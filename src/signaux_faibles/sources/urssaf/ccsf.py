"""Plans handled by the commission of the heads of financial services (*ccsf*).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every month.
Grain: one row per account, date and stage.
Cadence: monthly.
Known from: the month that follows the date of the stage.
Traps: the importer before ours parsed this file and threw it away; the action is always `CCSF`.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_urssaf, siret, text
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

RAW = ("Siret", "Compte", "Date_de_traitement", "Code_externe_stade", "Code_externe_action")

SOURCE = Source(
    name="ccsf",
    label="Délais CCSF",
    producer="Urssaf",
    data_class=DataClass.URSSAF,
    file_pattern=r"sigfaible_ccsf\.csv",
    separator=";",
    grain="un stade d'un plan suivi par la CCSF",
    raw_columns=tuple(RawColumn(name) for name in RAW),
    fields=(
        *siret(),
        text("compte", "Compte", "Compte Urssaf"),
        date_urssaf("date_traitement", "Date_de_traitement", "Date du stade"),
        text("stade", "Code_externe_stade", "Stade"),
        text("action", "Code_externe_action", "Action"),
    ),
    known_from="last_day(date_traitement + INTERVAL 1 MONTH)",
    freshness="year(date_traitement) * 12 + month(date_traitement) - 1",
    reference=(
        Reference("siret", "siret", "Siret"),
        Reference("numéro_compte", "numero_compte", "Compte"),
        Reference("date_traitement", "date_traitement", "Date_de_traitement", Convert.DATE_URSSAF),
        Reference("stade", "stade", "Code_externe_stade"),
        Reference("action", "action", "Code_externe_action"),
    ),
)
