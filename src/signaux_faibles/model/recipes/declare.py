"""What a recipe declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Learner(StrEnum):
    """Kind of learner."""

    FOREST = "forest"
    LOGISTIC = "logistic"
    BOOSTING = "boosting"
    BLEND = "blend"
    HAZARD = "hazard"

    @property
    def is_additive(self) -> bool:
        """Its contributions add up in log-odds: lists may be explained with them."""
        return self in (Learner.BOOSTING, Learner.BLEND, Learner.LOGISTIC)

    @property
    def is_made_of_trees(self) -> bool:
        """XGBoost grows it, here or on Spark."""
        return self is not Learner.LOGISTIC


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a model, but the data.

    Parameters
    ----------
    name : str
    title : str
        One line for the reports.
    learner : Learner
    features : tuple of str
    parameters : mapping of str to float
        As the learner names them.
    positive_share : float or None
        Share of the total weight given to positives when learning (the production forest's oversampling); None keeps
        every row at weight 1.
    fill_missing_with_zero : bool
        True imitates production, where missing is zero; otherwise missing stays missing.
    has_ranks : bool
        Each feature is given twice: as it is, and as its rank among the companies of the same month.
    is_monotone : bool
        The score may only move the way that the trade knows, for the features whose sign is declared.
    rows_count : int
        Most rows learnt from: beyond, some months of every company are left out, by a hash of its number.
    eleve_precision_ratio, modere_precision_ratio : float or None
        Least share of the alerts of that level and above that must fail, on companies left out: its threshold is then
        the lowest that keeps to it. None gives the State's thresholds: the highest F0.5, and the highest F2.
    curve : str or None
        Recipe that gives the risk at other horizons than 18 months, learnt along with this one.
    seed : int
    """

    name: str
    title: str
    learner: Learner
    features: tuple[str, ...]
    parameters: Mapping[str, float | int] = field(default_factory=dict)
    positive_share: float | None = None
    fill_missing_with_zero: bool = False
    has_ranks: bool = False
    is_monotone: bool = False
    rows_count: int = 300_000
    eleve_precision_ratio: float | None = None
    modere_precision_ratio: float | None = None
    curve: str | None = None
    seed: int = 20260101

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the learner is given: the features, then their ranks if any."""
        return (*self.features, *(RANK_PREFIX + name for name in self.features)) if self.has_ranks else self.features


RANK_PREFIX = "rang_"
