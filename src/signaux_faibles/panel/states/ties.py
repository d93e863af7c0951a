"""Orders that settle ties between rows of one key by their values, so that no run depends on the order of a file."""

from __future__ import annotations

from collections.abc import Sequence


def highest_first(columns: Sequence[str], row: str = "o") -> str:
    """ORDER BY terms over the values of a row."""
    return ", ".join(f"{row}.{column} DESC NULLS LAST" for column in columns)
