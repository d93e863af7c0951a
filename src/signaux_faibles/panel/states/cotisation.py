"""The first month of contributions that was ever told of a company: before it, no amount could be known."""

from __future__ import annotations

from signaux_faibles.panel.as_of import NEVER, Step, moves

FIRST_MONTH = "cotisation_first_month"
"""Column made: that month of data, 0 while none was told."""

BEGIN = "GREATEST(c.known_month, c.start_month + 1)"
"""Month from which a contribution `c` counts in the sums of its company (see `as_of.window_deltas`)."""


def first_month_deltas(name: str, source: str) -> list[Step]:
    """Deltas of the first month of data told of each company.

    A row withdrawn later was told all the same: it does not take the month back. Most companies are told of in the
    order of time, their first month is then known at once; the others go down to an older month each time one is told.

    Parameters
    ----------
    name, source : str
        Table made, table of contributions read.

    Returns
    -------
    list of Step
        The last makes (siren, t, cotisation_first_month).
    """
    is_told = "c.du_cents IS NOT NULL AND c.end_month > c.start_month"
    earliest = f"""
        SELECT siren, mark // {NEVER + 1} AS t, mark % {NEVER + 1} AS month, oldest FROM (
            SELECT c.siren AS siren, MIN(CAST({BEGIN} AS BIGINT) * {NEVER + 1} + c.start_month) AS mark,
                MIN(c.start_month) AS oldest
            FROM {source} AS c WHERE {is_told} GROUP BY c.siren
        ) AS told"""
    late = f"""
        SELECT c.siren AS siren, {BEGIN} AS t, MIN(c.start_month) AS month, MIN(e.month) AS first_told
        FROM {source} AS c JOIN {name}_earliest AS e
            ON e.siren = c.siren AND e.oldest < e.month AND c.start_month < e.month
        WHERE {is_told} GROUP BY c.siren, {BEGIN}"""
    before = "MIN(month) OVER (PARTITION BY siren ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    older = f"""
        SELECT siren, t, month - before AS {FIRST_MONTH} FROM (
            SELECT siren, t, month, COALESCE({before}, first_told) AS before FROM {name}_late
        ) AS told WHERE month < before"""
    return [
        Step(f"{name}_earliest", earliest),
        Step(f"{name}_late", late),
        moves(name, [f"SELECT siren, t, month AS {FIRST_MONTH} FROM {name}_earliest", older], (FIRST_MONTH,)),
    ]
