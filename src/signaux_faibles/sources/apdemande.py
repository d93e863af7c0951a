"""Requests for short-time work (*activité partielle*).

Producer: DGEFP and Dares.
Access: confidential full export, every month.
Grain: one row per request.
Cadence: monthly export of a register kept in real time.
Known from: the month of the decision (`DATE_STATUT`).
Traps: hours with a decimal dot and amounts with a decimal comma in the same row; a reason out of 1 to 7 is left empty
and reported (the importer before ours said so but dropped the row); the hours are those of the whole request, not of
each month; a quote inside a cell is data.
"""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.cell import coded, count, date_iso, hundredths, integer, siret, text
from signaux_faibles.schema.source import Convert, RawColumn, Reference, Source

HOURS = "centièmes d'heure"
RAW = (
    "ID_DA",
    "ETAB_SIRET",
    "EFF_ENT",
    "EFF_ETAB",
    "DATE_STATUT",
    "DATE_DEB",
    "DATE_FIN",
    "HTA",
    "MTA",
    "EFF_AUTO",
    "MOTIF_RECOURS_SE",
    "S_HEURE_CONSOM_TOT",
    "S_MONTANT_CONSOM_TOT",
    "S_EFF_CONSOM_TOT",
    "PERIMETRE_AP",
)

SOURCE = Source(
    name="apdemande",
    label="Demandes d'activité partielle",
    producer="DGEFP",
    data_class=DataClass.DGEFP,
    file_pattern=r"demande_ap\.csv",
    separator=",",
    has_lazy_quotes=True,
    unique_key="id_demande",
    grain="une demande d'activité partielle",
    raw_columns=tuple(RawColumn(name) for name in RAW),
    fields=(
        *siret("ETAB_SIRET"),
        text("id_demande", "ID_DA", "Identifiant de la demande"),
        count("effectif_entreprise_count", "EFF_ENT", "Effectif de l'entreprise"),
        count("effectif_count", "EFF_ETAB", "Effectif de l'établissement"),
        date_iso("date_statut", "DATE_STATUT", "Date de la décision"),
        date_iso("date_debut", "DATE_DEB", "Début de la période demandée"),
        date_iso("date_fin", "DATE_FIN", "Fin de la période demandée"),
        hundredths("heures_centi", "HTA", "Heures autorisées", unit=HOURS, has_comma=False),
        hundredths("montant_cents", "MTA", "Montant autorisé"),
        count("effectif_autorise_count", "EFF_AUTO", "Effectif autorisé"),
        coded("motif", "MOTIF_RECOURS_SE", "Motif de recours", first=1, last=7),
        integer("perimetre", "PERIMETRE_AP", "Périmètre de la demande"),
        hundredths("heures_consommees_centi", "S_HEURE_CONSOM_TOT", "Heures consommées", unit=HOURS, has_comma=False),
        hundredths("montant_consomme_cents", "S_MONTANT_CONSOM_TOT", "Montant consommé"),
        count("effectif_consomme_count", "S_EFF_CONSOM_TOT", "Effectif ayant consommé"),
    ),
    known_from="last_day(date_statut)",
    freshness="year(date_statut) * 12 + month(date_statut) - 1",
    reference=(
        Reference("id_demande", "id_demande", "ID_DA"),
        Reference("siret", "siret", "ETAB_SIRET"),
        Reference("effectif_entreprise", "effectif_entreprise", "EFF_ENT", Convert.TRUNCATED),
        Reference("effectif", "effectif", "EFF_ETAB", Convert.TRUNCATED),
        Reference("date_statut", "date_statut", "DATE_STATUT", Convert.DATE_ISO),
        Reference("période_début", "periode_debut", "DATE_DEB", Convert.DATE_ISO),
        Reference("période_fin", "periode_fin", "DATE_FIN", Convert.DATE_ISO),
        Reference("heures_autorisées", "heures", "HTA", Convert.FLOAT),
        Reference("montants_autorisés", "montant", "MTA", Convert.COMMA_FLOAT),
        Reference("effectif_autorisé", "effectif_autorise", "EFF_AUTO", Convert.TRUNCATED),
        Reference("motif_recours_se", "motif_recours", "MOTIF_RECOURS_SE", Convert.INTEGER),
        Reference("heure_consommee", "heure_consommee", "S_HEURE_CONSOM_TOT", Convert.FLOAT),
        Reference("montant_consomme", "montant_consomme", "S_MONTANT_CONSOM_TOT", Convert.COMMA_FLOAT),
        Reference("effectif_consomme", "effectif_consomme", "S_EFF_CONSOM_TOT", Convert.TRUNCATED),
        Reference("perimetre", "perimetre", "PERIMETRE_AP", Convert.INTEGER),
    ),
)
