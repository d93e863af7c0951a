"""What contributions, debts and payment plans show."""

from __future__ import annotations

import math

from signaux_faibles.web.entreprises.conclusions.emploi import known_months
from signaux_faibles.web.entreprises.conclusions.words import Conclusion, change, duration, in_words
from signaux_faibles.web.ui.charts.cotisations import Urssaf
from signaux_faibles.web.ui.charts.mensuel import Window
from signaux_faibles.web.ui.charts.wording import money_scale
from signaux_faibles.web.ui.typography import INSECABLE


def conclude_dette(urssaf: Urssaf, window: Window) -> Conclusion:
    """Size of the last known debt, in months of contributions when these are known; then its course."""
    known = [(m, debt) for m in range(window.first, window.last + 1) if (debt := urssaf.debt(m)) is not None]
    if not known:
        return Conclusion("Aucune dette Urssaf connue")
    last, debt = known[-1]
    if round(debt) == 0:
        if any(round(value) > 0 for _, value in known):
            return Conclusion("La dette Urssaf est soldée", _plan(urssaf, last))
        return Conclusion(f"Aucune dette Urssaf depuis {duration(max(last - known[0][0], 1))}", _plan(urssaf, last))
    return Conclusion(_size(debt, _monthly_contribution(urssaf, window)), _course(dict(known), last, urssaf))


def _monthly_contribution(urssaf: Urssaf, window: Window) -> float | None:
    """Mean of the last twelve known months; None when nothing was called."""
    values = [value for _, value in known_months(urssaf.cotisation, window)][-12:]
    mean = math.fsum(values) / len(values) if values else 0.0
    return mean if mean > 0 else None


def _size(debt: float, contribution: float | None) -> str:
    amount = money_scale(debt).text(debt)
    if contribution is None:
        return f"La dette Urssaf atteint {amount}"
    months = debt / contribution
    if months < 1:
        return "La dette représente moins d’un mois de cotisations"
    whole = math.floor(months + 1e-9)
    whole -= whole % 12 if whole >= 24 else 0
    verb = "atteint" if math.isclose(months, whole, rel_tol=1e-6) else "dépasse"
    span = duration(whole) if whole >= 24 else f"{in_words(whole)}{INSECABLE}mois"
    return f"La dette {verb} {span} de cotisations"


def _course(known: dict[int, float], last: int, urssaf: Urssaf) -> str:
    """Change over a year, or over the longest span known when it is shorter; then the plan, if one runs."""
    start = max(min(known), last - 12)
    before = known.get(start)
    sentence = ""
    if before is not None and start < last:
        if round(before) == 0:
            sentence = f"Elle est apparue depuis moins d{_elided(duration(last - start))}."
        else:
            verb = change(before, known[last]).replace("multiplié ", "multipliée ")
            sentence = f"Elle {verb} {'depuis' if verb == 'est stable' else 'en'} {duration(last - start)}."
    return " ".join(filter(None, [sentence, _plan(urssaf, last)]))


def _elided(text: str) -> str:
    return f"’{text}" if text.startswith("un ") else f"e {text}"


def _plan(urssaf: Urssaf, month: int) -> str:
    """The payment plan of the month of the last debt."""
    granted = urssaf.delai.at(month)
    if not granted:
        return ""
    return f"Un délai de paiement de {money_scale(granted).text(granted)} est en cours."
