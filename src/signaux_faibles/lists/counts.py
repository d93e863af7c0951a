"""Counts of a list, for its card: companies by level, reason, flag, change and rule; no identifier."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.evolution import Evolution
from signaux_faibles.lists.flags import Exclusion, Flag
from signaux_faibles.lists.store import Entry


def counts_of(entries: Sequence[Entry], *, unknown: Sequence[Flag] = (), has_rules: bool = False) -> dict[str, int]:
    """Counts of a list, as its card describes them.

    Parameters
    ----------
    unknown : sequence of Flag
        Flags that could not be told: they are not counted, which is not the same as none.
    has_rules : bool
        Whether expert rules were applied.
    """
    scored = [entry for entry in entries if entry.niveau is not None]
    counts = {"scored": len(scored), "first_alerts": sum(entry.is_first_alert for entry in scored)}
    for niveau in Niveau:
        held = [entry for entry in scored if entry.niveau is niveau]
        counts[niveau.value] = len(held)
        counts[f"jobs_{niveau.value}"] = sum(entry.effectif_count or 0 for entry in held)
    for reason in Exclusion:
        counts[reason.value] = sum(entry.exclusion is reason for entry in entries)
    for flag in Flag:
        if flag not in unknown:
            counts[flag.value] = sum(flag in entry.flags for entry in scored)
    for change in Evolution:
        if found := sum(entry.evolution is change for entry in entries):
            counts[change.value] = found
    return counts | (_moved(scored) if has_rules else {})


def _moved(scored: Sequence[Entry]) -> dict[str, int]:
    moves = [
        entry.niveau.rank - entry.niveau_avant_regles.rank
        for entry in scored
        if entry.niveau is not None and entry.niveau_avant_regles is not None
    ]
    return {"raised_by_rules": sum(move > 0 for move in moves), "lowered_by_rules": sum(move < 0 for move in moves)}
