"""Rows of a backtest made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.evaluation.backtest import ROWS

JANUARY = 2023 * 12
"""Month and origin of a row unless said otherwise."""


def backtest_rows(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Table of the rows given, each with its siren; what is not said is a company without alert that did not fail."""
    common = {
        "month": JANUARY,
        "origin": JANUARY,
        "share": 0,
        "log_odds": -3.0,
        "probability": 0.05,
        "low": 0.0,
        "high": 0.1,
        "level": 0,
        "failure": 0,
        "is_in_proceeding": False,
        "months_to_failure": None,
        "effectif_count": 20.0,
    }
    return pa.Table.from_pylist([{**common, **row} for row in rows], schema=ROWS)


def siren(rank: int) -> str:
    """Invented company: its key is wrong."""
    value = 900_000_000 + 10 * rank
    return str(value if siren_kind(str(value)) is Identifier.FAKE else value + 1)
