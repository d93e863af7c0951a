"""Labels of any horizon, made when they are read from the events of the companies.

At t, the next event is the first opening of a proceeding after t, or the closure without proceeding if it comes first.
The label `failure` is positive when an opening falls within the horizon, negative when none does and the horizon, plus
the delay with which proceedings are published, is over at the last month told; otherwise nobody knows yet and it is
null, even when an opening is already known: counting early positives among unknown negatives would bend the base rate.
A company in a proceeding, known or not at the time, is not at risk of entering one: its months are flagged, and
learning and evaluation leave them out.
"""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.panel.events import CLOSURE
from signaux_faibles.schema import Column, Kind, Table

HORIZON_MONTHS = 18
LONGEST_HORIZON_MONTHS = 36
PUBLICATION_DELAY_MONTHS = 1
"""A proceeding of month m is in Urssaf's file of month m + 1, and in the Bodacc by the end of that month."""

NO_EVENT = "aucun"

LABELS = Table(
    "labels",
    "une entreprise à la fin d'un mois, avec ce qui lui est arrivé ensuite",
    ("siren", "month"),
    (
        Column("siren", Kind.TEXT, "SIREN", nullable=False),
        Column("month", Kind.INTEGER, "Mois", "année x 12 + mois - 1", nullable=False),
        Column("is_in_proceeding", Kind.BOOLEAN, "Procédure en vigueur, connue ou non", nullable=False),
        Column("is_closed", Kind.BOOLEAN, "Fermée sans procédure, su ou non", nullable=False),
        Column("failure", Kind.INTEGER, "Ouverture d'une procédure dans l'horizon (1, 0, vide : on ne sait pas)"),
        Column("event", Kind.TEXT, "Premier événement observé : procédure par type, fermeture, ou aucun"),
        Column("months_to_event", Kind.INTEGER, "Mois jusqu'à cet événement", "mois"),
        Column("months_observed", Kind.INTEGER, "Mois que les fichiers racontent après celui-ci", "mois"),
    ),
)
"""`event`, `months_to_event` and `months_observed` do not depend on the horizon: with them, the incidence of each kind
of event follows at every horizon, censored months included. They are null for who is not at risk."""


def label_sql(
    rows: str,
    events: str,
    *,
    last_month: int,
    covered_from: int | None = None,
    horizon: int = HORIZON_MONTHS,
    keep: Sequence[str] = (),
) -> str:
    """Query that labels rows of a panel.

    Parameters
    ----------
    rows, events : str
        SQL of a table with siren and month, and of the events of its companies (`panel.events.EVENTS`).
    last_month : int
        Last month whose file of proceedings is known.
    covered_from : int, optional
        First month of which proceedings are told; without it, they are told since always.
    horizon : int
        Months, from 1 to 36.
    keep : sequence of str
        Columns of the rows handed over.

    Returns
    -------
    str
        The columns of `LABELS`, then those kept; one row per row, in no order.

    Raises
    ------
    ValueError
        If the horizon is out of bounds.
    """
    if not 1 <= horizon <= LONGEST_HORIZON_MONTHS:
        raise ValueError(f"horizon of {horizon} months, expected 1 to {LONGEST_HORIZON_MONTHS}")
    observed = last_month - PUBLICATION_DELAY_MONTHS
    untold = "FALSE" if covered_from is None else f"r.month < {covered_from}"
    is_known = f"p.siren IS NULL AND NOT ({untold})"
    at_risk = f"{is_known} AND c.siren IS NULL"
    is_seen = f"COALESCE(n.at_month <= {observed}, FALSE)"
    return f"""
        SELECT r.siren AS siren, r.month AS month, p.siren IS NOT NULL AS is_in_proceeding,
            c.siren IS NOT NULL AS is_closed,
            CAST(CASE WHEN {is_known} AND r.month + {horizon} <= {observed}
                THEN CASE WHEN n.event <> '{CLOSURE}' AND n.at_month <= r.month + {horizon} THEN 1 ELSE 0 END
                END AS INTEGER) AS failure,
            CASE WHEN {at_risk} THEN CASE WHEN {is_seen} THEN n.event ELSE '{NO_EVENT}' END END AS event,
            CAST(CASE WHEN {at_risk} AND {is_seen} THEN n.at_month - r.month END AS INTEGER) AS months_to_event,
            CAST(CASE WHEN {at_risk} THEN GREATEST({observed} - r.month, 0) END AS INTEGER) AS months_observed
            {"".join(f", r.{column} AS {column}" for column in keep)}
        FROM {rows} AS r
        LEFT JOIN (SELECT siren, from_month, to_month FROM {events} WHERE event <> '{CLOSURE}') AS p
            ON p.siren = r.siren AND p.from_month <= r.month AND p.to_month > r.month
        LEFT JOIN (SELECT siren, from_month FROM {events} WHERE event = '{CLOSURE}') AS c
            ON c.siren = r.siren AND c.from_month <= r.month
        LEFT JOIN ({_next_events(events)}) AS n
            ON n.siren = r.siren AND n.after_month <= r.month AND n.at_month > r.month"""


def _next_events(events: str) -> str:
    """For each event that may come next, the months before which it does: after the one before it."""
    return f"""
            SELECT siren, event, from_month AS at_month,
                COALESCE(LAG(from_month, 1) OVER (PARTITION BY siren ORDER BY from_month), -{NEVER}) AS after_month
            FROM {events} WHERE is_opening OR event = '{CLOSURE}'"""
