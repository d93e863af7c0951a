"""History of the delays of payment to suppliers (*Rétro-Paydex*), as Altares sends it once, or again after a gap.

Producer: Altares.
Access: confidential file, under contract.
Grain: one row per company and value date.
Cadence: on request; each file adds to the earlier ones.
Known from: the month that follows the value date.
Traps: dates DD/MM/YYYY, unlike the monthly file; a column repeats the days in words and is not read; days only, without
the shares of late payments: this history does not replace the monthly file, which the panel reads.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_fr, integer, siren
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

SOURCE = Source(
    name="paydex_retro",
    label="Historique des retards de paiement aux fournisseurs",
    producer="Altares",
    data_class=DataClass.ALTARES,
    file_pattern=r"E_[0-9]{12}_Retro-Paydex_[0-9]{8}\.csv",
    separator=";",
    is_flow=True,
    grain="une entreprise à une date de valeur",
    raw_columns=tuple(RawColumn(name) for name in ("SIREN", "NB_JOURS", "DATE_VALEUR")),
    fields=(
        siren("SIREN"),
        integer("retard_days", "NB_JOURS", "Retard moyen de paiement", unit="jours"),
        date_fr("date_valeur", "DATE_VALEUR", "Date de valeur"),
    ),
    known_from="last_day(date_valeur + INTERVAL 1 MONTH)",
    freshness="year(date_valeur) * 12 + month(date_valeur) - 1",
    reference=(
        Reference("siren", "siren", "SIREN"),
        Reference("date_valeur", "date_valeur", "DATE_VALEUR", Convert.DATE_FR),
        Reference("nb_jours", "nb_jours", "NB_JOURS", Convert.INTEGER),
    ),
)
