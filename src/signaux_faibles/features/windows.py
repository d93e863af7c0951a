"""Shared expressions: lags, extremes and ratios, with the rules that protect them.

Windows are calendar windows: the panel has every month of a company between its first and its last, so n rows before
is n months before. A lag that falls before the first month is missing.
"""

from __future__ import annotations

BY_COMPANY = "PARTITION BY siren ORDER BY month"


def lag(column: str, months: int) -> str:
    """Value some months before."""
    return f"LAG({column}, {months}) OVER ({BY_COMPANY})"


def over_last(function: str, column: str, months: int) -> str:
    """MAX, MIN, SUM or AVG over the last months, the current one included."""
    return f"{function}({column}) OVER ({BY_COMPANY} ROWS BETWEEN {months - 1} PRECEDING AND CURRENT ROW)"


def ratio(numerator: str, denominator: str) -> str:
    """Quotient; missing when the denominator is missing, zero or negative.

    A signed denominator (equity, cash flow) would flip the meaning of the ratio: it has none.
    """
    return f"CASE WHEN ({denominator}) > 0 THEN CAST({numerator} AS DOUBLE) / CAST({denominator} AS DOUBLE) END"


def bounded(expression: str, low: float, high: float) -> str:
    """Value brought back between two bounds; missing stays missing.

    LEAST and GREATEST skip nulls on DuckDB and on Spark: alone, they would turn an unknown value into the bound.
    """
    return f"CASE WHEN ({expression}) IS NOT NULL THEN GREATEST(LEAST({expression}, {high}), {low}) END"


def change_ratio(column: str, months: int, *, cap: float = 5.0) -> str:
    """Relative change over some months, capped: a company that starts from almost nothing would dominate."""
    before = lag(column, months)
    return bounded(ratio(f"({column} - {before})", before), -cap, cap)


def euros(cents: str) -> str:
    """Cents to euros."""
    return f"CAST({cents} AS DOUBLE) / 100"


KNOWN_COTISATION_MONTHS = "CASE WHEN cotisation_first_month > 0 THEN LEAST(month - cotisation_first_month, 12) END"
"""Months, twelve at most, of which contributions could be known: those of a young company are fewer."""

MEAN_COTISATION_CENTS = f"(CAST(cotisation_12m_cents AS DOUBLE) / ({KNOWN_COTISATION_MONTHS}))"
"""Contributions of a month of the last year, on average over the months that could be known."""


def whole_cotisation(months: int) -> str:
    """Contributions of the last months of data (3 or 12); missing while some of them are older than the first known."""
    return f"(CASE WHEN month - cotisation_first_month >= {months} THEN cotisation_{months}m_cents END)"


def months_of_cotisation(cents: str, *, cap_months: int = 36) -> str:
    """Amount as a number of months of contributions.

    Zero owed is zero even for a company that calls no contribution; something owed by such a company, or more than
    the cap, counts for the cap: it must not vanish.
    """
    return f"""CASE WHEN ({cents}) IS NULL THEN NULL
        WHEN ({cents}) = 0 THEN 0
        WHEN cotisation_12m_cents > 0 THEN
            GREATEST(LEAST(CAST({cents} AS DOUBLE) / {MEAN_COTISATION_CENTS}, {cap_months}), -{cap_months})
        WHEN ({cents}) > 0 THEN {cap_months} ELSE -{cap_months} END"""
