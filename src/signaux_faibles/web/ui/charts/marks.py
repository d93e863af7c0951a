"""Marks of the plots: grid, month axis, lines, bands, bars, points, and the hatching of what is not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from signaux_faibles.web.ui.charts.markup import NOTHING, Markup, join, percent, tag
from signaux_faibles.web.ui.charts.panel import Panel, stretched
from signaux_faibles.web.ui.charts.series import Values, runs
from signaux_faibles.web.ui.charts.wording import french, unit_suffix
from signaux_faibles.web.ui.typography import short_month

_EDGE = 6.0
"""Per cent of the width kept free of month labels at both ends, where they would leave the card."""


def grid(panel: Panel, unit: str = "", *, divisor: float = 1) -> Markup:
    """Graduations, the highest with the unit."""
    marks = []
    for tick in panel.scale.ticks:
        y = panel.y(tick)
        text = french(tick / divisor, _tick_decimals(panel, divisor))
        suffix = unit_suffix(unit) if tick == panel.scale.ticks[-1] else ""
        marks.append(tag("line", class_="sf-base" if tick == 0 else "sf-grille-l", x1=0, x2="100%", y1=y, y2=y))
        marks.append(tag("text", text + suffix, class_="sf-y", x=-8, y=y + 4))
    return join(marks)


def _tick_decimals(panel: Panel, divisor: float) -> int:
    """Decimals that tell all graduations apart once divided."""
    scaled = [tick / divisor for tick in panel.scale.ticks]
    return next((d for d in range(4) if all(abs(value - round(value, d)) < 1e-9 for value in scaled)), 3)


def labelled_months(first: int, count: int) -> list[tuple[int, bool]]:
    """Slots whose month is written, and whether a narrow page keeps it.

    At most four months are written, on January and July or on Januaries only, and at most three on a narrow page.
    """
    for step in (6, 12, 24, 48, 96):
        kept = [i for i in range(count) if (first + i) % step == 0 and _EDGE < (i + 0.5) / count * 100 < 100 - _EDGE]
        if len(kept) <= 4:
            break
    if not kept:
        kept = [count // 2]
    every = next(n for n in (1, 2, 3) if len(kept[::n]) <= 3)
    start = next((rank for rank, i in enumerate(kept[:every]) if (first + i) % 12 == 0), 0)
    return [(index, rank % every == start) for rank, index in enumerate(kept)]


def month_axis(panel: Panel, first: int) -> Markup:
    """Names of some months under the plot."""
    return month_labels(panel, first, labelled_months(first, panel.count))


def month_labels(panel: Panel, first: int, labelled: Sequence[tuple[int, bool]]) -> Markup:
    """Names of the months of these slots, those whose flag is false hidden on a narrow page.

    There, a name at an edge of the plot is drawn inwards, so that it stays in its card.
    """
    marks = []
    for index, is_kept in labelled:
        x = panel.x(index)
        marks.append(tag("line", class_="sf-an", x1=x, x2=x, y1=panel.floor, y2=panel.floor + 5))
        css = f"sf-x{edge_css(panel, index)}" if is_kept else "sf-x sf-x--second"
        marks.append(tag("text", short_month(first + index), class_=css, x=x, y=panel.floor + 19))
    return join(marks)


def edge_css(panel: Panel, index: int) -> str:
    """Class, with a space before it, of a name written under a slot at an edge of the plot; nothing elsewhere."""
    if panel.centre(index) > 100 - _EDGE:
        return " sf-x--fin"
    return " sf-x--debut" if panel.centre(index) < _EDGE else ""


def unknown_from(panel: Panel, index: int) -> Markup:
    """Hatching from a slot to the right edge: months that no source has published yet."""
    if index >= panel.count:
        return NOTHING
    start = max(index, 0) / panel.count * 100
    title = tag("title", "pas encore connu")
    return tag(
        "rect",
        title,
        fill="url(#hachure)",
        x=percent(start),
        y=panel.top,
        width=percent(100 - start),
        height=panel.height,
    )


def line(panel: Panel, values: Values, css: str, *, has_halo: bool = False, is_stair: bool = False) -> Markup:
    """A curve, broken where a value is missing; a value alone is a dash as wide as most of its slot.

    `is_stair` is for what changes at once, such as a plan granted: no slope between two months.
    """
    draw = _stair if is_stair else _segment
    path = " ".join(draw(panel, stretch) for stretch in runs(values))
    if not path:
        return NOTHING
    halo = tag("path", class_="sf-l sf-l--halo", d=path) if has_halo else NOTHING
    return stretched(panel, halo, tag("path", class_=f"sf-l {css}", d=path))


def _segment(panel: Panel, stretch: Sequence[tuple[int, float]]) -> str:
    if len(stretch) == 1:
        return _stair(panel, stretch)
    return "M" + " L".join(f"{panel.centre(i) * 10:.1f} {panel.y(v):.1f}" for i, v in stretch)


def _stair(panel: Panel, stretch: Sequence[tuple[int, float]]) -> str:
    (first, start), (last, _) = stretch[0], stretch[-1]
    path = f"M{panel.centre(first - 0.3) * 10:.1f} {panel.y(start):.1f}"
    for (_, before), (index, value) in pairwise(stretch):
        if value != before:
            path += f" H{panel.centre(index - 0.5) * 10:.1f} V{panel.y(value):.1f}"
    return f"{path} H{panel.centre(last + 0.3) * 10:.1f}"


def band(panel: Panel, lower: Values, upper: Values, css: str) -> Markup:
    """Area between two curves; a slot alone is a block as wide as most of its slot."""
    both = [None if low is None or high is None else 0.0 for low, high in zip(lower, upper, strict=True)]
    marks = []
    for stretch in runs(both):
        indexes = [index for index, _ in stretch]
        if len(indexes) == 1:
            marks.append(_block(panel, indexes[0], lower, upper, css))
            continue
        there = [f"{panel.centre(i) * 10:.1f} {panel.y(_at(upper, i)):.1f}" for i in indexes]
        back = [f"{panel.centre(i) * 10:.1f} {panel.y(_at(lower, i)):.1f}" for i in reversed(indexes)]
        marks.append(stretched(panel, tag("path", class_=css, d="M" + " L".join(there + back) + "Z")))
    return join(marks)


def _at(values: Values, index: int) -> float:
    value = values[index]
    return 0.0 if value is None else value


def _block(panel: Panel, index: int, lower: Values, upper: Values, css: str) -> Markup:
    return _bar(panel, index, bottom=_at(lower, index), top=_at(upper, index), css=css, share=0.7)


def bars(panel: Panel, values: Values, css: str, *, base: Values | None = None, share: float = 0.62) -> Markup:
    """One bar a slot, from zero or from `base`; nothing where the value is missing or zero."""
    marks = []
    for index, value in enumerate(values):
        if value:
            bottom = _at(base, index) if base is not None else 0.0
            marks.append(_bar(panel, index, bottom=bottom, top=bottom + value, css=css, share=share))
    return join(marks)


def _bar(panel: Panel, index: int, *, bottom: float, top: float, css: str, share: float) -> Markup:
    width = share / panel.count * 100
    y = panel.y(max(bottom, top))
    height = max(panel.y(min(bottom, top)) - y, 0.8)
    return tag("rect", class_=css, x=percent(panel.centre(index) - width / 2), y=y, width=percent(width), height=height)


def point(panel: Panel, index: int, value: float, css: str = "sf-p--1", *, radius: float = 4) -> Markup:
    """A dot on a value."""
    return tag("circle", class_=f"sf-p {css}", cx=panel.x(index), cy=panel.y(value), r=radius)
