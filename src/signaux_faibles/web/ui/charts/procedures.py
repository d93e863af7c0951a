"""Collective proceedings of a company on a line of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.web.ui.charts.frame import KeyEntry
from signaux_faibles.web.ui.charts.markup import Markup, join, percent, tag

_CSS = {
    EtatProcol.IN_BONIS: "sf-b--gris",
    EtatProcol.SAUVEGARDE: "sf-b--4",
    EtatProcol.PLAN_SAUVEGARDE: "sf-b--4d",
    EtatProcol.REDRESSEMENT: "sf-b--2",
    EtatProcol.PLAN_REDRESSEMENT: "sf-b--2d",
    EtatProcol.LIQUIDATION: "sf-cas-total",
}


@dataclass(frozen=True)
class StateChange:
    """A company enters a state on a day."""

    day: date
    etat: EtatProcol


@dataclass(frozen=True)
class _Span:
    etat: EtatProcol
    start: float
    end: float


def _spans(changes: Sequence[StateChange], first: date, last: date) -> list[_Span]:
    """States from `first` to `last`, in per cent of the width; before the first change the company is in bonis."""
    total = max((last - first).days, 1)
    steps = [StateChange(first, EtatProcol.IN_BONIS), *changes]
    spans = []
    for rank, step in enumerate(steps):
        end = steps[rank + 1].day if rank + 1 < len(steps) else last
        start, stop = ((min(max(day, first), last) - first).days / total * 100 for day in (step.day, end))
        if stop > start:
            spans.append(_Span(step.etat, start, stop))
    return spans


def timeline_start(changes: Sequence[StateChange], last: date) -> date:
    """First January shown: a year before the first change, and four years before the last day at the latest."""
    first = min([change.day for change in changes], default=last)
    return date(min(first.year - 1, last.year - 4), 1, 1)


def procedures_chart(changes: Sequence[StateChange], last: date) -> Markup:
    """The line of time; `changes` in order of day. A dated list doubles it on the page."""
    first = timeline_start(changes, last)
    total = max((last - first).days, 1)
    parts: list[Markup] = []
    for span in _spans(changes, first, last):
        width = percent(max(span.end - span.start - 0.25, 0.4))
        parts.append(tag("rect", class_=_CSS[span.etat], x=percent(span.start), y=4, width=width, height=20))
    for rank, year in enumerate(_years(first.year, last.year)):
        share = (date(year, 1, 1) - first).days / total * 100
        parts.append(tag("line", class_="sf-an", x1=percent(share), x2=percent(share), y1=26, y2=31))
        if share < 93:
            css = "sf-x--second" if rank % 2 else None
            parts.append(tag("text", str(year), class_=css, x=percent(share), y=46))
    css = "sf-dessin sf-dessin--sans-axe"
    return tag("svg", join(parts), class_=css, height=52, role="img", aria_label=_label(changes, first, last))


def _years(first: int, last: int) -> range:
    return range(first, last + 1, max(1, -(-(last - first) // 6)))


def _label(changes: Sequence[StateChange], first: date, last: date) -> str:
    if not changes:
        return f"De {first.year} à {last.year}, aucune procédure collective connue."
    steps = ", puis ".join(f"{change.etat.label.lower()} en {change.day.year}" for change in changes)
    return f"Situation de {first.year} à {last.year}\u00a0: {steps}."


def procedures_key(changes: Sequence[StateChange]) -> list[KeyEntry]:
    """The states met, in order of gravity."""
    seen = {EtatProcol.IN_BONIS, *(change.etat for change in changes)}
    return [KeyEntry(css, etat.label) for etat, css in _CSS.items() if etat in seen]
