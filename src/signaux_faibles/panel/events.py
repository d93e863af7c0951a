"""What happened to a company, at its date of effect: proceedings in force, closure without one.

A small table, no grid of months: states change only at a few moments, and are worked out there. It tells what is known
at the end of the run, so the labels read it, and no feature may.
"""

from __future__ import annotations

from signaux_faibles.domain.procol import PLAN_YEARS, STAGE_PLAN
from signaux_faibles.panel.as_of import NEVER, Step, month_of_sql
from signaux_faibles.panel.states.procol import PROCOL_CODES, state_sql
from signaux_faibles.schema import Column, Kind, Table

CLOSURE = "fermeture"
CLOSURE_MONTHS = 12
"""A closing in the wake of a proceeding that ended less than a year before is its outcome, not a closure of its own.
One that a proceeding follows is not one either, however late: a court may still open it in the year after activity
ends (code de commerce, L631-5 and L640-5)."""

EVENTS = Table(
    "events",
    "une période en vigueur d'une entreprise, telle qu'on la connaît à la fin de l'exécution : un état de procédure"
    " collective, ou la fin d'activité sans procédure",
    ("siren", "from_month"),
    (
        Column("siren", Kind.TEXT, "SIREN", nullable=False),
        Column("from_month", Kind.INTEGER, "Premier mois", "mois", nullable=False),
        Column("to_month", Kind.INTEGER, "Mois qui suit le dernier", "mois", nullable=False),
        Column("event", Kind.TEXT, "Procédure en vigueur, ou fermeture", nullable=False),
        Column("etat_procol_code", Kind.INTEGER, "État en vigueur (0 : fermeture)", nullable=False),
        Column("is_opening", Kind.BOOLEAN, "Aucune procédure n'était en vigueur le mois d'avant", nullable=False),
    ),
)
"""Spans of one company never overlap; `to_month` is `as_of.NEVER` while the state lasts."""


def event_steps(as_of: int, *, has_history: bool = True) -> list[Step]:
    """Steps that give the table `events` of a bucket, from the tables `procol_events` and `histo` of its states.

    Parameters
    ----------
    as_of : int
        Last month: what takes effect later is left out.
    has_history : bool
        Sirene's history is known. Without it, an establishment closed the day it was created was never open.
    """
    return [
        Step("event_moments", _moments(as_of)),
        Step("event_states", state_sql("event_moments", f"e.effet_month <= s.t AND e.until_month = {NEVER}")),
        Step("event_spans", _SPANS),
        Step("event_closures", _closures(as_of, has_history=has_history)),
        Step("events", _events()),
    ]


def _moments(as_of: int) -> str:
    """Months at which a state may change: an event takes effect, or a plan has lasted as long as it may."""
    return f"""
        SELECT DISTINCT siren, t FROM (
            SELECT siren, effet_month AS t FROM procol_events WHERE until_month = {NEVER}
            UNION ALL
            SELECT siren, effet_month + {PLAN_YEARS * 12} AS t FROM procol_events
            WHERE until_month = {NEVER} AND stade = '{STAGE_PLAN}'
        ) AS changes WHERE t <= {as_of}"""


_SPANS = f"""
        SELECT siren, t AS from_month, COALESCE(LEAD(t, 1) OVER (PARTITION BY siren ORDER BY t), {NEVER}) AS to_month,
            etat_procol_code, before_code = 0 AS is_opening
        FROM (
            SELECT siren, t, etat_procol_code,
                COALESCE(LAG(etat_procol_code, 1) OVER (PARTITION BY siren ORDER BY t), 0) AS before_code
            FROM event_states
        ) AS changed WHERE etat_procol_code <> before_code"""


def _closures(as_of: int, *, has_history: bool) -> str:
    """Month in which the last establishment of a company closed, when none is open any more."""
    same_day = "active DESC" if has_history else "active"
    debut = month_of_sql("debut")
    return f"""
        SELECT siren, MAX(end_month) AS from_month FROM (
            SELECT siren, active, start_month,
                COALESCE(LEAD(start_month, 1) OVER (PARTITION BY siren, siret ORDER BY debut), {NEVER}) AS end_month
            FROM (
                SELECT siren, siret, debut, {debut} AS start_month, active,
                    ROW_NUMBER() OVER (PARTITION BY siren, siret, debut ORDER BY {same_day}) AS rank
                FROM histo WHERE until_month = {NEVER} AND {debut} <= {as_of}
            ) AS ranked WHERE rank = 1
        ) AS periods WHERE active = 1 AND end_month > start_month
        GROUP BY siren HAVING MAX(end_month) < {NEVER}"""


def _events() -> str:
    names = {code: action for (action, _), code in PROCOL_CODES.items()}
    words = " ".join(f"WHEN {code} THEN '{action}'" for code, action in sorted(names.items()))
    return f"""
        SELECT siren, CAST(from_month AS INTEGER) AS from_month, CAST(to_month AS INTEGER) AS to_month, event,
            CAST(etat_procol_code AS INTEGER) AS etat_procol_code, is_opening
        FROM (
            SELECT siren, from_month, to_month, CASE etat_procol_code {words} END AS event, etat_procol_code, is_opening
            FROM event_spans WHERE etat_procol_code > 0
            UNION ALL
            SELECT c.siren AS siren, c.from_month AS from_month, {NEVER} AS to_month, '{CLOSURE}' AS event,
                0 AS etat_procol_code, FALSE AS is_opening
            FROM event_closures AS c
            LEFT JOIN (
                SELECT siren, MAX(to_month) AS over_month FROM event_spans WHERE etat_procol_code > 0 GROUP BY siren
            ) AS p ON p.siren = c.siren
            WHERE p.siren IS NULL OR p.over_month <= c.from_month - {CLOSURE_MONTHS}
        ) AS told ORDER BY siren, from_month"""
