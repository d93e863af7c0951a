"""Cumulative incidence: the share of companies that meet each kind of event first, within each number of months.

The estimate is that of Aalen and Johansen in discrete time: a censored company counts as long as it is observed, and a
closure leaves nothing to fail. To take one minus Kaplan-Meier, closures counted as censored, would overstate failures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from signaux_faibles.target.labels import LONGEST_HORIZON_MONTHS, NO_EVENT

Counted = tuple[str, int, int]
"""Event, months until it (or observed, for `aucun`), and how many rows share both."""


def exits_sql(labels: str) -> str:
    """Query that counts the rows at risk by event and months until it, or until nobody knows: `Counted`."""
    exit_months = f"CASE WHEN event = '{NO_EVENT}' THEN months_observed ELSE months_to_event END"
    return f"""
        SELECT event, CAST({exit_months} AS INTEGER) AS exit_months, COUNT(*) AS rows_count FROM {labels} AS l
        WHERE event IS NOT NULL GROUP BY event, {exit_months} ORDER BY event, exit_months"""


def cumulative_incidence(
    exits: Iterable[Counted], horizons: Sequence[int] = range(1, LONGEST_HORIZON_MONTHS + 1)
) -> dict[str, dict[int, float | None]]:
    """Probability of each event within each horizon.

    Parameters
    ----------
    exits : iterable of (event, months, count)
    horizons : sequence of int
        Months.

    Returns
    -------
    dict of str to dict of int to float
        By event, by horizon; None when no row is observed so far.
    """
    counted = list(exits)
    events = sorted({event for event, _, _ in counted} - {NO_EVENT})
    sums: dict[str, float] = dict.fromkeys(events, 0.0)
    found: dict[str, dict[int, float | None]] = {event: {} for event in events}
    free = 1.0
    is_observed = True
    for month in range(1, max(horizons) + 1):
        at_risk = sum(count for _, months, count in counted if months >= month)
        is_observed = is_observed and at_risk > 0
        met = dict.fromkeys(events, 0)
        for event, months, count in counted:
            if event != NO_EVENT and months == month:
                met[event] += count
        if at_risk:
            sums = {event: sums[event] + free * met[event] / at_risk for event in events}
            free *= 1 - sum(met.values()) / at_risk
        if month in horizons:
            for event in events:
                found[event][month] = sums[event] if is_observed else None
    return found
