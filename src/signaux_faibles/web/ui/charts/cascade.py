"""Waterfall of a score: from the base rate to the displayed probability, theme by theme, the bars adding up exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.domain.rounding import round_to_total
from signaux_faibles.web.ui.charts.frame import TwinTable
from signaux_faibles.web.ui.charts.markup import NOTHING, Markup, join, percent, tag
from signaux_faibles.web.ui.charts.scale import Scale, nice_scale
from signaux_faibles.web.ui.charts.wording import french, points, with_unit
from signaux_faibles.web.ui.typography import INSECABLE

_ROW, _TOP = 47, 30
_LABEL_SHARE = 34.0
"""Room kept for a figure at the right of its bar and for the name of a threshold, per cent of a narrow plot."""

_HEADROOM = 0.74
"""Share of the axis that bars may use: the figure of the longest one still fits at its right."""


@dataclass(frozen=True)
class Contribution:
    """What one theme adds to the probability, in probability (0.194 for +19.4 points)."""

    name: str
    value: float
    detail: str = ""


@dataclass(frozen=True)
class Cascade:
    """A score and its terms, all in probability.

    Parameters
    ----------
    base, total : float
        Base rate and displayed probability.
    contributions : tuple of Contribution
        In the order of the bars; base + contributions = total.
    threshold_modere, threshold_eleve : float
        Thresholds of the very list of the score.
    """

    base: float
    contributions: tuple[Contribution, ...]
    total: float
    threshold_modere: float
    threshold_eleve: float

    @property
    def is_consistent(self) -> bool:
        """True when the terms add up to the total, up to a hundredth of a point."""
        found = math.fsum([self.base, *(term.value for term in self.contributions)])
        return abs(found - self.total) < 1e-4

    def rounded(self) -> tuple[float, ...]:
        """Base then contributions, in points with one decimal; their sum is the total rounded to one decimal."""
        exact = [100 * self.base, *(100 * term.value for term in self.contributions)]
        return tuple(round_to_total(exact, 100 * self.total))


@dataclass(frozen=True)
class _Bar:
    name: str
    detail: str
    start: float
    value: float
    css: str
    text: str

    @property
    def low(self) -> float:
        return min(self.start, self.start + self.value)

    @property
    def high(self) -> float:
        return max(self.start, self.start + self.value)


def _bars(cascade: Cascade) -> list[_Bar]:
    base, *values = cascade.rounded()
    bars = [_Bar("Risque moyen de départ", "avant tout examen", 0, base, "base", with_unit(base, "%", 1))]
    running = base
    for term, value in zip(cascade.contributions, values, strict=True):
        css = "hausse" if value > 0 else "baisse" if value < 0 else "base"
        bars.append(_Bar(term.name, term.detail, running, value, css, points(value)))
        running = round(running + value, 1)
    total = round(100 * cascade.total, 1)
    bars.append(
        _Bar("Risque affiché", "probabilité à 18" + INSECABLE + "mois", 0, total, "total", with_unit(total, "%", 1))
    )
    return bars


def _scale(cascade: Cascade, bars: Sequence[_Bar]) -> Scale:
    highest = max(bar.high for bar in bars)
    if 100 * cascade.threshold_modere < 4 * highest:
        highest = max(highest, 100 * cascade.threshold_modere)
    nice = nice_scale(min(bar.low for bar in bars), highest / _HEADROOM, intervals=5)
    ticks = tuple(tick for tick in nice.ticks if tick <= min(highest / _HEADROOM, 100))
    return Scale(nice.low, highest / _HEADROOM, ticks, nice.decimals)


def _share(scale: Scale, value: float) -> float:
    return (value - scale.low) / (scale.high - scale.low) * 100


def cascade_chart(cascade: Cascade) -> Markup:
    """The drawing.

    Raises
    ------
    ValueError
        If the terms do not add up to the total: no bar is drawn for a sum that is wrong.
    """
    if not cascade.is_consistent:
        raise ValueError("waterfall: base and contributions do not add up to the probability")
    bars = _bars(cascade)
    scale = _scale(cascade, bars)
    thresholds = [
        (name, share)
        for name, value in (("modere", cascade.threshold_modere), ("eleve", cascade.threshold_eleve))
        if (share := _share(scale, 100 * value)) < 100
    ]
    top = _TOP + (16 if _names_collide(thresholds) else 0)
    floor = top + _ROW * len(bars) + 2
    parts = [_zones(thresholds, top, floor), _thresholds(cascade, thresholds, top, floor), _axis(scale, top, floor)]
    parts += [_row(bar, scale, top + rank * _ROW, is_last=rank == len(bars) - 1) for rank, bar in enumerate(bars)]
    label = (
        f"Du risque moyen de départ, {bars[0].text}, au risque affiché, {bars[-1].text}, thème par thème. "
        "Les valeurs sont dans le tableau qui suit."
    )
    return tag("svg", join(parts), class_="sf-dessin sf-cascade", height=floor + 28, role="img", aria_label=label)


def _names_collide(thresholds: Sequence[tuple[str, float]]) -> bool:
    if len(thresholds) < 2:
        return False
    (_, modere), (_, eleve) = thresholds
    return _extent(eleve)[0] < _extent(modere)[1]


def _extent(share: float) -> tuple[float, float]:
    """Where the name of a threshold starts and ends: at its right, unless it would leave the plot."""
    return (share - _LABEL_SHARE, share) if share > 100 - _LABEL_SHARE else (share, share + _LABEL_SHARE)


def _zones(thresholds: Sequence[tuple[str, float]], top: int, floor: int) -> Markup:
    ends = [*(share for _, share in thresholds[1:]), 100.0][: len(thresholds)]
    return join(
        tag(
            "rect",
            class_=f"sf-cas-zone--{name}",
            x=percent(share),
            y=top,
            width=percent(end - share),
            height=floor - top,
        )
        for (name, share), end in zip(thresholds, ends, strict=True)
    )


def _thresholds(cascade: Cascade, thresholds: Sequence[tuple[str, float]], top: int, floor: int) -> Markup:
    is_stacked = _names_collide(thresholds)
    values = {"modere": cascade.threshold_modere, "eleve": cascade.threshold_eleve}
    marks = []
    for name, share in thresholds:
        raised = 26 if is_stacked and name == "modere" else 10
        x = percent(share)
        marks.append(tag("line", class_=f"sf-l--seuil sf-seuil-{name}", x1=x, x2=x, y1=top - raised + 6, y2=floor))
        anchor = "end" if share > 100 - _LABEL_SHARE else None
        text = with_unit(100 * values[name], "%", 0 if round(100 * values[name], 1) % 1 == 0 else 1)
        word = "modéré" if name == "modere" else "élevé"
        css = f"sf-t--{name} sf-cas-seuil"
        since = tag("tspan", " dès", class_="sf-cas-des")
        marks.append(tag("text", word, since, f" {text}", class_=css, x=x, y=top - raised, dx=-2, text_anchor=anchor))
    return join(marks)


def _axis(scale: Scale, top: int, floor: int) -> Markup:
    zero = percent(_share(scale, 0))
    marks = [tag("line", class_="sf-base", x1=zero, x2=zero, y1=top, y2=floor)]
    for tick in scale.ticks:
        unit = "%" if tick in (0, scale.ticks[-1]) else ""
        text = with_unit(tick, unit, scale.decimals)
        marks.append(tag("text", text, class_="sf-x", x=percent(_share(scale, tick)), y=floor + 18))
    return join(marks)


def _row(bar: _Bar, scale: Scale, y: int, *, is_last: bool) -> Markup:
    left, right = _share(scale, bar.low), _share(scale, bar.high)
    marks = []
    if is_last:
        marks.append(tag("line", class_="sf-cas-filet", x1=0, x2="100%", y1=y + 3, y2=y + 3))
    marks.append(tag("text", bar.name, class_="sf-cas-nom sf-halo", x=0, y=y + 30))
    if bar.detail:
        marks.append(tag("text", bar.detail, class_="sf-cas-sous", x=0, y=y + 30))
    width = percent(max(right - left, 0.4))
    marks.append(tag("rect", class_=f"sf-cas-{bar.css}", x=percent(left), y=y + 20, width=width, height=20))
    if not is_last:
        end = percent(_share(scale, bar.start + bar.value))
        marks.append(tag("line", class_="sf-cas-lien", x1=end, x2=end, y1=y + 20, y2=y + _ROW + 40))
    marks.append(tag("text", bar.text, class_="sf-cas-val sf-halo", x=percent(right), dx=7, y=y + 35))
    return join(marks) if marks else NOTHING


def cascade_table(cascade: Cascade) -> TwinTable:
    """The same figures, with the running total."""
    base, *values = cascade.rounded()
    rows = [("Risque moyen de départ", with_unit(base, "%", 1), with_unit(base, "%", 1))]
    running = base
    for term, value in zip(cascade.contributions, values, strict=True):
        running = round(running + value, 1)
        rows.append((term.name, french(value, 1, signed=True), with_unit(running, "%", 1)))
    rows.append(("Risque affiché", "", with_unit(round(100 * cascade.total, 1), "%", 1)))
    return TwinTable("Du risque de départ au risque affiché", ("Élément", "Points", "Cumul"), tuple(rows))
