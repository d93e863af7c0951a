"""A monthly series, and the window of it that a chart shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Values = Sequence[float | None]


@dataclass(frozen=True)
class MonthlySeries:
    """One value a month from `first_month` on; None where nothing is known.

    Parameters
    ----------
    first_month : int
        `year * 12 + month - 1`.
    values : tuple of float or None
    """

    first_month: int
    values: tuple[float | None, ...]

    @property
    def last_month(self) -> int:
        """Last month of the series, known or not."""
        return self.first_month + len(self.values) - 1

    def at(self, month: int) -> float | None:
        """Value of a month; None outside the series."""
        rank = month - self.first_month
        return self.values[rank] if 0 <= rank < len(self.values) else None

    def window(self, first: int, last: int) -> tuple[float | None, ...]:
        """Values from a month to another, both included."""
        return tuple(self.at(month) for month in range(first, last + 1))

    def last_known(self) -> tuple[int, float] | None:
        """Latest month with a value, and that value."""
        for month in range(self.last_month, self.first_month - 1, -1):
            value = self.at(month)
            if value is not None:
                return month, value
        return None

    def until(self, month: int | None) -> MonthlySeries:
        """The series without what comes after a month: no source speaks beyond its freshness."""
        if month is None:
            return self
        return MonthlySeries(self.first_month, self.values[: max(0, month - self.first_month + 1)])


EMPTY = MonthlySeries(0, ())
"""A series of which nothing is known."""


def known(values: Values) -> list[float]:
    """The values that are known, in order."""
    return [value for value in values if value is not None]


def runs(values: Values) -> list[list[tuple[int, float]]]:
    """Unbroken stretches of known values, as (index, value): a missing value breaks the line."""
    stretches: list[list[tuple[int, float]]] = []
    previous_known = False
    for index, value in enumerate(values):
        if value is not None:
            if not previous_known:
                stretches.append([])
            stretches[-1].append((index, value))
        previous_known = value is not None
    return stretches
