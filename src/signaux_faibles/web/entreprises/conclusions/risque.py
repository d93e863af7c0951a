"""What the risk shows: from list to list, by horizon, and between its bounds."""

from __future__ import annotations

from collections.abc import Sequence

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.web.entreprises.conclusions.words import duration, in_words
from signaux_faibles.web.ui.charts.risque import ListPoint
from signaux_faibles.web.ui.charts.wording import french, with_unit
from signaux_faibles.web.ui.typography import FINE, INSECABLE

_NAMES = {Niveau.ELEVE: "en alerte élevée", Niveau.MODERE: "en alerte modérée"}
_RISES = ("entree", "aggravation")
"""Changes that a list may tell, in the codes of the release."""


def conclude_risque(lists: Sequence[ListPoint]) -> str:
    """What the latest list says of the change of the company, or how long its level has lasted; in order of time.

    Of levels and not of thresholds: an expert rule or the places of a quarter may have given them.
    """
    scored = [point for point in lists if point.niveau is not None]
    if not scored:
        return "L’entreprise n’a été scorée dans aucune liste"
    latest = lists[-1]
    if latest.niveau is None:
        return "L’entreprise est écartée du score dans la dernière liste"
    if len(scored) == 1:
        return "Première liste où l’entreprise est scorée"
    if latest.evolution in _RISES and latest.niveau in _NAMES:
        if lists[-2].niveau is None:
            return f"De nouveau scorée, l’entreprise est {_NAMES[latest.niveau]}"
        return f"L’entreprise vient de passer {_NAMES[latest.niveau]}"
    if latest.evolution == "amelioration" and latest.niveau in _NAMES:
        return f"L’entreprise est redescendue {_NAMES[latest.niveau]}"
    if latest.evolution == "sortie":
        return "L’entreprise est sortie d’alerte"
    return _lasting(lists, latest.niveau)


def _lasting(lists: Sequence[ListPoint], niveau: Niveau) -> str:
    """How long a company has been at its level, in lists in a row; a list that set it aside breaks the row."""
    if all(point.niveau in (None, Niveau.AUCUN) for point in lists):
        return "L’entreprise n’a jamais été en alerte"
    count = next((n for n, point in enumerate(reversed(lists)) if point.niveau is not niveau), len(lists))
    where = _NAMES.get(niveau, "sans alerte")
    return f"L’entreprise est {where}" + (f" depuis {in_words(count)}{INSECABLE}listes" if count > 1 else "")


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
    """Bounds of a probability in words: whole percentages, with a decimal where they would read as one figure.

    A lower bound that would read as zero is not told: no risk is nothing.
    """
    for decimals in (0 if low >= 0.0095 else 1, 1):
        texts = [french(100 * bound, decimals) for bound in (low, high)]
        if texts[0] != texts[1] and not texts[0].strip("0,"):
            return f"moins de {texts[1]}{FINE}%"
        if texts[0] != texts[1]:
            return f"entre {texts[0]} et {texts[1]}{FINE}%"
    return f"{texts[0]}{FINE}%, à un dixième de point près"
