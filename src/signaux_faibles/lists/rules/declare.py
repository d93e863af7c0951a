"""What an expert rule is: declared once, read by the lists, the backtest, the release and the documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.catalogue import BY_NAME

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RuleRows:
    """What the rules look at, for n companies at a month.

    Parameters
    ----------
    values : mapping of str to array, shape (n,)
        Features by name; NaN where missing. Comparing a missing value is false: what is not known fires no rule.
    themes : mapping of Theme to array, shape (n,)
        Contribution of each theme to the score; empty where there is none at hand.
    """

    values: Mapping[str, Values]
    themes: Mapping[Theme, Values] = field(default_factory=dict)

    @classmethod
    def of_matrix(
        cls, names: Sequence[str], values: npt.NDArray[np.floating], contributions: Values | None = None
    ) -> RuleRows:
        """Rows of a matrix of features, as a model reads them.

        Parameters
        ----------
        names : sequence of str, length p
        values : array, shape (n, p)
        contributions : array, shape (n, p) or (n, p + 1), optional
            Contributions of the features to the score, then its base, which no theme has.
        """
        columns = {name: values[:, rank].astype(np.float64) for rank, name in enumerate(names)}
        return cls(columns, {} if contributions is None else themes_of(names, contributions))

    def __getitem__(self, name: str) -> Values:
        try:
            return self.values[name]
        except KeyError:
            raise StageError(
                f"An expert rule reads the feature {name}, which is not among the {len(self.values)} given.",
                todo="Build the panel with `signaux panel --features all`.",
            ) from None

    def __len__(self) -> int:
        return len(next(iter([*self.values.values(), *self.themes.values()]), ()))


def themes_of(names: Sequence[str], contributions: Values) -> dict[Theme, Values]:
    """Contribution of each theme, the sum of those of its features."""
    found = {}
    for theme in Theme:
        columns = [rank for rank, name in enumerate(names) if BY_NAME[name].theme is theme]
        found[theme] = contributions[:, columns].sum(axis=1)
    return found


@dataclass(frozen=True)
class Rule:
    """Declaration of an expert rule.

    Parameters
    ----------
    name : str
    reference : str
        Code that it had in the lists of the State, which today's consumers know.
    label : str
        French, as an agent reads it.
    explanation : str
        French: how it is computed here, and how that differs from what was done.
    effect : int
        Step of level: +1, -1, or 0 for what only conditions another rule.
    data_class : DataClass
        Class of what it tells when it fires.
    features : tuple of str
        Features that it reads.
    fires : callable
        From rows, whether it fires for each.
    first_month : int
        First month of a list to which it may be applied.
    last_month : int or None
        Last one; None while it is in force.
    needs, blocked_by : tuple of str
        Rules that must have fired too for it to count, and that keep it from counting.
    group : str
        Rules of one group count together: all those that fired but one.
    is_published : callable, optional
        Whether published accounts alone say the same, and so that it may be told to whoever sees them.
    """

    name: str
    reference: str
    label: str
    explanation: str
    effect: int
    data_class: DataClass
    features: tuple[str, ...]
    fires: Callable[[RuleRows], Bools]
    first_month: int
    last_month: int | None = None
    needs: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    group: str = ""
    is_published: Callable[[RuleRows], Bools] | None = None

    def is_in_force(self, month: int) -> bool:
        """Whether it may be applied to the list of a month."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)
