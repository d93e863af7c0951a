"""Risk of a company by horizon: what may happen within 3, 6, 12 and 18 months, and how sure the last figure is."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.web.ui.charts import marks
from signaux_faibles.web.ui.charts.frame import KeyEntry, TwinTable, key
from signaux_faibles.web.ui.charts.labels import EndLabel, end_labels
from signaux_faibles.web.ui.charts.markup import NOTHING, Markup, tag
from signaux_faibles.web.ui.charts.panel import Panel, drawing, stretched
from signaux_faibles.web.ui.charts.scale import risk_scale
from signaux_faibles.web.ui.charts.wording import capitalised, risk_text
from signaux_faibles.web.ui.typography import ABSENT, FINE, INSECABLE

INTERVAL = f"Intervalle à 90{FINE}%"
CAPTION = "Risque selon l’échéance"

_ABOVE = 9
"""From a point to the foot of its figure, pixels."""


@dataclass(frozen=True)
class RiskCurve:
    """What the model says of the months to come.

    Parameters
    ----------
    points : tuple of (int, float)
        Months and probability that a proceeding opens by then, in order of time.
    low, high : float, optional
        Bounds of the last probability.
    interval : str
        The bounds in words; empty without them.
    """

    points: tuple[tuple[int, float], ...]
    low: float | None = None
    high: float | None = None
    interval: str = ""

    @property
    def last_month(self) -> int:
        """The longest horizon."""
        return self.points[-1][0]


def curve_by_horizon(curve: RiskCurve) -> Markup:
    """The drawing: a slot a month from now on, a point and its figure at each horizon, a block for the bounds."""
    highest = max([value for _, value in curve.points] + ([] if curve.high is None else [curve.high]))
    panel = Panel(_label(curve), curve.last_month + 1, risk_scale(highest), height=150)
    parts = [_bounds(panel, curve), marks.grid(panel, "%", divisor=0.01), _line(panel, curve)]
    for month, value in curve.points:
        parts.append(marks.point(panel, month, value))
        figure_css = "sf-x sf-etq sf-t--1 sf-halo"
        figure_y = panel.y(value) - _ABOVE
        parts.append(tag("text", risk_text(value), class_=figure_css, x=panel.x(month), y=figure_y))
        text = f"{month}{INSECABLE}mois" if month == curve.last_month else str(month)
        parts.append(
            tag("text", text, class_=f"sf-x{marks.edge_css(panel, month)}", x=panel.x(month), y=panel.floor + 19)
        )
    if curve.interval:
        label = EndLabel(curve.points[-1][1], capitalised(curve.interval), "sf-t--1", INTERVAL.lower())
        parts.append(end_labels(panel, [label]))
    return drawing(panel, parts)


def _bounds(panel: Panel, curve: RiskCurve) -> Markup:
    if curve.low is None or curve.high is None:
        return NOTHING
    before: list[float | None] = [None] * curve.last_month
    return marks.band(panel, [*before, curve.low], [*before, curve.high], "sf-bande--intervalle")


def _line(panel: Panel, curve: RiskCurve) -> Markup:
    """From nothing now to the longest horizon."""
    places = [(0, 0.0), *curve.points]
    path = "M" + " L".join(f"{panel.centre(month) * 10:.1f} {panel.y(value):.1f}" for month, value in places)
    return stretched(panel, tag("path", class_="sf-l sf-l--1", d=path))


def _label(curve: RiskCurve) -> str:
    said = [f"{risk_text(value)} à {month}{INSECABLE}mois" for month, value in curve.points]
    interval = f", {curve.interval}" if curve.interval else ""
    return f"{CAPTION}{INSECABLE}: {', '.join(said)}{interval}."


def horizon_key(curve: RiskCurve) -> Markup:
    """Key of a narrow page, where the words at the right of the drawing are hidden."""
    if not curve.interval:
        return NOTHING
    return key([KeyEntry("sf-bande--intervalle", f"{INTERVAL}{INSECABLE}: {curve.interval}")])


def horizon_table(curve: RiskCurve) -> TwinTable:
    """The same horizons, the nearest first."""
    rows = [(f"{month}{INSECABLE}mois", risk_text(value)) for month, value in curve.points]
    if not curve.interval:
        return TwinTable(CAPTION, ("Échéance", "Risque"), tuple(rows))
    *before, last = rows
    return TwinTable(
        CAPTION, ("Échéance", "Risque", INTERVAL), (*((*row, ABSENT) for row in before), (*last, curve.interval))
    )
