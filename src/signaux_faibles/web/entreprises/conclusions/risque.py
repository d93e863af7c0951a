"""What the course of the risk shows, from list to list."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.web.entreprises.conclusions.words import in_words
from signaux_faibles.web.ui.charts.risque import ListPoint
from signaux_faibles.web.ui.charts.wording import with_unit
from signaux_faibles.web.ui.typography import INSECABLE

_NAMES = {Niveau.ELEVE: "élevé", Niveau.MODERE: "modéré"}


def conclude_risque(lists: Sequence[ListPoint]) -> str:
    """Last crossing of a threshold, or how long the level has lasted; `lists` in order of time."""
    scored = [point for point in lists if point.niveau is not None]
    if not scored:
        return "L’entreprise n’a été scorée dans aucune liste"
    latest = scored[-1].niveau or Niveau.AUCUN
    if scored[-1] is not lists[-1]:
        return "L’entreprise est écartée du score dans la dernière liste"
    if len(scored) == 1:
        return "Première liste où l’entreprise est scorée"
    before = scored[-2].niveau or Niveau.AUCUN
    if latest.rank > before.rank:
        return f"Le risque vient de franchir le seuil {_NAMES[latest]}"
    if latest.rank < before.rank:
        return f"Le risque est repassé sous le seuil {_NAMES[before]}"
    lasting = _lasting(scored, latest)
    lists_text = f"depuis {in_words(lasting)}{INSECABLE}listes"
    if latest is not Niveau.AUCUN:
        return f"Le risque reste au-dessus du seuil {_NAMES[latest]} {lists_text}"
    if lasting == len(scored):
        return "Le risque n’a jamais atteint le seuil modéré"
    return f"Le risque reste sous le seuil modéré {lists_text}"


def _lasting(scored: Sequence[ListPoint], niveau: Niveau) -> int:
    """Number of last lists in a row at a level."""
    count = 0
    for point in reversed(scored):
        if point.niveau is not niveau:
            break
        count += 1
    return count


def conclude_cascade(base: float, total: float) -> str:
    """What the waterfall does, from the base rate to the displayed probability, in rounded percentages."""
    start, end = headline(base), headline(total)
    if start == end:
        return f"Le risque reste proche de sa moyenne, {end}"
    verb = "pousse" if total > base else "ramène"
    return f"Ce qui {verb} le risque de {start} à {end}"


def headline(probability: float) -> str:
    """A probability at the top of the sheet: whole, save under one per cent."""
    value = 100 * probability
    return with_unit(value, "%", 0 if value >= 0.95 else 1)
