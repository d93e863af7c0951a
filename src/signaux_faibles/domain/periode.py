"""Months as integers: `year * 12 + month - 1`, the only form used inside the pipeline.

An integer month adds and compares the same way on every engine. A date is turned into the month that holds it:
since a feature row (siren, t) may use what was known by the *last day* of month t, comparing months is enough.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from signaux_faibles.domain.errors import InputError

FIRST_PANEL_MONTH = 2016 * 12
"""January 2016: the first month in which every source is well covered."""

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_BATCH = re.compile(r"([0-9]{2})([0-9]{2})", re.ASCII)


def month_of(day: date) -> int:
    """Month that holds a day."""
    return day.year * 12 + day.month - 1


def parse_month(text: str) -> int:
    """Month written `YYYY-MM`.

    Raises
    ------
    InputError
        If the text is anything else, or the month is not between 01 and 12.
    """
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12:
        raise InputError(f"Bad month: found {text!r}, expected YYYY-MM.", todo="Write it like 2026-10.")
    return int(found[1]) * 12 + int(found[2]) - 1


def parse_batch_key(text: str) -> int:
    """Month of a batch key `YYMM` (century 20).

    Raises
    ------
    InputError
        If the key is not four digits whose last two are a month.
    """
    found = _BATCH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12:
        raise InputError(
            f"Bad batch key: found {text!r}, expected YYMM with a month between 01 and 12.",
            todo="Name the batch like 2610 for October 2026.",
        )
    return (2000 + int(found[1])) * 12 + int(found[2]) - 1


def batch_key(month: int) -> str:
    """Batch key `YYMM` of a month."""
    year, index = divmod(month, 12)
    return f"{year % 100:02d}{index + 1:02d}"


def format_month(month: int) -> str:
    """`YYYY-MM`."""
    year, index = divmod(month, 12)
    return f"{year:04d}-{index + 1:02d}"


def first_day(month: int) -> date:
    """First day of a month."""
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)


def last_day(month: int) -> date:
    """Last day of a month: what is known at month t is what was known that day."""
    year, index = divmod(month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])


def label_month(month: int) -> str:
    """Month as an agent reads it: `octobre 2026`."""
    year, index = divmod(month, 12)
    return f"{MOIS[index]} {year}"
