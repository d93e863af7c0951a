"""Short-time work actually used (*activité partielle consommée*).

Producer: DGEFP and Dares.
Access: confidential full export, every month.
Grain: one row per request, establishment and month.
Cadence: monthly, one month late.
Known from: the month that follows.
Traps: the month is written as any day of it, brought back to the month here (the day given is kept beside); amounts in
euros with a decimal dot whatever the notice says; headcounts written `2.0`.
"""

from __future__ import annotations

from dataclasses import replace

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import count, date_iso, hundredths, iso_sql, siret, text
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.source import Convert, Fault, Field, RawColumn, Reference, Source

DAY = iso_sql("MOIS")

SOURCE = Source(
    name="apconso",
    label="Activité partielle consommée",
    producer="DGEFP",
    data_class=DataClass.DGEFP,
    file_pattern=r"consommation_ap\.csv",
    separator=",",
    grain="une demande d'activité partielle d'un établissement sur un mois",
    raw_columns=tuple(RawColumn(name) for name in ("ID_DA", "ETAB_SIRET", "HEURES", "MONTANTS", "EFFECTIFS", "MOIS")),
    fields=(
        *siret("ETAB_SIRET"),
        text("id_demande", "ID_DA", "Identifiant de la demande"),
        Field(
            Column("month", Kind.INTEGER, "Mois", nullable=False),
            f"CAST(year({DAY}) * 12 + month({DAY}) - 1 AS INTEGER)",
            "MOIS",
            Fault.DATE,
            "AAAA-MM-JJ",
            is_mandatory=True,
        ),
        replace(date_iso("date_conso", "MOIS", "Jour donné pour le mois"), cell=""),
        hundredths("heures_centi", "HEURES", "Heures consommées", unit="centièmes d'heure", has_comma=False),
        hundredths("montant_cents", "MONTANTS", "Montant consommé", has_comma=False),
        count("effectif_count", "EFFECTIFS", "Effectif concerné"),
    ),
    known_from="last_day(make_date((month + 1) // 12, (month + 1) % 12 + 1, 1))",
    freshness="month",
    reference=(
        Reference("ID", "id_demande", "ID_DA"),
        Reference("Siret", "siret", "ETAB_SIRET"),
        Reference("HeureConsommee", "heures", "HEURES", Convert.FLOAT),
        Reference("Montant", "montant", "MONTANTS", Convert.FLOAT),
        Reference("Effectif", "effectif", "EFFECTIFS", Convert.TRUNCATED),
        Reference("Periode", "periode", "MOIS", Convert.DATE_ISO),
    ),
)
