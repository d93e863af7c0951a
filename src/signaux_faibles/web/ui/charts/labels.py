"""Labels written beside the curves, kept apart so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.web.ui.charts.markup import Markup, join, tag
from signaux_faibles.web.ui.charts.panel import Panel

ONE_LINE = 17
"""Least distance between two labels of one line, pixels."""

TWO_LINES = 32
"""The same when one of them has a second line."""


@dataclass(frozen=True)
class EndLabel:
    """A label at the right of a plot.

    Parameters
    ----------
    value : float
        Ordinate wished for.
    text, detail : str
        First line, and a second one or nothing.
    css : str
        Class of the text (`sf-t--1`) or, for bars, of the square before it (`sf-b--2`).
    """

    value: float
    text: str
    css: str
    detail: str = ""


def spread(wished: Sequence[float], *, gap: float, top: float, bottom: float) -> list[float]:
    """Ordinates as near as possible to those wished, in the same order, at least `gap` apart.

    They stay above `bottom`; when there is no room for all, those at the top leave the plot rather than overlap.
    """
    order = sorted(range(len(wished)), key=lambda i: (wished[i], i))
    placed = list(wished)
    floor = top
    for index in order:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    ceiling = bottom
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def end_labels(panel: Panel, labels: Sequence[EndLabel]) -> Markup:
    """Every label of a plot; hidden by the style sheet where the page is narrow, where the key replaces them."""
    has_detail = any(label.detail for label in labels)
    wished = [panel.y(label.value) for label in labels]
    bottom = panel.floor - (15 if has_detail else 0)
    places = spread(wished, gap=TWO_LINES if has_detail else ONE_LINE, top=panel.top, bottom=bottom)
    return join(_label(label, y) for label, y in zip(labels, places, strict=True))


def _label(label: EndLabel, y: float) -> Markup:
    is_bar = label.css.startswith("sf-b")
    parts = []
    if is_bar:
        square = tag("rect", class_=label.css, x=10, width=10, height=10)
        parts.append(
            tag("svg", square, class_="sf-etq-droite", x="100%", y=y - 5, width=24, height=10, overflow="visible")
        )
    css = "sf-etq sf-etq-droite" if is_bar else f"sf-etq sf-etq-droite {label.css}"
    parts.append(tag("text", label.text, class_=css, x="100%", dx=25 if is_bar else 10, y=y + 4))
    if label.detail:
        parts.append(tag("text", label.detail, class_="sf-etq2 sf-etq-droite", x="100%", dx=10, y=y + 19))
    return join(parts)
