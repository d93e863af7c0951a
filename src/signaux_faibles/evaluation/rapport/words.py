"""Numbers as French writes them, and Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from signaux_faibles.domain.periode import label_month, parse_month

THIN, WIDE = "\u202f", "\u00a0"
ABSENT = "–"


def count(value: float) -> str:
    """Whole number, thin spaces between thousands."""
    return f"{value:,.0f}".replace(",", THIN)


def decimal(value: float | None, decimals: int = 2) -> str:
    """Number with a decimal comma; a dash when there is none."""
    return ABSENT if value is None else f"{value:,.{decimals}f}".replace(",", THIN).replace(".", ",")


def percent(value: float | None, decimals: int = 1) -> str:
    """Share as a percentage; what is not zero never reads as zero."""
    if value is None:
        return ABSENT
    least = 10.0**-decimals
    if 0 < value * 100 < least / 2:
        return f"moins de {decimal(least, decimals)}{WIDE}%"
    return f"{decimal(value * 100, decimals)}{WIDE}%"


def interval(found: Mapping[str, float] | None, decimals: int = 3) -> str:
    """Estimate and its 90 % interval."""
    if found is None:
        return ABSENT
    low, high = (decimal(found[end], decimals) for end in ("low", "high"))
    return f"{decimal(found['value'], decimals)} [{low}{WIDE}; {high}]"


def percent_interval(found: Mapping[str, float] | None) -> str:
    """Share and its 90 % interval, as percentages."""
    if found is None:
        return ABSENT
    low, high = (decimal(found[end] * 100, 1) for end in ("low", "high"))
    return f"{percent(found['value'])} [{low}{WIDE}; {high}]"


def out_of_100(share: float) -> str:
    """Share as companies out of a hundred: `25`, `1,8`."""
    return decimal(share * 100, 0 if share >= 0.1 else 1)


def months(period: str) -> str:
    """Months of a period, from the words of a card (`2016-01 to 2019-06`): `janvier 2016 à juin 2019`."""
    return " à ".join(label_month(parse_month(month)) for month in period.split(" to "))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown table, figures aligned to the right."""
    rule = ["---", *["---:"] * (len(columns) - 1)]
    lines = [columns, rule, *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines) + "\n"


INPUT_LABELS = {
    "recipe": "la déclaration de la recette",
    "panel": "les données",
    "catalogue": "la définition des variables",
    "code": "le code",
}
"""French names of what decides a model (`model.card.DECISIVE`)."""


def otherwise_words(inputs: Sequence[str]) -> str:
    """Sentence on a judgement made from other inputs than the model; empty when they are the same."""
    if not inputs:
        return ""
    named = ", ".join(INPUT_LABELS[name] for name in inputs)
    return (
        "Attention : ce jugement n'a pas été fait comme ce modèle. Ne sont pas les mêmes, ou ne sont pas consignés :"
        f" {named}. Il dit ce que valait la recette alors ; pour juger ce modèle, il faut refaire `signaux backtest`."
    )


PROTOCOL_LABELS = {
    "without_known": "Sans les procédures déjà connues",
    "with_known": "Avec les procédures déjà connues",
}


def by_protocol(report: Mapping[str, Any], part: str) -> list[Any]:
    """A part of a report under each protocol, the honest one first."""
    return [report[part][name] for name in PROTOCOL_LABELS]
