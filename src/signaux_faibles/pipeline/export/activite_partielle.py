"""Clean table of short-time work: full-time equivalents authorised and used each month."""

from __future__ import annotations

from signaux_faibles.pipeline.export.labels import motif_sql
from signaux_faibles.pipeline.export.reading import EtpRule, Reading
from signaux_faibles.pipeline.export.view import (
    PERIODE,
    SIREN,
    SIRET,
    View,
    first_day,
    flag,
    month_of,
    number,
    share,
    text,
)

ETP_CENTI_HOURS = 15167
"""Hundredths of hours of one full-time equivalent in a month (151.67 h)."""


def _ap(reading: Reading) -> str:
    # The earlier importer kept the day of the consumption, which then met no request.
    used = "date_conso" if reading.is_reference else first_day("month")
    hours = "coalesce(heures_centi, 0)"
    granted = share(hours, "rank", "months") if reading.etp_autorise is EtpRule.MONTHLY else hours
    return f"""
        SELECT siret, siren, periode, {_etp("autorise", reading)} AS etp_autorise,
            {_etp("consomme", reading)} AS etp_consomme,
            string_agg(DISTINCT motif, '; ' ORDER BY motif) AS motif_recours, bool_or(is_last) AS is_last
        FROM (
            SELECT siret, siren, {first_day("first_month + rank")} AS periode, {granted} AS autorise, 0 AS consomme,
                {motif_sql("motif")} AS motif, false AS is_last
            FROM (
                SELECT *, unnest(range(months)) AS rank FROM (
                    SELECT *, {month_of("date_debut")} AS first_month,
                        {month_of("date_fin")} - {month_of("date_debut")} + 1 AS months
                    FROM stg_apdemande WHERE {reading.kept} AND date_debut <= date_fin
                ) AS requests
            ) AS requested
            UNION ALL
            SELECT siret, siren, {used}, 0, {hours}, NULL, {used} = (SELECT max({used}) FROM stg_apconso)
            FROM stg_apconso WHERE {reading.kept}
        ) AS months
        GROUP BY siret, siren, periode"""


def _etp(name: str, reading: Reading) -> str:
    """Full-time equivalents of a month: a sum of whole hundredths of hours, divided once.

    The earlier importer divided each row before it added them up, in floating point: the last digit may differ.
    """
    if reading.is_reference:
        share_of_etp = f"CAST({name} AS DOUBLE) / 100 / CAST({ETP_CENTI_HOURS / 100} AS DOUBLE)"
        return f"sum({share_of_etp} ORDER BY {name})"
    return f"CAST(sum({name}) AS DOUBLE) / {ETP_CENTI_HOURS}"


CLEAN_AP = View(
    "clean_ap",
    "un établissement sur un mois d'activité partielle demandée ou consommée",
    (
        SIRET,
        SIREN,
        PERIODE,
        number("etp_autorise", "Activité partielle autorisée", "équivalents temps plein"),
        number("etp_consomme", "Activité partielle consommée", "équivalents temps plein"),
        text("motif_recours", "Motifs des demandes, séparés par « ; »"),
        flag("is_last", "Dernier mois consommé de la livraison"),
    ),
    ("apconso", "apdemande"),
    _ap,
)
