"""First alert and change of a company since the list before: the one definition, for lists, releases and exports.

- An alert is the level `modere` or `eleve`, as agents saw it: after the expert rules, when some were applied.
- A first alert is an alert of a company that no earlier list of the lake alerted, whatever the model that made it and
  the time since. In the first list of a lake every alert is one. A list that the lake does not hold tells nothing:
  a company that it alone alerted is alerted for the first time again.
- The changes are measured against the previous list: the latest of the lake before this one, even if a month was
  skipped or another model made it. An aggravation is an alert that was already one then, of a lower level: a company
  that enters is never an aggravation, and an aggravation is never a first alert.
- A company without level (in a proceeding, out of perimeter) can only have left the alerts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from signaux_faibles.domain.niveau import Niveau

ALERTS = frozenset({Niveau.ELEVE, Niveau.MODERE})


class Evolution(StrEnum):
    """Change of a company since the previous list."""

    ENTREE = "entree"
    SORTIE = "sortie"
    AGGRAVATION = "aggravation"
    AMELIORATION = "amelioration"
    STABLE = "stable"


@dataclass(frozen=True)
class Before:
    """What the previous list said of a company; nothing when it was not in it."""

    niveau: Niveau | None = None
    probability: float | None = None


@dataclass(frozen=True)
class Past:
    """What the earlier lists said.

    Parameters
    ----------
    has_previous : bool
        False when there is no earlier list: nothing has changed since nothing.
    previous : mapping of str to Before
        Companies of the previous list.
    alerted : frozenset of str
        Companies that any earlier list alerted.
    """

    has_previous: bool = False
    previous: Mapping[str, Before] = field(default_factory=dict)
    alerted: frozenset[str] = frozenset()

    def of(self, siren: str) -> Before:
        """What the previous list said of a company."""
        return self.previous.get(siren, Before())

    def is_first_alert(self, siren: str, niveau: Niveau | None) -> bool:
        """Whether a company is alerted, and no earlier list alerted it."""
        return niveau in ALERTS and siren not in self.alerted

    def evolution(self, siren: str, niveau: Niveau | None) -> Evolution | None:
        """Change of a company since the previous list; None without one, or for a company that has not left alerts."""
        return evolution_of(niveau, self.of(siren).niveau) if self.has_previous else None


def evolution_of(current: Niveau | None, previous: Niveau | None) -> Evolution | None:
    """Change between two levels; None stands for a company without level.

    Entering and leaving are about alerts: a company scored for the first time without alert is stable, and one that is
    no longer scored has no change unless it left the alerts.
    """
    now, before = (current or Niveau.AUCUN).rank, (previous or Niveau.AUCUN).rank
    if now and not before:
        return Evolution.ENTREE
    if before and not now:
        return Evolution.SORTIE
    if current is None:
        return None
    if now > before:
        return Evolution.AGGRAVATION
    return Evolution.AMELIORATION if now < before else Evolution.STABLE
