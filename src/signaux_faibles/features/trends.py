"""Shared expressions of change and spread, over the windows of `windows`."""

from __future__ import annotations

from signaux_faibles.features.windows import bounded, lag, over_last, ratio

SPREAD_MIN_MONTHS = 3
"""Months with a value below which a spread says nothing."""


def spread(column: str, months: int) -> str:
    """Standard deviation over the last months, divided by the mean of the same months.

    With n values, of sum s and sum of squares q, it is sqrt(nq - s²) / s: integers up to the root, so that the order in
    which an engine adds does not count.
    """
    count = over_last("COUNT", column, months)
    total = f"CAST({over_last('SUM', f'CAST({column} AS BIGINT)', months)} AS BIGINT)"
    squares = f"CAST({over_last('SUM', f'CAST({column} AS BIGINT) * {column}', months)} AS BIGINT)"
    return (
        f"CASE WHEN {count} >= {SPREAD_MIN_MONTHS} AND {total} > 0 THEN"
        f" SQRT(CAST({count} * {squares} - {total} * {total} AS DOUBLE)) / CAST({total} AS DOUBLE) END"
    )


def half_year_change(quarter: str, *, cap: float = 5.0) -> str:
    """Relative change between two half-years that follow each other, each told by its two sums of three months."""
    now, before = f"({quarter} + {lag(quarter, 3)})", f"({lag(quarter, 6)} + {lag(quarter, 9)})"
    return bounded(ratio(f"({now} - {before})", before), -cap, cap)


def ratio_change(numerator: str, denominator: str, months: int, *, cap: float = 5.0) -> str:
    """Relative change over some months of a quotient, capped; missing when one of the two quotients is."""
    now, before = ratio(numerator, denominator), ratio(lag(numerator, months), lag(denominator, months))
    return bounded(ratio(f"(({now}) - ({before}))", f"({before})"), -cap, cap)


def months_where(condition: str, known: str, months: int) -> str:
    """Months, among the last ones, in which a condition held; months where it cannot be told are not counted."""
    flag = f"CASE WHEN {condition} THEN 1 WHEN {known} THEN 0 END"
    return f"CAST({over_last('SUM', flag, months)} AS DOUBLE)"
