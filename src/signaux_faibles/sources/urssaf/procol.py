"""Collective proceedings as the Urssaf sees them (*procol*).

Producer: Urssaf Caisse nationale.
Access: confidential file deposited every month.
Grain: one row per establishment and event of a proceeding.
Cadence: monthly; history since 2006.
Known from: the month that follows the effective date.
Traps: dates in the English form of SAS; kind and stage share one label, in any order; a label without a kind is kept
with both empty and reported, because dropping it would hide an event, and calling it a proceeding would invent one.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import date_sas, raw, siret
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.source import Convert, Fault, Field, RawColumn, Reference, Source

LABEL = "Lib_actx_stdx"
PIECES = f"string_split(lower({raw(LABEL)}), '_')"
KINDS = "liquidation|redressement|sauvegarde"
RANK = f"coalesce(list_position(list_transform({PIECES}, lambda piece: regexp_matches(piece, '{KINDS}')), true), 0)"
ACTION = f"CASE WHEN {RANK} > 0 THEN {PIECES}[{RANK}] ELSE '' END"
OTHERS = f"list_concat({PIECES}[1:{RANK} - 1], {PIECES}[{RANK} + 1:])"
STADE = f"CASE WHEN {RANK} > 0 THEN array_to_string({OTHERS}, '_') ELSE '' END"

SOURCE = Source(
    name="procol",
    label="Procédures collectives",
    producer="Urssaf",
    data_class=DataClass.URSSAF,
    file_pattern=r"sigfaible_pcoll\.csv",
    separator=";",
    grain="un événement de procédure collective d'un établissement",
    raw_columns=tuple(RawColumn(name) for name in ("Siret", "Dt_effet", LABEL)),
    fields=(
        *siret(),
        date_sas("date_effet", "Dt_effet", "Date d'effet"),
        Field(
            Column("action", Kind.TEXT, "Nature de la procédure", nullable=False),
            ACTION,
            LABEL,
            Fault.CODE,
            "un libellé qui nomme une liquidation, un redressement ou une sauvegarde",
            drops_row=False,
            fault_sql=f"{RANK} = 0",
        ),
        Field(Column("stade", Kind.TEXT, "Stade de la procédure", nullable=False), STADE),
    ),
    known_from="last_day(date_effet + INTERVAL 1 MONTH)",
    freshness="year(date_effet) * 12 + month(date_effet) - 1",
    reference=(
        Reference("siret", "siret", "Siret"),
        Reference("date_effet", "date_effet", "Dt_effet", Convert.DATE_SAS),
        Reference("action_procol", "action_procol"),
        Reference("stade_procol", "stade_procol"),
    ),
)
