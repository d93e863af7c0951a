"""What changed for a company between two lists."""

from __future__ import annotations

from enum import StrEnum

from signaux_faibles.domain.niveau import Niveau


class Evolution(StrEnum):
    """Change of a company since the previous list."""

    ENTREE = "entree"
    SORTIE = "sortie"
    AGGRAVATION = "aggravation"
    AMELIORATION = "amelioration"
    STABLE = "stable"


def evolution_of(current: Niveau | None, previous: Niveau | None) -> Evolution:
    """Change between two levels; None stands for a company that was not scored.

    Entering and leaving are about alerts: a company scored for the first time without alert is stable.
    """
    now, before = (current or Niveau.AUCUN).rank, (previous or Niveau.AUCUN).rank
    if now and not before:
        return Evolution.ENTREE
    if before and not now:
        return Evolution.SORTIE
    if now > before:
        return Evolution.AGGRAVATION
    return Evolution.AMELIORATION if now < before else Evolution.STABLE
