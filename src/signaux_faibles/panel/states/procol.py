"""Collective proceedings, told by Urssaf and by the Bodacc."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.procol import ACTIONS, PLAN_YEARS, STAGE_IGNORED, STAGE_PLAN, STAGES_END
from signaux_faibles.panel.as_of import NEVER, Step, month_of_sql
from signaux_faibles.panel.states.declare import Family
from signaux_faibles.schema import Column, Kind

PROCOL_CODES = {
    ("sauvegarde", False): 10,
    ("sauvegarde", True): 11,
    ("redressement", False): 20,
    ("redressement", True): 21,
    ("liquidation", False): 30,
    ("liquidation", True): 30,
}
"""Code of a state: (action, in a plan) -> integer that grows with gravity; 0 is in bonis."""


STAGE_ABANDONED, STAGE_INCLUDED = "abandon_procedure", "inclusion_autre_procedure"
NOTICE_CANCELLED = "annulation"


def discarded_notices(notices: str) -> Step:
    """Notices that a later one annuls or puts right, and the month in which that was known.

    The later notice may name another company than the one it discards: this is made over all of them at once.

    Parameters
    ----------
    notices : str
        SQL of every notice known, whatever the company.
    """
    return Step(
        "discarded",
        f"SELECT annonce_precedente AS annonce, MIN(known_month) AS month FROM ({notices}) AS notices"
        " WHERE annonce_precedente IS NOT NULL GROUP BY annonce_precedente",
    )


def steps(absent: frozenset[str]) -> list[Step]:
    """Collective proceedings: the events as told, and the state known at each month of the grid.

    Urssaf and the Bodacc tell the same events; each counts from the first month in which one of them told it.
    """
    events = Step(
        "procol_events",
        f"""
        SELECT DISTINCT siren, action, stade, date_effet, {month_of_sql("date_effet")} AS effet_month,
            known_month, until_month
        FROM (
            SELECT siren, action, COALESCE(stade, '') AS stade, date_effet, known_month, until_month FROM v_procol
            UNION ALL
            SELECT siren, action, stade, date_effet, known_month, until_month FROM bodacc_events
        ) AS told
        WHERE action IN ({_quoted(ACTIONS)}) AND stade <> '{STAGE_IGNORED}' AND known_month < until_month""",
    )
    moments = Step(
        "procol_moments",
        f"""
        SELECT siren, known_month AS t FROM procol_events
        UNION SELECT siren, until_month AS t FROM procol_events WHERE until_month < {NEVER}
        UNION SELECT siren, effet_month + {PLAN_YEARS * 12} AS t FROM procol_events WHERE stade = '{STAGE_PLAN}'""",
    )
    states = Step("procol_states", state_sql("procol_moments", "e.known_month <= s.t AND e.until_month > s.t"))
    known = Step(
        "procol_known",
        f"""
        SELECT s.siren AS siren, s.t AS t, l.etat_procol_code AS etat_procol_code
        FROM (
            SELECT m.siren AS siren, m.t AS t, COALESCE(k.etat_procol_code, 0) AS etat_procol_code,
                LEAD(m.t, 1) OVER (PARTITION BY m.siren ORDER BY m.t) AS next_t
            FROM procol_moments AS m LEFT JOIN procol_states AS k ON k.siren = m.siren AND k.t = m.t
        ) AS l
        JOIN spine AS s ON s.siren = l.siren AND s.t >= l.t AND s.t < COALESCE(l.next_t, {NEVER})
        WHERE l.etat_procol_code > 0""",
    )
    return [_bodacc_events(), events, moments, states, known]


def _bodacc_events() -> Step:
    """Events of the notices: what each says of its own kind of proceeding, and of the lighter ones that it replaces.

    A company is in one proceeding at a time: a notice about a graver one, be it an extension or its closing, ends the
    others, unless a court undoes the graver one. A notice of end that does not say of what ends them all. One whose
    stage is unknown says nothing.
    """
    kinds = " UNION ALL ".join(f"SELECT '{action}' AS action, {rank} AS rank" for rank, action in enumerate(ACTIONS))
    return Step(
        "bodacc_events",
        f"""
        SELECT b.siren AS siren, k.action AS action,
            CASE WHEN b.action IS NULL OR b.action = k.action THEN b.stade ELSE '{STAGE_INCLUDED}' END AS stade,
            COALESCE(b.date_jugement, b.date_parution) AS date_effet, b.known_month AS known_month,
            LEAST(b.until_month, COALESCE(d.month, {NEVER})) AS until_month
        FROM v_bodacc AS b
        LEFT JOIN discarded AS d ON d.annonce = b.annonce
        LEFT JOIN ({kinds}) AS own ON own.action = b.action
        JOIN ({kinds}) AS k ON k.action = b.action
            OR (b.action IS NULL AND b.stade IN ({_quoted(STAGES_END)}))
            OR (b.stade <> '{STAGE_ABANDONED}' AND k.rank > own.rank)
        WHERE b.stade IS NOT NULL AND COALESCE(b.type_avis, '') <> '{NOTICE_CANCELLED}'""",
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def state_sql(moments: str, alive: str) -> str:
    """Query of the state of a company at some months.

    Parameters
    ----------
    moments : str
        Table (siren, t) of the months wanted.
    alive : str
        Condition on an event `e` that counts at a moment `s`.

    Returns
    -------
    str
        (siren, t, etat_procol_code), for the moments at which some event counts.
    """
    ends = _quoted(STAGES_END)
    is_plan = f"stade = '{STAGE_PLAN}'"
    codes = " ".join(
        f"WHEN action = '{action}' AND {'' if plan else 'NOT '}({is_plan}) THEN {code}"
        for (action, plan), code in PROCOL_CODES.items()
    )
    return f"""
        SELECT siren, t, MAX(CASE
            WHEN stade IN ({ends}) THEN 0
            WHEN {is_plan} AND t - effet_month >= {PLAN_YEARS * 12} THEN 0
            {codes} ELSE 0 END) AS etat_procol_code
        FROM (
            SELECT s.siren AS siren, s.t AS t, e.action AS action, COALESCE(e.stade, '') AS stade,
                e.effet_month AS effet_month,
                ROW_NUMBER() OVER (
                    PARTITION BY s.siren, s.t, e.action
                    ORDER BY e.date_effet DESC, CASE WHEN e.stade IN ({ends}) THEN 0 ELSE 1 END, e.stade
                ) AS rank
            FROM {moments} AS s JOIN procol_events AS e ON e.siren = s.siren AND {alive}
        ) AS latest WHERE rank = 1 GROUP BY siren, t"""


PROCOL = Family(
    name="procol",
    reads={
        "procol": "siren, date_effet, action, stade",
        "bodacc": "siren, annonce, annonce_precedente, date_parution, date_jugement, action, stade, type_avis",
    },
    steps=steps,
    columns=(Column("etat_procol_code", Kind.INTEGER, "Procédure collective connue (0 : in bonis)"),),
)
