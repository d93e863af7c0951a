"""French sentences for the reasons of a score, from the declarations of the features and nothing else."""

from __future__ import annotations

import math

from signaux_faibles.domain.feature_name import is_change
from signaux_faibles.features.declare import Feature

THIN, WIDE = "\u202f", "\u00a0"
MINUS = "\u2212"


def format_value(feature: Feature, value: float) -> str:
    """Value of a feature as an agent reads it: decimal comma, thin spaces, unit, sign when it is a change.

    What is not zero never reads as zero, and a value at its cap says that it may be more.
    """
    shown = value * 100 if feature.percent else value
    decimals = _decimals(shown, feature.unit)
    rounded = round(shown, decimals)
    if rounded == 0 and shown != 0:
        least = 10.0**-decimals
        return f"moins de {_number(least, decimals)}{_suffix(feature.unit, least)}"
    sign = MINUS if rounded < 0 else "+" if rounded > 0 and is_change(feature.name) else ""
    beyond = (" ou moins" if value < 0 else " ou plus") if abs(value) >= feature.cap else ""
    return f"{sign}{_number(rounded, decimals)}{_suffix(feature.unit, rounded)}{beyond}"


def format_percent(probability: float) -> str:
    """A probability as an agent reads it, with one decimal."""
    return _number(100 * probability, 1) + THIN + "%"


def sentence_of(feature: Feature, value: float | None) -> str:
    """Sentence of a feature for one company; without value, why there is none, or that it is unknown."""
    if value is None or math.isnan(value):
        return feature.sentence_missing or f"{feature.label}{WIDE}: donnée inconnue."
    if value == 0 and feature.sentence_zero:
        return feature.sentence_zero
    return feature.sentence.format(value=format_value(feature, value))


def _decimals(shown: float, unit: str) -> int:
    """One decimal under ten, none for euros nor for what one decimal would end with a zero."""
    tenths = round(shown, 1)
    is_whole = tenths == round(tenths) and (tenths != 0 or shown == 0)
    return 0 if unit == "€" or abs(tenths) >= 10 or is_whole else 1


def _suffix(unit: str, value: float) -> str:
    """Unit after its space, in the singular under two, as French does."""
    if unit in ("€", "%"):
        return THIN + unit
    word = unit if unit == "mois" or abs(value) >= 2 else unit.removesuffix("s")
    return WIDE + word if word else ""


def _number(value: float, decimals: int) -> str:
    return f"{abs(value):,.{decimals}f}".replace(",", THIN).replace(".", ",")
