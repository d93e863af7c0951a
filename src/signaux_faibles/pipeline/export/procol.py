"""Clean tables of collective proceedings: their events, and the one that runs on the first day of each month."""

from __future__ import annotations

from signaux_faibles.domain.periode import FIRST_PANEL_MONTH
from signaux_faibles.domain.procol import ACTIONS, PLAN_YEARS, STAGE_IGNORED, STAGE_PLAN, STAGES_END, EtatProcol
from signaux_faibles.pipeline.export.labels import quoted
from signaux_faibles.pipeline.export.reading import Reading
from signaux_faibles.pipeline.export.view import PERIODE, SIREN, View, day, first_day, text

STAGE_END = "fin_procedure"
STAGE_ABANDON = "abandon_procedure"
KINDS = "|".join(ACTIONS)


def _procol(reading: Reading) -> str:
    """Events, once for each company.

    A label that names no proceeding is not one: it is left out, where the earlier importer kept it without a kind. A
    longer label (`liquidation judiciaire`) is of the kind it names.
    """
    action = "action" if reading.is_reference else f"regexp_extract(action, '{KINDS}')"
    known = "" if reading.is_reference else "AND action <> ''"
    return f"""
        SELECT siren, date_effet, action AS action_procol, stade AS stade_procol,
            {_label(reading)} AS libelle_procol
        FROM (
            SELECT DISTINCT siren, date_effet, {action} AS action, stade FROM stg_procol WHERE {reading.kept}
        ) AS events
        WHERE stade <> '{STAGE_IGNORED}' {known}"""


def _label(reading: Reading) -> str:
    ends = (STAGE_END,) if reading.is_reference else (STAGE_END, STAGE_ABANDON)
    plan = f"stade = '{STAGE_PLAN}'"
    states = (
        (f"stade IN ({', '.join(map(quoted, ends))})", EtatProcol.IN_BONIS),
        (f"action = 'redressement' AND {plan}", EtatProcol.PLAN_REDRESSEMENT),
        ("action = 'redressement'", EtatProcol.REDRESSEMENT),
        ("action = 'liquidation'", EtatProcol.LIQUIDATION),
        (f"action = 'sauvegarde' AND {plan}", EtatProcol.PLAN_SAUVEGARDE),
        ("action = 'sauvegarde'", EtatProcol.SAUVEGARDE),
    )
    return f"CASE {' '.join(f'WHEN {when} THEN {quoted(state.label)}' for when, state in states)} END"


def _procol_at_date(reading: Reading) -> str:
    """Gravest proceeding of each company on the first day of each month, up to that of the export.

    Among the events of one kind the last counts; of two on the same day, an end comes first. The table `months` is made
    by the export.
    """
    over = tuple(stage for stage in STAGES_END if not (reading.is_reference and stage == STAGE_ABANDON))
    ends = ", ".join(map(quoted, over))
    gravity = " ".join(f"WHEN '{action}' THEN {rank}" for rank, action in enumerate(ACTIONS))
    columns = "siren, date_effet, action_procol, stade_procol, libelle_procol"
    return f"""
        SELECT {columns}, periode FROM (
            SELECT {columns}, periode, row_number() OVER (
                PARTITION BY siren, periode
                ORDER BY CASE action_procol {gravity} ELSE {len(ACTIONS)} END, action_procol
            ) AS rank
            FROM (
                SELECT {columns},
                    lead(date_effet) OVER (PARTITION BY siren, action_procol ORDER BY date_effet) AS next_date
                FROM (
                    SELECT *, row_number() OVER (
                        PARTITION BY siren, action_procol, date_effet
                        ORDER BY CASE WHEN stade_procol IN ({ends}) THEN 0 ELSE 1 END, stade_procol
                    ) AS copy
                    FROM ({_procol(reading)}) AS events
                ) AS numbered WHERE copy = 1
            ) AS lasting
            JOIN (SELECT {first_day("month")} AS periode FROM months WHERE month >= {FIRST_PANEL_MONTH}) AS calendar
                ON periode >= date_effet AND (next_date IS NULL OR periode < next_date)
            WHERE stade_procol NOT IN ({ends}) AND NOT (stade_procol = '{STAGE_PLAN}' AND {_is_too_old(reading)})
        ) AS running WHERE rank = 1"""


def _is_too_old(reading: Reading) -> str:
    """Whether a plan has lasted its ten years on `periode`.

    The earlier importer compared intervals in months of thirty days: a plan begun on the 2nd of a month of 31 days was
    then ten years old one day early.
    """
    limit = f"periode - INTERVAL {PLAN_YEARS} YEAR"
    exact = f"date_effet <= {limit}"
    if not reading.is_reference:
        return exact
    is_early = f"date_effet = {limit} + INTERVAL 1 DAY AND date_part('day', last_day(date_effet)) = 31"
    return f"({exact} OR ({is_early}))"


EVENT = (
    day("date_effet", "Date d'effet"),
    text("action_procol", "Nature de la procédure"),
    text("stade_procol", "Stade de la procédure"),
    text("libelle_procol", "État de l'entreprise"),
)

CLEAN_PROCOL = View(
    "clean_procol", "un événement de procédure collective d'une entreprise", (SIREN, *EVENT), ("procol",), _procol
)

CLEAN_PROCOL_AT_DATE = View(
    "clean_procol_at_date",
    "une entreprise en procédure collective le premier jour d'un mois",
    (SIREN, PERIODE, *EVENT),
    ("procol",),
    _procol_at_date,
)
