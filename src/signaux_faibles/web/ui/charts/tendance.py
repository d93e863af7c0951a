"""Sparkline of a list card: twelve months from zero, decorative, its figure written beside it."""

from __future__ import annotations

from signaux_faibles.web.ui.charts.markup import NOTHING, Markup, join, tag
from signaux_faibles.web.ui.charts.series import Values, known, runs

_HEIGHT, _DRAWN = 28, 26


def sparkline(values: Values, *, variant: str = "", highest: float | None = None) -> Markup:
    """A small curve with its last known point; nothing when no value is known.

    Parameters
    ----------
    values : sequence of float or None
        In order of time; a missing value breaks the curve.
    variant : str
        Suffix of the classes (`2` for debts), or nothing.
    highest : float, optional
        Value at the top; the highest of `values` otherwise.
    """
    seen = known(values)
    if not seen:
        return NOTHING
    top = highest or 1.05 * max(seen) or 1.0
    suffix = f"--{variant}" if variant else ""
    places = [[(_x(i, len(values)), _y(v, top)) for i, v in stretch] for stretch in runs(values)]
    line = " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in stretch) for stretch in places if len(stretch) > 1)
    paths = []
    if line:
        area = " ".join(_area(stretch) for stretch in places if len(stretch) > 1)
        paths.append(tag("path", class_=f"sf-mini__aire{f' sf-mini__aire{suffix}' if suffix else ''}", d=area))
        paths.append(tag("path", class_=f"sf-mini__trait{f' sf-mini__trait{suffix}' if suffix else ''}", d=line))
    curve = tag("svg", *paths, view_box=f"0 0 100 {_HEIGHT}", width="100%", height=_HEIGHT, aspect="none")
    x, y = places[-1][-1]
    dot_css = f"sf-mini__bout{f' sf-mini__bout{suffix}' if suffix else ''}"
    dot = tag("circle", class_=dot_css, cx=f"{x:.1f}%", cy=y, r=2.6)
    return tag("svg", join([curve, dot]), class_="sf-mini", aria_hidden="true", height=_HEIGHT)


def _x(index: int, count: int) -> float:
    return 100.0 if count == 1 else index / (count - 1) * 100


def _y(value: float, top: float) -> float:
    return _HEIGHT - min(max(value / top, 0.0), 1.0) * _DRAWN


def _area(stretch: list[tuple[float, float]]) -> str:
    points = " L".join(f"{x:.1f} {y:.1f}" for x, y in stretch)
    return f"M{points} L{stretch[-1][0]:.1f} {_HEIGHT} L{stretch[0][0]:.1f} {_HEIGHT}Z"
