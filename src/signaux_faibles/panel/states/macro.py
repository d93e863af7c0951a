"""Reference series shipped with the package, brought to the activity code and the month in which they were known.

See `series/README.md` for their origin and their limits.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import pyarrow as pa

from signaux_faibles.domain.naf import naf_labels
from signaux_faibles.domain.periode import parse_month

DELAY_MONTHS = 2
"""Months between the month of a value and the one in which Insee has published it."""

FILES = {
    "ipi_nace4.csv": "fa0903df509824e09f3f001d271c1072eac5641445422f382252038bc4f0c61d",
    "defaillances_industrie.csv": "7e5b466a4cd2effac4e4ba438b7c210a8f676930bdd089f771574f6ca31ed8e5",
}
"""Files of the series and their sha256: a panel is known by the code that made it, so that the code names its data."""

QUARTER_MONTHS, YEAR_MONTHS = 3, 12
INDUSTRY = tuple(f"{division:02d}" for division in range(5, 40))
"""Divisions of NAF rev. 2 that the failures of industry cover (sections B to E)."""

Series = Mapping[int, int]
"""Month: value, an integer (hundredths of an index, failures)."""

SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("t", pa.int32()),
        ("ipi_change_12m_ratio", pa.float64()),
        ("defaillances_change_12m_ratio", pa.float64()),
    ]
)


def macro_table(first_month: int, last_month: int) -> pa.Table:
    """Series of each activity code of industry at each month, as known then.

    Returns
    -------
    table keyed by (code, t), sorted
        Both values null where nothing was published; a code outside industry has no row.
    """
    failures = failures_series()
    rows = []
    for code in sorted(code for code in naf_labels() if code[:2] in INDUSTRY):
        production = production_of(code)
        for month in range(first_month, last_month + 1):
            known = month - DELAY_MONTHS
            changes = (year_change(production, known), year_change(failures, known))
            if changes != (None, None):
                rows.append((code, month, *changes))
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return pa.table([pa.array(list(c), f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def year_change(series: Series, last_month: int) -> float | None:
    """Change of a sum of three months from the same months of the year before; None when one of the six is missing."""
    months = [last_month - back for back in range(QUARTER_MONTHS)]
    now, before = ([series.get(month - shift) for month in months] for shift in (0, YEAR_MONTHS))
    if None in now or None in before:
        return None
    total, base = sum(v for v in now if v is not None), sum(v for v in before if v is not None)
    return (total - base) / base if base > 0 else None


def production_of(code: str) -> Series:
    """Production index of the class of an activity code (`25.62B`), else the mean of the classes of its division."""
    classes = production_series()
    wanted = code[:2] + code[3:5]
    return classes[wanted] if wanted in classes else _division_means().get(code[:2], {})


@cache
def production_series() -> dict[str, Series]:
    """Index of each class of NACE, in hundredths."""
    rows = _read("ipi_nace4.csv")
    names = [name for name in rows[0] if name != "month"]
    return {
        name: {parse_month(row["month"]): round(float(row[name]) * 100) for row in rows if row[name]} for name in names
    }


@cache
def failures_series() -> Series:
    """Failures of industry, by month of judgment."""
    return {parse_month(row["month"]): int(row["failures"]) for row in _read("defaillances_industrie.csv")}


@cache
def _division_means() -> dict[str, Series]:
    by_division: dict[str, dict[int, list[int]]] = {}
    for name, series in production_series().items():
        months = by_division.setdefault(name[:2], {})
        for month, value in series.items():
            months.setdefault(month, []).append(value)
    return {
        division: {month: round(sum(values) / len(values)) for month, values in months.items()}
        for division, months in by_division.items()
    }


def _read(name: str) -> list[dict[str, str]]:
    with (files(__package__) / "series" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
