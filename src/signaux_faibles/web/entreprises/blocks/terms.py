"""Terms of an explanation: base, themes, features, with displayed figures that add up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.domain.feature_name import is_change
from signaux_faibles.domain.rounding import round_to_total
from signaux_faibles.domain.theme import Theme
from signaux_faibles.web.releases.models import Explication
from signaux_faibles.web.ui.charts.cascade import Cascade, Contribution
from signaux_faibles.web.ui.charts.wording import with_unit
from signaux_faibles.web.ui.typography import ABSENT, spaced

_SHORT = 36
"""Longest text that fits under the name of a bar, characters."""

_SEEN = 0.05
"""Points from which a remainder shows once rounded."""


@dataclass(frozen=True)
class Term:
    """What a theme adds to the probability."""

    theme: Theme
    label: str
    value: float
    sentence: str
    comparison: str = ""

    @property
    def told(self) -> str:
        """Its sentence, with how the company compares."""
        return told(self.sentence, self.comparison)


@dataclass(frozen=True)
class Feature:
    """A variable of a theme: its label, what is observed, its value with its unit, its points as displayed."""

    label: str
    value: str
    points: float
    told: str = ""


@dataclass(frozen=True)
class Reason:
    """A variable that concerns or reassures: what is observed, and its points."""

    label: str
    told: str
    value: float


def told(sentence: str, comparison: str) -> str:
    """A sentence and its comparison in one, with French spaces; a sentence has one colon at most."""
    if not comparison:
        return spaced(sentence)
    start = sentence.removesuffix(".")
    return spaced(f"{start}, {comparison}." if ":" in start else f"{start} : {comparison}.")


def reasons_of(rows: Sequence[Explication], selection: str) -> list[Reason]:
    """Variables that a list marks as concerning (`preoccupant`) or reassuring (`rassurant`), heaviest first."""
    found = [row for row in rows if row.nature == "variable" and row.selection == selection]
    found.sort(key=lambda row: (-abs(row.points or 0.0), row.rang))
    return [
        Reason(spaced(row.label or ABSENT), told(row.sentence or "", row.comparison or ""), row.points or 0.0)
        for row in found
    ]


def sentence_of(rows: Sequence[Explication], nature: str) -> str:
    """Sentence of the line of a nature that a company has once; empty without one."""
    return next((spaced(row.sentence or "") for row in rows if row.nature == nature), "")


def themes_of(rows: Sequence[Explication]) -> list[Term]:
    """Themes by falling contribution; equal ones in the order of `Theme`."""
    terms = [
        Term(
            Theme(row.theme),
            row.label or Theme(row.theme).label,
            row.points or 0.0,
            row.sentence or "",
            row.comparison or "",
        )
        for row in rows
        if row.nature == "theme"
    ]
    ranks = list(Theme)
    return sorted(terms, key=lambda term: (-term.value, ranks.index(term.theme)))


def base_of(rows: Sequence[Explication]) -> float | None:
    """Where the waterfall starts; None without explanation."""
    return next((row.points for row in rows if row.nature == "base"), None)


def cascade_of(rows: Sequence[Explication], probability: float, *, modere: float, eleve: float) -> Cascade | None:
    """The waterfall; None when the rows do not explain this probability."""
    base = base_of(rows)
    terms = themes_of(rows)
    if base is None or not terms:
        return None
    bars = tuple(Contribution(spaced(term.label), term.value, _detail(term)) for term in terms)
    cascade = Cascade(base, bars, probability, modere, eleve)
    return cascade if cascade.is_consistent else None


def _detail(term: Term) -> str:
    text = spaced(term.sentence).rstrip(".")
    return text[:1].lower() + text[1:] if len(text) <= _SHORT else ""


def features_of(rows: Sequence[Explication], term: Term, shown_points: float) -> list[Feature]:
    """Features of a theme by falling weight; their displayed points add up to those displayed for the theme.

    A release may leave the lightest features out: what they weigh is then one line more.
    """
    found = [row for row in rows if row.nature == "variable" and row.theme == term.theme]
    found.sort(key=lambda row: (-abs(row.points or 0.0), row.rang))
    if not found:
        return []
    lines = [
        (
            spaced(row.label or row.feature or ABSENT),
            value_text(row.value, row.unit or "", is_signed=is_change(row.told_by or "")),
            told(row.sentence or "", row.comparison or ""),
        )
        for row in found
    ]
    exact = [100 * (row.points or 0.0) for row in found]
    missing = 100 * term.value - math.fsum(exact)
    if abs(missing) >= _SEEN:
        lines.append(("Autres variables du thème", ABSENT, ""))
        exact.append(missing)
    shown = round_to_total(exact, shown_points)
    return [Feature(label, value, points, text) for (label, value, text), points in zip(lines, shown, strict=True)]


def value_text(value: float | None, unit: str, *, is_signed: bool = False) -> str:
    """Value of a feature with its unit, with as many decimals as its size deserves; a change always has its sign.

    A value without unit is the code of a category, which says nothing to an agent: the identity of the company does.
    """
    if value is None or not unit:
        return ABSENT
    if unit == "€":
        return with_unit(value, unit, signed=is_signed)
    decimals = 0 if abs(value) >= 100 or math.isclose(value, round(value), abs_tol=0.005) else 1
    singular = unit.removesuffix("s") if unit != "mois" and abs(round(value, decimals)) < 2 else unit
    return with_unit(value, singular, decimals, signed=is_signed)
