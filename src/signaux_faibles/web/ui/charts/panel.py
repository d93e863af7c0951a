"""The frame of a plot: where a value and a month fall, and the SVG element that holds the marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signaux_faibles.web.ui.charts.markup import Markup, join, percent, tag
from signaux_faibles.web.ui.charts.scale import Scale


@dataclass(frozen=True)
class Panel:
    """One plot.

    Parameters
    ----------
    label : str
        What is read instead of the drawing.
    count : int
        Slots of the abscissa: months or years.
    scale : Scale
        The ordinate.
    height, top, bottom : int, pixels
        Height of the plot itself, and the room for text above and below it.
    css : str
        Further classes of the drawing.
    """

    label: str
    count: int
    scale: Scale
    height: int = 180
    top: int = 22
    bottom: int = 26
    css: str = "sf-dessin--etiquettes"

    @property
    def total_height(self) -> int:
        """Height of the whole drawing, pixels."""
        return self.top + self.height + self.bottom

    @property
    def floor(self) -> int:
        """Ordinate of the bottom of the plot, pixels."""
        return self.top + self.height

    def centre(self, index: float) -> float:
        """Abscissa of the middle of a slot, per cent of the width."""
        return (index + 0.5) / self.count * 100

    def x(self, index: float) -> str:
        """Abscissa of the middle of a slot, as an SVG length."""
        return percent(self.centre(index))

    def y(self, value: float) -> float:
        """Ordinate of a value, pixels."""
        share = (value - self.scale.low) / (self.scale.high - self.scale.low)
        return self.top + self.height * (1 - share)


def drawing(panel: Panel, marks: Iterable[str]) -> Markup:
    """The SVG of a panel."""
    css = f"sf-dessin {panel.css}".strip()
    return tag("svg", join(marks), class_=css, height=panel.total_height, role="img", aria_label=panel.label)


def stretched(panel: Panel, *paths: str) -> Markup:
    """Paths whose abscissa, from 0 to 1000, follows the width of the page; their stroke keeps its width."""
    height = panel.total_height
    return tag(
        "svg", *paths, view_box=f"0 0 1000 {height}", width="100%", height=height, aspect="none", focusable="false"
    )
