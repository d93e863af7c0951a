"""French sentences for the reasons of a score, from the declarations of the features and nothing else."""

from __future__ import annotations

import math

from signaux_faibles.features.declare import Feature

THIN, WIDE = "\u202f", "\u00a0"
INVARIANT = ("mois", "€", "%", "")


def format_value(feature: Feature, value: float) -> str:
    """Value of a feature as an agent reads it: decimal comma, thin spaces, unit, sign when it is a change."""
    is_change = "_change_" in feature.name
    if feature.percent:
        return _number(value * 100, 0 if abs(value) >= 0.1 else 1, is_change) + THIN + "%"
    if feature.unit == "€":
        return _number(value, 0, is_change) + THIN + "€"
    decimals = 0 if abs(value) >= 10 or math.isclose(value, round(value), abs_tol=0.05) else 1
    number = _number(value, decimals, is_change)
    return f"{number}{WIDE}{_agree(feature.unit, value)}" if feature.unit else number


def sentence_of(feature: Feature, value: float | None) -> str:
    """Sentence of a feature for one company; a missing value is said to be unknown."""
    if value is None or math.isnan(value):
        return feature.sentence_missing or f"{feature.label}{WIDE}: donnée inconnue."
    return feature.sentence.format(value=format_value(feature, value))


def _agree(unit: str, value: float) -> str:
    """Unit in the singular under two, as French does."""
    return unit if unit in INVARIANT or abs(value) >= 2 else unit.removesuffix("s")


def _number(value: float, decimals: int, is_change: bool) -> str:
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN).replace(".", ",")
    is_zero = not text.strip("0,")
    sign = "" if is_zero else "\u2212" if value < 0 else "+" if is_change else ""
    return sign + text
