"""What the accounts show beside those of the sector."""

from __future__ import annotations

from signaux_faibles.web.ui.charts.comptes import Quantiles, Ratio


def conclude_ratio(ratio: Ratio) -> str:
    """Place of the last known value among the companies of the sector that year."""
    last = next((i for i in reversed(range(len(ratio.values))) if ratio.values[i] is not None), None)
    value = None if last is None else ratio.values[last]
    if last is None or value is None:
        return "Aucune valeur publiée."
    when = f"en {ratio.years[last]}"
    quantiles = ratio.sector[last]
    place = None if quantiles is None else _place(value, quantiles)
    return f"{place} {when}." if place else f"Dernière valeur {when}, sans comparaison possible au secteur."


def _place(value: float, sector: Quantiles) -> str | None:
    if sector.q25 is None or sector.q75 is None:
        return None
    if sector.q10 is not None and value < sector.q10:
        return "Parmi les 10\u202f% les plus bas du secteur"
    if sector.q90 is not None and value > sector.q90:
        return "Parmi les 10\u202f% les plus hauts du secteur"
    if value < sector.q25:
        return "Dans le quart le plus bas du secteur"
    if value > sector.q75:
        return "Dans le quart le plus haut du secteur"
    return "Dans la moitié centrale du secteur"
