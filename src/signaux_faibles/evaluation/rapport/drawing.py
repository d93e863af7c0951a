"""Small drawings for the report: bars, and points joined by lines; SVG made of attributes only, readable anywhere.

A drawing stands alone in its file: its ground is white whatever the page, its words are black, and two series differ by
shape as well as by colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from signaux_faibles.evaluation.rapport.words import decimal

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 44, 56
COLOURS = ("#1d4f91", "#b4460f")
INK, GRID = "#1e1e1e", "#d5d5d5"
FONT = "font-family=\"system-ui, 'Segoe UI', Roboto, Arial, sans-serif\""
SOFT_HYPHENATION = 16
"""Letters of a label beyond which it is cut in two lines."""


@dataclass(frozen=True)
class Series:
    """Values of a quantity, one a label; None where it is not known."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Parameters
    ----------
    title : str
        What is read instead of the drawing.
    labels : tuple of str
        Under the abscissa.
    series : tuple of Series
        Two at most.
    unit : str
        Written above the graduations.
    decimals : int
        Of the values written above the marks.
    axis : str
        What the labels are, under them.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "%"
    decimals: int = 1
    axis: str = ""


def bars(drawn: Drawing) -> str:
    """Groups of bars, the value above each."""
    top = _top(drawn)
    slot = (WIDTH - LEFT - RIGHT) / len(drawn.labels)
    width = min(slot * 0.72 / len(drawn.series), 64.0)
    marks = []
    for rank, series in enumerate(drawn.series):
        for index, value in enumerate(series.values):
            if value is None:
                continue
            x = _centre(index, slot) + (rank - len(drawn.series) / 2) * width
            y = _y(value, top)
            pattern = ' stroke="#1e1e1e" stroke-dasharray="4 3"' if rank else ""
            marks.append(
                f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{HEIGHT - BOTTOM - y:.1f}"'
                f' fill="{COLOURS[rank]}"{pattern}/>'
            )
            marks.append(_text(x + width / 2, y - 5, decimal(value, drawn.decimals), size=12))
    return _svg(drawn, top, [*marks, *_labels(drawn, slot)])


def lines(drawn: Drawing) -> str:
    """Curves, a round mark for the first series and a square one for the second."""
    top = _top(drawn)
    slot = (WIDTH - LEFT - RIGHT) / len(drawn.labels)
    marks = []
    for rank, series in enumerate(drawn.series):
        points = [(_centre(i, slot), _y(v, top)) for i, v in enumerate(series.values) if v is not None]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="6 4"' if rank else ""
        marks.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[rank]}" stroke-width="2.5"{dash}/>')
        marks += [_mark(rank, x, y) for x, y in points]
    return _svg(drawn, top, [*marks, *_labels(drawn, slot)])


def _mark(rank: int, x: float, y: float) -> str:
    if rank:
        return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{COLOURS[rank]}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{COLOURS[rank]}"/>'


def _svg(drawn: Drawing, top: float, marks: Sequence[str]) -> str:
    content = "\n".join([*_grid(drawn, top), *_key(drawn), *marks])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img" {FONT}>\n<title>{escape(drawn.title)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{content}\n</svg>\n'
    )


def _top(drawn: Drawing) -> float:
    """Round number just above the highest value."""
    highest = max((v for s in drawn.series for v in s.values if v is not None), default=0.0)
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(factor * power for factor in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if factor * power >= highest)


def _grid(drawn: Drawing, top: float) -> list[str]:
    marks = [_text(LEFT - 6, TOP - 12, drawn.unit, anchor="end", size=12)] if drawn.unit else []
    for share in (0.0, 0.5, 1.0):
        value, y = top * share, _y(top * share, top)
        decimals = next((d for d in range(4) if abs(value - round(value, d)) < 1e-9), 3)
        marks.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>')
        marks.append(_text(LEFT - 6, y + 4, decimal(value, decimals), anchor="end", size=12))
    return marks


def _key(drawn: Drawing) -> list[str]:
    """Names of the series, above the plot, when there are several."""
    if len(drawn.series) < 2:
        return []
    marks, x = [], float(LEFT)
    for rank, series in enumerate(drawn.series):
        marks.append(_mark(rank, x + 6, 16))
        marks.append(_text(x + 18, 20, series.name, anchor="start", size=13))
        x += 36 + 7.2 * len(series.name)
    return marks


def _labels(drawn: Drawing, slot: float) -> list[str]:
    marks = [_text(WIDTH / 2, HEIGHT - 10, drawn.axis, size=12)] if drawn.axis else []
    for index, label in enumerate(drawn.labels):
        for line, text in enumerate(_cut(label)):
            marks.append(_text(_centre(index, slot), HEIGHT - BOTTOM + 18 + 15 * line, text, size=12))
    return marks


def _cut(label: str) -> list[str]:
    """A label in one line, or in two of about the same length."""
    words = label.split(" ")
    if len(label) <= SOFT_HYPHENATION or len(words) == 1:
        return [label]
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(" ".join(words[i:]))))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _centre(index: int, slot: float) -> float:
    return LEFT + slot * (index + 0.5)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _text(x: float, y: float, text: str, *, anchor: str = "middle", size: int) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{INK}">{escape(text)}</text>'
