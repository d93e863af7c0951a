"""What the collective proceedings show."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.web.ui.charts.procedures import StateChange
from signaux_faibles.web.ui.typography import day


def conclude_procedures(changes: Sequence[StateChange]) -> str:
    """State in which the company is, and since when; `changes` in order of day."""
    if not changes:
        return "Aucune procédure collective connue"
    latest = changes[-1]
    if latest.etat is EtatProcol.IN_BONIS:
        return f"Aucune procédure en cours depuis le {day(latest.day)}"
    return f"{latest.etat.label} depuis le {day(latest.day)}"
