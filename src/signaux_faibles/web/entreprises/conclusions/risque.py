"""What the risk shows: from list to list, by horizon, and between its bounds."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.web.entreprises.conclusions.words import duration, in_words
from signaux_faibles.web.ui.charts.risque import ListPoint
from signaux_faibles.web.ui.charts.wording import french, with_unit
from signaux_faibles.web.ui.typography import FINE, INSECABLE

_NAMES = {Niveau.ELEVE: "élevé", Niveau.MODERE: "modéré"}
_RISES, _FALLS = ("entree", "aggravation"), ("sortie", "amelioration")
"""Changes from a list to the next, in the codes of the release."""


def conclude_risque(lists: Sequence[ListPoint]) -> str:
    """What the latest list says of the change of the company, or how long its level has lasted; in order of time."""
    scored = [point for point in lists if point.niveau is not None]
    if not scored:
        return "L’entreprise n’a été scorée dans aucune liste"
    latest = lists[-1]
    if latest.niveau is None:
        return "L’entreprise est écartée du score dans la dernière liste"
    if len(scored) == 1:
        return "Première liste où l’entreprise est scorée"
    before = lists[-2].niveau
    if latest.evolution in _RISES and latest.niveau in _NAMES:
        if before is None:
            return f"De nouveau scorée, l’entreprise est au-dessus du seuil {_NAMES[latest.niveau]}"
        return f"Le risque vient de franchir le seuil {_NAMES[latest.niveau]}"
    if latest.evolution in _FALLS and before in _NAMES:
        return f"Le risque est repassé sous le seuil {_NAMES[before]}"
    return _lasting(lists, latest.niveau)


def _lasting(lists: Sequence[ListPoint], niveau: Niveau) -> str:
    """How long a company has been at its level, in lists in a row; a list that set it aside breaks the row."""
    if all(point.niveau in (None, Niveau.AUCUN) for point in lists):
        return "Le risque n’a jamais atteint le seuil modéré"
    count = next((n for n, point in enumerate(reversed(lists)) if point.niveau is not niveau), len(lists))
    where = f"au-dessus du seuil {_NAMES[niveau]}" if niveau in _NAMES else "sous le seuil modéré"
    if count == 1:
        return f"Le risque est {where}"
    return f"Le risque reste {where} depuis {in_words(count)}{INSECABLE}listes"


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


def conclude_horizons(points: Sequence[tuple[int, float]]) -> str:
    """When most of the risk comes; `points` are months and probabilities in order of time, the last one the longest."""
    last, total = points[-1]
    months = next(month for month, value in points if value >= total / 2)
    if months <= 6:
        return f"La moitié du risque au moins est dans les {in_words(months)} prochains{INSECABLE}mois"
    if months == last:
        return f"Le risque vient surtout après {duration(points[-2][0])}"
    return f"Le risque s’étale sur les {last}{INSECABLE}mois"


def between(low: float, high: float) -> str:
    """Bounds of a probability in words: whole percentages, with a decimal where they would read as one figure."""
    for decimals in (0 if low >= 0.0095 else 1, 1):
        texts = [french(100 * bound, decimals) for bound in (low, high)]
        if texts[0] != texts[1]:
            return f"entre {texts[0]} et {texts[1]}{FINE}%"
    return f"{texts[0]}{FINE}%, à un dixième de point près"
