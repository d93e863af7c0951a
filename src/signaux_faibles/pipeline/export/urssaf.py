"""Clean tables of the Urssaf: headcounts, contributions, debts and payment plans."""

from __future__ import annotations

from signaux_faibles.pipeline.export.reading import CotisationRule, EffectifRule, Reading
from signaux_faibles.pipeline.export.view import (
    PERIODE,
    SIREN,
    SIRET,
    View,
    day,
    first_day,
    flag,
    month_of,
    number,
    share,
    text,
)
from signaux_faibles.schema.column import Column, Kind

LAST_DAY_OF_MONTH_BOOKED = 20
"""An operation treated after the 20th counts for the month that follows: contributions are due around the 15th."""


def _effectif(reading: Reading) -> str:
    if reading.effectif is EffectifRule.ACCOUNTS:
        rows = f"SELECT siret, month, effectif_count FROM stg_effectif WHERE {reading.kept}"
    else:
        rows = f"""
            SELECT siret, month, sum(effectif_count) AS effectif_count FROM stg_effectif
            WHERE {reading.kept} GROUP BY siret, month"""
    return _latest("siret", "effectif", rows)


def _effectif_ent(reading: Reading) -> str:
    return _latest(
        "siren", "effectif_ent", f"SELECT siren, month, effectif_count FROM stg_effectif_ent WHERE {reading.kept}"
    )


def _latest(key: str, name: str, rows: str) -> str:
    return f"""
        SELECT {key}, {first_day("month")} AS periode, effectif_count AS {name},
            month = max(month) OVER (PARTITION BY {key}) AS is_latest
        FROM ({rows}) AS headcounts"""


def _cotisation(reading: Reading) -> str:
    rows = f"SELECT siret, start_month AS month, du_cents FROM stg_cotisation WHERE {reading.kept}"
    if reading.cotisation is CotisationRule.MONTHLY:
        part = share("du_cents", "rank", "(end_month - start_month)")
        rows = f"""
            SELECT siret, start_month + rank AS month, {part} AS du_cents
            FROM (
                SELECT *, unnest(range(end_month - start_month)) AS rank FROM stg_cotisation WHERE {reading.kept}
            ) AS months"""
    return f"""
        SELECT siret, {first_day("month")} AS periode, CAST(sum(du_cents) AS DOUBLE) / 100 AS du
        FROM ({rows}) AS dues GROUP BY siret, month"""


def _debit(reading: Reading) -> str:
    """Balance of each establishment at each month where one of its debts moved.

    The balance is the sum of the last known balance of each debt, so it is kept as the running sum of their changes.
    """
    debt = "siret, start_month, end_month, coalesce(numero_ecart, '')"
    if not reading.is_reference:
        debt += ", coalesce(compte, '')"
    without_number = "FIRST" if reading.is_reference else "LAST"
    booked = (
        f"{month_of('date_traitement')} + "
        f"CASE WHEN date_part('day', date_traitement) > {LAST_DAY_OF_MONTH_BOOKED} THEN 1 ELSE 0 END"
    )
    changes = ", ".join(
        f"{part}_cents - lag({part}_cents, 1, 0) OVER (PARTITION BY debt ORDER BY month) AS {part}_change"
        for part in PARTS
    )
    sums = ", ".join(f"sum({part}_change) AS {part}_change" for part in PARTS)
    balances = ", ".join(
        f"CAST(sum({part}_change) OVER (PARTITION BY siret ORDER BY month ROWS UNBOUNDED PRECEDING) AS DOUBLE) / 100 "
        f"AS {part}"
        for part in PARTS
    )
    return f"""
        SELECT siret, {first_day("month")} AS periode, {balances},
            month = max(month) OVER (PARTITION BY siret) AS is_last
        FROM (
            SELECT siret, month, {sums} FROM (
                SELECT siret, month, {changes} FROM (
                    SELECT *, row_number() OVER (
                        PARTITION BY debt, month
                        ORDER BY numero_historique DESC NULLS {without_number}, date_traitement DESC,
                            part_ouvriere_cents, part_patronale_cents
                    ) AS rank
                    FROM (
                        SELECT *, row({debt}) AS debt, {booked} AS month FROM stg_debit WHERE {reading.kept}
                    ) AS operations
                ) AS ranked WHERE rank = 1
            ) AS moves GROUP BY siret, month
        ) AS monthly"""


PARTS = ("part_ouvriere", "part_patronale")


def _delai(reading: Reading) -> str:
    return f"""
        SELECT siret, date_creation, date_echeance, duree_days AS duree_delai,
            CAST(montant_cents AS DOUBLE) / 100 AS montant_echeancier,
            {reading.text("stade")} AS stade, {reading.text("action")} AS action
        FROM stg_delai WHERE {reading.kept}"""


CLEAN_EFFECTIF = View(
    "clean_effectif",
    "un établissement (ou un de ses comptes) sur un mois",
    (
        SIRET,
        PERIODE,
        Column("effectif", Kind.INTEGER, "Effectif", "salariés"),
        flag("is_latest", "Dernier mois connu de l'établissement"),
    ),
    ("effectif",),
    _effectif,
)

CLEAN_EFFECTIF_ENT = View(
    "clean_effectif_ent",
    "une entreprise sur un mois",
    (
        SIREN,
        PERIODE,
        Column("effectif_ent", Kind.INTEGER, "Effectif", "salariés"),
        flag("is_latest", "Dernier mois connu de l'entreprise"),
    ),
    ("effectif_ent",),
    _effectif_ent,
)

CLEAN_COTISATION = View(
    "clean_cotisation",
    "un établissement sur un mois",
    (SIRET, PERIODE, number("du", "Cotisations dues", "euros")),
    ("cotisation",),
    _cotisation,
)

CLEAN_DEBIT = View(
    "clean_debit",
    "un établissement à un mois où l'une de ses dettes a changé",
    (
        SIRET,
        PERIODE,
        number("part_ouvriere", "Part ouvrière restant due", "euros"),
        number("part_patronale", "Part patronale restant due", "euros"),
        flag("is_last", "Dernier mois où une dette de l'établissement a changé"),
    ),
    ("debit",),
    _debit,
)

CLEAN_DELAI = View(
    "clean_delai",
    "un délai de paiement, à un stade",
    (
        SIRET,
        day("date_creation", "Date de création du délai"),
        day("date_echeance", "Échéance du délai"),
        Column("duree_delai", Kind.INTEGER, "Durée du délai", "jours"),
        number("montant_echeancier", "Montant de l'échéancier", "euros"),
        text("stade", "Stade"),
        text("action", "Action"),
    ),
    ("delai",),
    _delai,
)
