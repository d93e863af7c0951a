"""Figures of the charts in French: those of `ui.typography`, with the units that charts need."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.web.ui import typography
from signaux_faibles.web.ui.typography import ABSENT, FINE, INSECABLE


def french(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """A number; `signed` also writes the plus of a rise. A rounded zero has no sign."""
    return typography.signed(value, decimals) if signed else typography.number(value, decimals)


def with_unit(value: float | None, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """A number and its unit; the dash of an unknown value has none."""
    return ABSENT if value is None else f"{french(value, decimals, signed=signed)}{unit_suffix(unit)}"


def unit_suffix(unit: str) -> str:
    """A unit with the space that comes before it: thin before `%` and `€`, plain before a word."""
    if not unit:
        return ""
    return (FINE if unit in ("%", "€") else INSECABLE) + unit


def points(value: float, *, decimals: int = 1) -> str:
    """A change of probability, already in points: `+19,4 pts`; `pt` below two."""
    return with_unit(value, "pts" if abs(round(value, decimals)) >= 2 else "pt", decimals, signed=True)


def risk_text(probability: float | None) -> str:
    """A probability on a chart: whole from ten per cent on, with one decimal under."""
    return ABSENT if probability is None else with_unit(100 * probability, "%", 0 if 100 * probability >= 9.95 else 1)


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
