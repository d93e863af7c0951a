"""Who is learnt from, calibrated on and judged, when a model is made at an origin.

At an origin, only what was known at its end counts. The labels of a month look 18 months ahead: the months learnt from
stop that long before the origin, and the months judged begin at the origin. That embargo means that no label learnt
from tells anything of a month judged. Companies are cut in shares by a hash of their number, and each share is told
by a learner that saw none of its companies: to calibrate, on the last year learnt from, and to be judged, after the
origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, format_month, parse_month
from signaux_faibles.target.labels import HORIZON_MONTHS, PUBLICATION_DELAY_MONTHS

SHARES = 3
"""Shares of the companies: each is told by a learner of the other two."""

CALIBRATION_MONTHS = 12
MIN_TRAIN_MONTHS = 12

GROUP_SQL = "CAST(siren AS BIGINT) * 2654435761 % 4294967296"
"""Hash of a company: Knuth's multiplicative one, the same on every engine."""

EMBARGO_MONTHS = HORIZON_MONTHS + PUBLICATION_DELAY_MONTHS
"""Months between the last one learnt from and the origin: its label is then told, with the delay of publication."""


@dataclass(frozen=True)
class Period:
    """Months, both included."""

    first_month: int
    last_month: int

    @property
    def sql(self) -> str:
        """Condition on `month`."""
        return f"month BETWEEN {self.first_month} AND {self.last_month}"

    @property
    def months_count(self) -> int:
        """Months of the period."""
        return self.last_month - self.first_month + 1

    def describe(self) -> str:
        """`2016-01 to 2017-06`, for reports."""
        return f"{format_month(self.first_month)} to {format_month(self.last_month)}"


def read_period(text: str) -> Period:
    """Period that `Period.describe` told."""
    first, last = text.split(" to ")
    return Period(parse_month(first), parse_month(last))


@dataclass(frozen=True)
class Origin:
    """Month at which a model is made, with what was known at its end.

    Parameters
    ----------
    month : int
    train : Period
        Months learnt from, up to the last whose label was told.
    calibration : Period
        The last year of them, or all of them when there is less.
    """

    month: int
    train: Period
    calibration: Period


def make_origin(month: int) -> Origin:
    """Periods of an origin.

    Raises
    ------
    StageError
        If the history before it is too short to learn from at least a year.
    """
    last = month - EMBARGO_MONTHS
    if last - FIRST_PANEL_MONTH + 1 < MIN_TRAIN_MONTHS:
        shortest = FIRST_PANEL_MONTH + MIN_TRAIN_MONTHS - 1 + EMBARGO_MONTHS
        raise StageError(
            f"The history up to {format_month(month)} is too short to learn from a year whose outcome is known.",
            todo=f"Use {format_month(shortest)} or later.",
        )
    first_calibration = max(FIRST_PANEL_MONTH, last - CALIBRATION_MONTHS + 1)
    return Origin(month, Period(FIRST_PANEL_MONTH, last), Period(first_calibration, last))


def last_judged_month(as_of: int) -> int:
    """Last month whose label is told by what is known at a month."""
    return as_of - EMBARGO_MONTHS


def sample_sql(rows_count: int, wanted_count: int) -> str:
    """Condition on (siren, month) that keeps about as many rows as wanted: some months of every company.

    A company keeps one month in so many, and two companies not the same ones.
    """
    step = max(1, -(-rows_count // wanted_count))
    return "TRUE" if step == 1 else f"(month + {GROUP_SQL}) % {step} = 0"


def share_of(number: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Share of each company, 0 to `SHARES` - 1, shape (n,)."""
    share: npt.NDArray[np.int64] = number * 2654435761 % 4294967296 // 97 % SHARES
    return share
