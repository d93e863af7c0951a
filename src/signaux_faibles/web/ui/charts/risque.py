"""Risk of a company from list to list: the curve, the thresholds, and the mark of the level at each list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.web.ui.charts import marks
from signaux_faibles.web.ui.charts.frame import TwinTable
from signaux_faibles.web.ui.charts.labels import ONE_LINE, EndLabel, end_labels
from signaux_faibles.web.ui.charts.markup import Markup, join, tag
from signaux_faibles.web.ui.charts.panel import Panel, drawing, stretched
from signaux_faibles.web.ui.charts.scale import Scale, risk_scale
from signaux_faibles.web.ui.charts.wording import capitalised, risk_text
from signaux_faibles.web.ui.typography import short_month, spaced


@dataclass(frozen=True)
class ListPoint:
    """A company in one list; no level and no probability when it was set aside from the score.

    `is_first_alert` and `evolution` are what that list said of its change, in the codes of the release.
    """

    month: int
    probability: float | None
    niveau: Niveau | None
    threshold_modere: float | None
    threshold_eleve: float | None
    is_first_alert: bool = False
    evolution: str = ""


def risk_chart(lists: Sequence[ListPoint]) -> Markup:
    """The drawing; `lists` in order of time, one at least with a probability."""
    first, last = lists[0].month, lists[-1].month
    panel = Panel(_label(lists), last - first + 1, _scale(lists), height=190)
    by_month = {point.month: point for point in lists}
    parts = [marks.grid(panel, "%", divisor=0.01)]
    parts += [_threshold(panel, lists, name) for name in ("modere", "eleve")] + [_threshold_names(panel, lists)]
    parts.append(_curve(panel, lists))
    for month, point in by_month.items():
        if point.probability is not None and point.niveau is not None:
            parts.append(_mark(panel, month - first, point.probability, point.niveau))
    parts.append(marks.month_labels(panel, first, _labelled_lists(lists)))
    latest = lists[-1]
    if latest.probability is not None:
        detail = f"liste de {short_month(latest.month)}"
        label = EndLabel(latest.probability, risk_text(latest.probability), "sf-t--1", detail)
        parts.append(end_labels(panel, [label]))
    return drawing(panel, parts)


def _scale(lists: Sequence[ListPoint]) -> Scale:
    seen = [
        value for p in lists for value in (p.probability, p.threshold_modere, p.threshold_eleve) if value is not None
    ]
    return risk_scale(max(seen, default=0.1))


def _label(lists: Sequence[ListPoint]) -> str:
    scored = [point for point in lists if point.probability is not None]
    if not scored:
        return "Risque à 18 mois, liste par liste."
    start, end = scored[0], scored[-1]
    return (
        f"Risque à 18 mois, liste par liste, de {risk_text(start.probability)} en {short_month(start.month)} "
        f"à {risk_text(end.probability)} en {short_month(end.month)}."
    )


def _curve(panel: Panel, lists: Sequence[ListPoint]) -> Markup:
    """Lists are quarters apart: the line goes from list to list, and stops where the company was set aside."""
    first = lists[0].month
    stretches: list[list[ListPoint]] = [[]]
    for point in lists:
        if point.probability is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    paths = [
        "M" + " L".join(f"{panel.centre(p.month - first) * 10:.1f} {panel.y(p.probability or 0):.1f}" for p in stretch)
        for stretch in stretches
        if len(stretch) > 1
    ]
    return stretched(panel, tag("path", class_="sf-l sf-l--1", d=" ".join(paths))) if paths else join([])


def _threshold(panel: Panel, lists: Sequence[ListPoint], name: str) -> Markup:
    """A threshold as a stair: each list is read with its own."""
    known = _known(lists, name)
    if not known:
        return join([])
    first = lists[0].month
    path = f"M0 {panel.y(known[0][1]):.1f}"
    for month, value in known[1:]:
        path += f" H{panel.centre(month - first - 0.5) * 10:.1f} V{panel.y(value):.1f}"
    return stretched(panel, tag("path", class_=f"sf-l sf-l--seuil sf-seuil-{name}", d=f"{path} H1000"))


def _threshold_names(panel: Panel, lists: Sequence[ListPoint]) -> Markup:
    """Names above the lines, with the latest value; the lower one goes under its line when they are too near."""
    first = {name: _known(lists, name)[0][1] for name in ("modere", "eleve") if _known(lists, name)}
    is_crowded = len(first) == 2 and panel.y(first["modere"]) - panel.y(first["eleve"]) < ONE_LINE
    parts = []
    for name, value in first.items():
        word = "Seuil modéré" if name == "modere" else "Seuil élevé"
        text = f"{word}, {risk_text(_known(lists, name)[-1][1])}"
        y = panel.y(value) + (14 if is_crowded and name == "modere" else -5)
        parts.append(tag("text", text, class_=f"sf-t--{name} sf-halo", x=4, y=y))
    return join(parts)


def _known(lists: Sequence[ListPoint], name: str) -> list[tuple[int, float]]:
    return [(p.month, value) for p in lists if (value := getattr(p, f"threshold_{name}")) is not None]


def _labelled_lists(lists: Sequence[ListPoint]) -> list[tuple[int, bool]]:
    """Lists whose month is written: the latest and some before it, at most four, at most two on a narrow page."""
    step = -(-len(lists) // 4)
    chosen = [point.month - lists[0].month for point in reversed(lists)][::step]
    return [(index, rank in (0, len(chosen) - 1)) for rank, index in enumerate(chosen)]


def _mark(panel: Panel, index: int, probability: float, niveau: Niveau) -> Markup:
    sign = tag("use", href=f"#m-{niveau.value}", width=16, height=16)
    content = join([tag("circle", class_="sf-m-fond", r=8), tag("g", sign, transform="translate(-7 -7) scale(0.875)")])
    return tag("svg", content, x=panel.x(index), y=panel.y(probability), width=1, height=1, overflow="visible")


def risk_table(lists: Sequence[ListPoint]) -> TwinTable:
    """The same lists, the latest first."""
    rows = [
        (
            capitalised(short_month(point.month)),
            "Écartée du score" if point.niveau is None else spaced(point.niveau.label),
            risk_text(point.probability),
            risk_text(point.threshold_modere),
            risk_text(point.threshold_eleve),
        )
        for point in reversed(lists)
    ]
    columns = ("Liste", "Niveau", "Risque", "Seuil modéré", "Seuil élevé")
    return TwinTable("Risque par liste", columns, tuple(rows))
