"""What the headcount, short-time work and payment delays show."""

from __future__ import annotations

from signaux_faibles.web.entreprises.conclusions.words import Conclusion, change, duration
from signaux_faibles.web.ui.charts.mensuel import Window
from signaux_faibles.web.ui.charts.series import MonthlySeries
from signaux_faibles.web.ui.charts.wording import french, with_unit
from signaux_faibles.web.ui.typography import counted, month

_FEW = 10
"""Under this headcount a percentage says little: the two figures are written instead."""


def known_months(series: MonthlySeries, window: Window) -> list[tuple[int, float]]:
    """Months of the window whose value is known."""
    months = range(window.first, window.last + 1)
    return [(m, value) for m in months if (value := series.at(m)) is not None]


def conclude_effectif(series: MonthlySeries, window: Window) -> str:
    """Headcount from the first to the last known month of the window."""
    known = known_months(series, window)
    if not known:
        return "Effectif inconnu"
    (first, before), (last, after) = known[0], known[-1]
    if first == last:
        return f"{counted(after, 'salarié')} en {month(last)}"
    span = duration(last - first)
    if before == after:
        return f"L’effectif est stable depuis {span}"
    if before == 0 or max(before, after) < _FEW:
        return f"L’effectif est passé de {french(before)} à {counted(after, 'salarié')} en {span}"
    verb = change(before, after)
    return f"L’effectif {verb} {'depuis' if verb == 'est stable' else 'en'} {span}"


def conclude_activite_partielle(used: MonthlySeries, allowed: MonthlySeries, window: Window) -> str:
    """How long and how much short-time work was used over the window."""
    months = [(m, value) for m, value in known_months(used, window) if value > 0]
    if months:
        peak_month, peak = max(months, key=lambda pair: (pair[1], pair[0]))
        text = f"Activité partielle consommée pendant {counted(len(months), 'mois', 'mois')}"
        return f"{text}, jusqu’à {with_unit(peak, 'ETP')} en {month(peak_month)}."
    if any(value > 0 for _, value in known_months(allowed, window)):
        return "Activité partielle autorisée, aucune consommation connue."
    return "Aucune activité partielle connue sur la période."


def conclude_retards(series: MonthlySeries, window: Window) -> Conclusion:
    """Latest delay of payment to suppliers, and that of a year before."""
    known = dict(known_months(series, window))
    if not known:
        return Conclusion("Retards de paiement inconnus")
    last = max(known)
    days = round(known[last])
    title = (
        f"Les fournisseurs sont payés avec {counted(days, 'jour')} de retard"
        if days > 0
        else "Les fournisseurs sont payés dans les délais"
    )
    earlier = known.get(last - 12)
    if earlier is None:
        return Conclusion(title)
    if round(earlier) == days:
        return Conclusion(title, "Comme un an plus tôt.")
    before = (
        f"Le retard était de {counted(round(earlier), 'jour')}" if round(earlier) > 0 else "Il n’y avait pas de retard"
    )
    return Conclusion(title, f"{before} un an plus tôt.")
