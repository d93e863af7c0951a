"""What changed since the list before: level, probability, and the themes when that list is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.rounding import round_to_total
from signaux_faibles.domain.theme import Theme
from signaux_faibles.web.entreprises.blocks.notice import Empty
from signaux_faibles.web.entreprises.blocks.terms import cascade_of, themes_of
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.models import Explication, Score
from signaux_faibles.web.ui.charts.wording import capitalised, points, with_unit
from signaux_faibles.web.ui.typography import ABSENT, month, of_month, spaced

_EXACT = 1e-6
"""Points under which a sum is the one displayed."""

_LEVELS = {Niveau.ELEVE: "Élevé", Niveau.MODERE: "Modéré", Niveau.AUCUN: "Pas d’alerte"}


@dataclass(frozen=True)
class ChangeRow:
    """One line: before, now, and the effect on the risk."""

    label: str
    before: str
    now: str
    effect: str
    css: str
    is_total: bool = False
    told: str = ""


@dataclass(frozen=True)
class Changements:
    """The table of changes between two lists, themes told by what happened when the list says it."""

    since: str
    before_label: str
    now_label: str
    rows: tuple[ChangeRow, ...]


def build_changements(data: SheetData) -> Changements | Empty | None:
    """The block; None without a score, or when the agent may not see it."""
    score = data.score
    if not data.can_read(DataClass.SCORE) or score is None or score.probability_18m is None:
        return None
    earlier = [row for row in data.historique if row.list < data.release.list_month]
    previous = earlier[-1].list if earlier else None
    if score.probability_precedente is None:
        return Empty(
            "Rien à comparer",
            f"L’entreprise n’était pas scorée dans la liste {of_month(previous)}."
            if previous
            else "C’est la première liste où l’entreprise est scorée.",
        )
    return Changements(
        since=of_month(previous) if previous else "précédente",
        before_label=capitalised(month(previous)) if previous else "Liste précédente",
        now_label=capitalised(month(data.release.list_month)),
        rows=(_total(score), *(_told(data, score) or _themes(data, score))),
    )


def _level(value: str | None, probability: float) -> str:
    shown = with_unit(100 * probability, "%", 1)
    return f"{_LEVELS[Niveau(value)]}, {shown}" if value else shown


def _total(score: Score) -> ChangeRow:
    before, now = round(100 * score.probability_precedente, 1), round(100 * score.probability_18m, 1)
    return _row(
        "Risque",
        _level(score.niveau_precedent, score.probability_precedente),
        _level(score.niveau, score.probability_18m),
        now - before,
        is_total=True,
    )


def _row(label: str, before: str, now: str, effect: float, *, is_total: bool = False, told: str = "") -> ChangeRow:
    effect = round(effect, 1)
    css = "sf-hausse" if effect > 0 else "sf-baisse" if effect < 0 else ""
    return ChangeRow(label, before, now, points(effect), css, is_total, told)


def _told(data: SheetData, score: Score) -> list[ChangeRow]:
    """What the list says of the change of each theme, largest first; their displayed effects add up to the total.

    Nothing when the lines do not make the whole change: the agent may not see one of them, or the list has none.
    """
    lines = [row for row in data.explications if row.nature == "evolution"]
    exact = [100 * (row.points or 0.0) for row in lines]
    change = 100 * (score.probability_18m - score.probability_precedente)
    if not lines or abs(math.fsum(exact) - change) > _EXACT:
        return []
    total = round(100 * score.probability_18m, 1) - round(100 * score.probability_precedente, 1)
    shown = round_to_total(exact, total)
    pairs = sorted(zip(lines, shown, strict=True), key=lambda pair: -abs(pair[1]))
    return [
        _row(spaced(line.label or ABSENT), "", "", effect, told=_happened(line))
        for line, effect in pairs
        if round(effect, 1)
    ]


def _happened(line: Explication) -> str:
    sentence = spaced(line.sentence or "")
    if line.comparison and line.comparison.startswith(("plus que", "moins que")):
        return f"{sentence} C’est aujourd’hui {spaced(line.comparison)}."
    return sentence


def _themes(data: SheetData, score: Score) -> list[ChangeRow]:
    """Displayed points of each theme in both lists, by falling size of the change; they add up to the total."""
    now = _shown(data.explications, score.probability_18m)
    before = _shown(data.previous_explications, score.probability_precedente)
    if not now or not before:
        return []
    rows = []
    for key in sorted({*now, *before}, key=lambda key: -abs(now.get(key, 0.0) - before.get(key, 0.0))):
        old, new = before.get(key), now.get(key)
        if round(old or 0.0, 1) == round(new or 0.0, 1):
            continue
        label = "Risque moyen de départ" if key == "base" else Theme(key).label
        rows.append(_row(label, _points(old), _points(new), (new or 0.0) - (old or 0.0)))
    return rows


def _points(value: float | None) -> str:
    return ABSENT if value is None else points(value)


def _shown(rows: tuple[Explication, ...], probability: float) -> dict[str, float]:
    """Displayed points of the base and of each theme; empty when the rows do not explain the probability."""
    cascade = cascade_of(rows, probability, modere=1, eleve=1)
    if cascade is None:
        return {}
    keys = ["base", *(term.theme.value for term in themes_of(rows))]
    return dict(zip(keys, cascade.rounded(), strict=True))
