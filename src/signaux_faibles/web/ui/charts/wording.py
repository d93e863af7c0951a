"""Numbers and months as French readers expect them on a chart.

Thin no-break space between thousands and before `%` and `€`, no-break space before a word, decimal comma, true minus
sign, and an en dash for what is not known (never 0).
"""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.periode import MOIS

THIN = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
ABSENT = "\u2013"

_MOIS_COURTS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def french(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """A number; `signed` also writes the plus of a rise. A rounded zero has no sign."""
    if value is None:
        return ABSENT
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN).replace(".", ",")
    rounded = round(value, decimals)
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def with_unit(value: float | None, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """A number and its unit; the dash of an unknown value has none."""
    if value is None:
        return ABSENT
    return f"{french(value, decimals, signed=signed)}{unit_suffix(unit)}"


def unit_suffix(unit: str) -> str:
    """A unit with the space that comes before it."""
    if not unit:
        return ""
    return (THIN if unit in ("%", "€") else NBSP) + unit


def points(value: float, *, decimals: int = 1) -> str:
    """A change of probability, in points: `+19,4 pts`; `pt` below two."""
    return with_unit(value, "pts" if abs(round(value, decimals)) >= 2 else "pt", decimals, signed=True)


def short_month(month: int) -> str:
    """`sept. 2026`, for axes and narrow cells."""
    year, index = divmod(month, 12)
    return f"{_MOIS_COURTS[index]}{NBSP}{year}"


def long_month(month: int) -> str:
    """`septembre 2026`, in a sentence."""
    year, index = divmod(month, 12)
    return f"{MOIS[index]}{NBSP}{year}"


@dataclass(frozen=True)
class MoneyScale:
    """Unit in which a whole chart of amounts is written."""

    unit: str
    divisor: float

    def text(self, value: float | None) -> str:
        """An amount in this unit, with one decimal when it would otherwise be written with one digit."""
        if value is None:
            return ABSENT
        scaled = value / self.divisor
        decimals = 1 if self.divisor > 1 and 0 < round(abs(scaled), 1) < 10 and round(scaled, 1) != round(scaled) else 0
        return with_unit(scaled, self.unit, decimals)


def money_scale(highest: float) -> MoneyScale:
    """Unit that keeps the figures of a chart short: euros, thousands or millions."""
    if highest >= 1_500_000:
        return MoneyScale("M€", 1_000_000)
    return MoneyScale("k€", 1_000) if highest >= 1_500 else MoneyScale("€", 1)


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest unchanged."""
    return text[:1].upper() + text[1:]
