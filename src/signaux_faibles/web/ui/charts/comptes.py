"""Ratios of the accounts as small multiples: the company over the quantile bands of its sector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from signaux_faibles.web.ui.charts import marks
from signaux_faibles.web.ui.charts.frame import KeyEntry, TwinTable
from signaux_faibles.web.ui.charts.labels import ONE_LINE
from signaux_faibles.web.ui.charts.markup import Markup, join, tag
from signaux_faibles.web.ui.charts.panel import Panel, drawing
from signaux_faibles.web.ui.charts.scale import nice_scale
from signaux_faibles.web.ui.charts.series import Values, known
from signaux_faibles.web.ui.charts.wording import french

KEY = (
    KeyEntry("sf-l--1", "L\u2019entreprise"),
    KeyEntry("sf-l--mediane", "Médiane du secteur"),
    KeyEntry("sf-bande--coeur", "Moitié du secteur"),
    KeyEntry("sf-bande sf-bande--cle", "8\u00a0entreprises sur\u00a010"),
)


@dataclass(frozen=True)
class Quantiles:
    """Distribution of a ratio in a sector for one year."""

    q10: float | None
    q25: float | None
    q50: float | None
    q75: float | None
    q90: float | None
    cohort_count: int | None = None


@dataclass(frozen=True)
class Ratio:
    """One ratio, year by year; `sector` has one entry a year, or None when the sector is not known."""

    name: str
    unit: str
    years: tuple[int, ...]
    values: tuple[float | None, ...]
    sector: tuple[Quantiles | None, ...]
    decimals: int = 0

    def quantile(self, pick: Callable[[Quantiles], float | None]) -> tuple[float | None, ...]:
        """One quantile, year by year."""
        return tuple(None if quantiles is None else pick(quantiles) for quantiles in self.sector)


def _clipped(values: Values, low: float, high: float) -> tuple[float | None, ...]:
    return tuple(None if value is None else min(max(value, low), high) for value in values)


def ratio_chart(ratio: Ratio) -> Markup:
    """The drawing. The axis is set by the company and the middle half of its sector; bands are cut at its edges."""
    q10, q25, q50, q75, q90 = (
        ratio.quantile(pick)
        for pick in (lambda q: q.q10, lambda q: q.q25, lambda q: q.q50, lambda q: q.q75, lambda q: q.q90)
    )
    shown = [*known(ratio.values), *known(q25), *known(q75)]
    scale = nice_scale(min(shown, default=0), max(shown, default=0))
    panel = Panel(_label(ratio), len(ratio.years), scale, height=130, top=14, css="")
    cut = [_clipped(values, scale.low, scale.high) for values in (q10, q90, q25, q75, q50)]
    parts = [
        marks.band(panel, cut[0], cut[1], "sf-bande"),
        marks.band(panel, cut[2], cut[3], "sf-bande--coeur"),
        marks.grid(panel),
        marks.line(panel, cut[4], "sf-l--mediane"),
        marks.line(panel, ratio.values, "sf-l--1"),
        *(marks.point(panel, i, v, radius=3) for i, v in enumerate(ratio.values) if v is not None),
        _end_texts(panel, ratio, q50),
        _years(panel, ratio.years),
    ]
    return drawing(panel, parts)


def _label(ratio: Ratio) -> str:
    return f"{ratio.name} de {ratio.years[0]} à {ratio.years[-1]}, comparé au secteur."


def _end_texts(panel: Panel, ratio: Ratio, median: Values) -> Markup:
    """Last value of the company and of the sector, on either side of their points, never on each other."""
    own = next((i for i in reversed(range(len(ratio.values))) if ratio.values[i] is not None), None)
    if own is None:
        return join([])
    value, middle = ratio.values[own] or 0.0, median[own]
    y = panel.y(value)
    if middle is None:
        return _text(french(value, ratio.decimals), panel, own, _beside(panel, y, is_above=True), is_own=True)
    y_middle = panel.y(min(max(middle, panel.scale.low), panel.scale.high))
    own_y = _beside(panel, y, is_above=y <= y_middle)
    middle_y = _beside(panel, y_middle, is_above=y_middle < y)
    if abs(own_y - middle_y) < ONE_LINE:
        middle_y = own_y + (ONE_LINE if own_y + ONE_LINE <= panel.floor else -ONE_LINE)
    return join(
        [
            _text(f"secteur {french(middle, ratio.decimals)}", panel, own, middle_y, is_own=False),
            _text(french(value, ratio.decimals), panel, own, own_y, is_own=True),
        ]
    )


def _beside(panel: Panel, y: float, *, is_above: bool) -> float:
    """Baseline of a text above or below a point: the side asked for, unless it leaves the plot."""
    above, below = y - 9, y + 18
    if is_above:
        return above if above - 9 >= panel.top - 6 else below
    return below if below <= panel.floor - 3 else above


def _text(text: str, panel: Panel, index: int, y: float, *, is_own: bool) -> Markup:
    css = "sf-etq sf-t--1 sf-halo" if is_own else "sf-halo"
    is_late = index >= panel.count / 2
    x = f"{min(panel.centre(index) + 8, 98):.1f}%" if is_late else panel.x(index)
    return tag("text", text, class_=css, text_anchor="end" if is_late else "start", x=x, y=y)


def _years(panel: Panel, years: tuple[int, ...]) -> Markup:
    step = 1 if len(years) <= 6 else 2
    return join(
        tag("text", str(year), class_="sf-x", x=panel.x(i), y=panel.floor + 19)
        for i, year in enumerate(years)
        if (len(years) - 1 - i) % step == 0
    )


def ratio_table(ratio: Ratio) -> TwinTable:
    """The same years, the latest first."""
    rows = []
    for year, value, quantiles in reversed(list(zip(ratio.years, ratio.values, ratio.sector, strict=True))):
        sector = (None, None, None) if quantiles is None else (quantiles.q25, quantiles.q50, quantiles.q75)
        rows.append((str(year), french(value, ratio.decimals), *(french(q, ratio.decimals) for q in sector)))
    columns = ("Exercice", "Entreprise", "1er quart", "Médiane", "3e quart")
    return TwinTable(ratio.name, columns, tuple(rows), note=ratio.unit)
