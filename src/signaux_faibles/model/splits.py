"""Who is learnt from, calibrated on and judged: three periods apart, no company on two sides.

The labels of a month look 18 months ahead. An embargo of that length between periods means that every label used to
learn, and every label used to calibrate, was known before the first month judged. Companies are shared out by a hash
of their number: a quarter is kept to judge, the rest is learnt from. Calibration is cross-fitted: the companies learnt
from are cut in shares, and each share is scored, in the later period, by a learner that never saw any of its companies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import FIRST_PANEL_MONTH, format_month
from signaux_faibles.target.labels import HORIZON_MONTHS, PUBLICATION_DELAY_MONTHS

FOLD_MONTHS = 12
TEST_FIRST_GROUP = 75
CROSS_FITS = 3
"""Shares of the companies learnt from, for the cross-fitted calibration."""

GROUP_SQL = "CAST(siren AS BIGINT) * 2654435761 % 4294967296 % 100"
"""Group of a company, 0 to 99: Knuth's multiplicative hash, the same on every engine."""

EMBARGO_MONTHS = HORIZON_MONTHS + PUBLICATION_DELAY_MONTHS
MIN_TRAIN_MONTHS = 12


@dataclass(frozen=True)
class Fold:
    """A period and a share of the companies.

    Parameters
    ----------
    name : str
    first_month, last_month : int
        Included.
    first_group, last_group : int
        Hundredths of the companies, from 0 to 99, included.
    """

    name: str
    first_month: int
    last_month: int
    first_group: int
    last_group: int

    def sql(self) -> str:
        """Condition on (siren, month)."""
        return (
            f"month BETWEEN {self.first_month} AND {self.last_month}"
            f" AND {GROUP_SQL} BETWEEN {self.first_group} AND {self.last_group}"
        )

    def describe(self) -> str:
        """Period and share, for reports."""
        share = self.last_group - self.first_group + 1
        return f"{format_month(self.first_month)} to {format_month(self.last_month)}, {share} % of companies"


@dataclass(frozen=True)
class Folds:
    """The three folds of a protocol."""

    train: Fold
    calibration: Fold
    test: Fold


def make_folds(as_of: int) -> Folds:
    """Folds of an out-of-time protocol, from the last month whose labels are known.

    Raises
    ------
    StageError
        If the history before `as_of` is too short to learn from at least a year.
    """
    last_known = as_of - EMBARGO_MONTHS
    test_first = last_known - FOLD_MONTHS + 1
    calibration_last = test_first - EMBARGO_MONTHS - 1
    calibration_first = calibration_last - FOLD_MONTHS + 1
    train_last = calibration_first - EMBARGO_MONTHS - 1
    if train_last - FIRST_PANEL_MONTH + 1 < MIN_TRAIN_MONTHS:
        shortest = FIRST_PANEL_MONTH + MIN_TRAIN_MONTHS + 2 * FOLD_MONTHS + 3 * EMBARGO_MONTHS - 1
        raise StageError(
            f"The history up to {format_month(as_of)} is too short to learn, calibrate and judge apart.",
            todo=f"Use an --as-of from {format_month(shortest)} on.",
        )
    return Folds(
        train=Fold("train", FIRST_PANEL_MONTH, train_last, 0, TEST_FIRST_GROUP - 1),
        calibration=Fold("calibration", calibration_first, calibration_last, 0, TEST_FIRST_GROUP - 1),
        test=Fold("test", test_first, last_known, TEST_FIRST_GROUP, 99),
    )


def cross_share(siren: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Share of each company for the cross-fitted calibration, 0 to `CROSS_FITS` - 1, shape (n,)."""
    group: npt.NDArray[np.int64] = siren.astype(np.int64) * 2654435761 % 4294967296 % 100
    return group % CROSS_FITS
