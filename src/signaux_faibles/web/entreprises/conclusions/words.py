"""Changes, durations and counts in plain French."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.web.ui.charts.wording import french
from signaux_faibles.web.ui.typography import FINE, INSECABLE

_NUMBERS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")

_FRACTIONS = (
    (0.235, 0.265, "d’un quart"),
    (0.32, 0.345, "d’un tiers"),
    (0.48, 0.52, "de moitié"),
    (0.655, 0.68, "de deux tiers"),
    (0.735, 0.765, "des trois quarts"),
)

_MULTIPLES = ((1.9, 2.1, "doublé"), (2.85, 3.15, "triplé"), (3.8, 4.2, "quadruplé"))

STABLE = 0.03
"""Share under which a change is said to be none."""


@dataclass(frozen=True)
class Conclusion:
    """A title that says what the chart shows, and one sentence more or nothing."""

    title: str
    message: str = ""


def in_words(count: int) -> str:
    """`six` up to twelve, figures beyond."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else french(count)


def duration(months: int) -> str:
    """`un an`, `deux ans`, `six mois`, `18 mois`."""
    if months > 0 and months % 12 == 0:
        years = months // 12
        return "un an" if years == 1 else f"{in_words(years)}{INSECABLE}ans"
    return f"{in_words(months)}{INSECABLE}mois"


def share(magnitude: float) -> str:
    """Size of a change: `d'un quart`, `de 18 %`."""
    for low, high, words in _FRACTIONS:
        if low <= magnitude <= high:
            return words
    return f"de{INSECABLE}{french(100 * magnitude)}{FINE}%"


def change(before: float, after: float) -> str:
    """What a quantity did: `a triplé`, `a baissé d'un quart`, `est stable`; `before` must be positive."""
    ratio = after / before
    if abs(ratio - 1) < STABLE:
        return "est stable"
    if ratio < 1:
        return f"a baissé {share(1 - ratio)}"
    for low, high, word in _MULTIPLES:
        if low <= ratio <= high:
            return f"a {word}"
    if ratio >= 2.5:
        return f"a été multiplié par{INSECABLE}{french(ratio, 1 if ratio < 10 else 0)}"
    return "a plus que doublé" if ratio > 2.1 else f"a augmenté {share(ratio - 1)}"
