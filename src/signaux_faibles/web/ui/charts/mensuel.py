"""Monthly plots with the same abscissa: a curve from zero (headcount, payment delays) and short-time work bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.web.ui.charts import marks
from signaux_faibles.web.ui.charts.frame import KeyEntry, TwinTable
from signaux_faibles.web.ui.charts.labels import EndLabel, end_labels
from signaux_faibles.web.ui.charts.markup import Markup
from signaux_faibles.web.ui.charts.panel import Panel, drawing
from signaux_faibles.web.ui.charts.scale import nice_scale
from signaux_faibles.web.ui.charts.series import MonthlySeries, Values, known
from signaux_faibles.web.ui.charts.wording import capitalised, french, with_unit
from signaux_faibles.web.ui.typography import short_month


@dataclass(frozen=True)
class Window:
    """Months shown, from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many months are shown."""
        return self.last - self.first + 1

    def known_count(self, freshness: int | None) -> int:
        """How many of them are covered by a source known until `freshness` (all when unknown)."""
        return self.count if freshness is None else min(self.count, max(0, freshness - self.first + 1))


@dataclass(frozen=True)
class Curve:
    """A monthly quantity and its words.

    Parameters
    ----------
    name : str
        What is counted, as in a title (`Effectif`).
    unit : str
        `salariés`, `jours`.
    series : MonthlySeries
    freshness : int or None
        Last month its source covers; later months are hatched.
    """

    name: str
    unit: str
    series: MonthlySeries
    freshness: int | None = None


def curve_chart(curve: Curve, window: Window, *, height: int = 130, has_months: bool = True) -> Markup:
    """A curve from zero, its last value at its right with the first one under it."""
    values = curve.series.until(curve.freshness).window(window.first, window.last)
    seen = known(values)
    scale = nice_scale(min(seen, default=0), max(seen, default=0), whole=True)
    panel = Panel(_label(curve, window, values), window.count, scale, height=height, bottom=26 if has_months else 8)
    parts = [
        marks.grid(panel),
        marks.unknown_from(panel, window.known_count(curve.freshness)),
        marks.line(panel, values, "sf-l--1"),
    ]
    if has_months:
        parts.append(marks.month_axis(panel, window.first))
    ends = _ends(values)
    if ends:
        (start, first_value), (end, last_value) = ends
        parts.append(marks.point(panel, end, last_value))
        text = with_unit(last_value, _unit(curve.unit, last_value))
        detail = "" if start == end else f"{french(first_value)} en {short_month(window.first + start)}"
        parts.append(end_labels(panel, [EndLabel(last_value, text, "sf-t--1", detail)]))
    return drawing(panel, parts)


def _unit(unit: str, value: float) -> str:
    return unit[:-1] if unit.endswith("s") and abs(round(value)) < 2 else unit


def _ends(values: Values) -> tuple[tuple[int, float], tuple[int, float]] | None:
    present = [(index, value) for index, value in enumerate(values) if value is not None]
    return (present[0], present[-1]) if present else None


def _label(curve: Curve, window: Window, values: Values) -> str:
    ends = _ends(values)
    if not ends:
        return f"{curve.name} mensuel, aucune valeur connue."
    (start, first_value), (end, last_value) = ends
    return (
        f"{curve.name} par mois, de {with_unit(first_value, _unit(curve.unit, first_value))} en "
        f"{short_month(window.first + start)} à {french(last_value)} en {short_month(window.first + end)}."
    )


@dataclass(frozen=True)
class ActivitePartielle:
    """Short-time work of a company, in full-time equivalents (ETP)."""

    autorisee: MonthlySeries
    consommee: MonthlySeries
    freshness: int | None = None


AP_KEY = (KeyEntry("sf-b--4d", "ETP autorisés"), KeyEntry("sf-b--4", "ETP consommés"))


def activite_partielle_chart(ap: ActivitePartielle, window: Window, *, height: int = 80) -> Markup:
    """Wide bars for what was authorised, narrow ones over them for what was used."""
    allowed = ap.autorisee.until(ap.freshness).window(window.first, window.last)
    used = ap.consommee.until(ap.freshness).window(window.first, window.last)
    scale = nice_scale(0, max([*known(allowed), *known(used)], default=0), intervals=2, whole=True)
    panel = Panel(_ap_label(allowed, used), window.count, scale, height=height, top=20)
    parts = [
        marks.grid(panel, "ETP"),
        marks.unknown_from(panel, window.known_count(ap.freshness)),
        marks.bars(panel, allowed, "sf-b--4d", share=0.8),
        marks.bars(panel, used, "sf-b--4", share=0.48),
        marks.month_axis(panel, window.first),
        end_labels(panel, _ap_labels(allowed, used)),
    ]
    return drawing(panel, parts)


def _ap_labels(allowed: Values, used: Values) -> list[EndLabel]:
    """The highest month of each, named: the last month is often not known, or zero."""
    labels = []
    for values, text, css in ((allowed, "autorisés", "sf-b--4d"), (used, "consommés", "sf-b--4")):
        seen = known(values)
        if seen:
            labels.append(EndLabel(max(seen), f"{text}, max. {french(max(seen))}", css))
    return labels


def _ap_label(allowed: Values, used: Values) -> str:
    return (
        f"Activité partielle par mois\u00a0: au plus {french(max(known(used), default=0))} équivalents temps plein "
        f"consommés et {french(max(known(allowed), default=0))} autorisés."
    )


def monthly_table(
    caption: str, columns: Sequence[tuple[str, MonthlySeries, int | None]], window: Window, *, decimals: int = 0
) -> TwinTable:
    """Months as rows, the latest first, from the latest known to the first; `columns`: name, series, freshness."""
    cut = [(name, series.until(freshness)) for name, series, freshness in columns]
    rows = [
        (capitalised(short_month(month)), *(french(series.at(month), decimals) for _, series in cut))
        for month in range(window.last, window.first - 1, -1)
    ]
    return TwinTable(caption, ("Mois", *(name for name, _ in cut)), tuple(rows))
