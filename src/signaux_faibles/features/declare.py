"""What a feature is: declared once, read by the engine, the explanations, the release and the documentation."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.publication import publication_delay_months

_WINDOW = re.compile(r"_(\d+)m_")
_ROWS_BEFORE = re.compile(r", (\d+)\) OVER|ROWS BETWEEN (\d+) PRECEDING")


@dataclass(frozen=True)
class Feature:
    """Declaration of a feature.

    Parameters
    ----------
    name : str
        Ends with its unit; windows come before the unit.
    sql : str
        Expression over the panel, in the portable dialect, that reads rows t and before.
    unit : str
        As shown to agents: `€`, `%`, `points` (difference of two percentages), `mois`, `salariés`...
    theme : Theme
    label : str
        French, short.
    explanation : str
        French, one sentence: how it is computed.
    sentence : str
        French sentence for an agent, `{value}` standing for the formatted value with its unit.
    data_class : DataClass
    sources : tuple of str
        Staged sources it comes from.
    percent : bool
        True when the value is a ratio shown times 100, in `%` or in `points`.
    sentence_missing : str
        French sentence when there is no value: why, which is not always that something is unknown.
    sentence_zero : str
        French sentence for exactly zero, where `{value}` would read badly.
    cap : float
        Value, of either sign, at which the expression stops: agents read it as `ou plus` or `ou moins`.
    window_months : int
        Months that the value looks back on, 0 when it is a latest value.
    series : tuple of str
        Reference series of the package that it reads beside its sources; unknown once they end.
    reference : str
        Name of the variable of the production model of 2024 that it computes, when it is one of them.
    """

    name: str
    sql: str
    unit: str
    theme: Theme
    label: str
    explanation: str
    sentence: str
    data_class: DataClass
    sources: tuple[str, ...]
    percent: bool = False
    sentence_missing: str = ""
    sentence_zero: str = ""
    cap: float = math.inf
    window_months: int = 0
    series: tuple[str, ...] = ()
    reference: str = ""

    @property
    def delay_months(self) -> int:
        """Months between what the data describe and the day they are known, by the slowest of its sources."""
        return publication_delay_months(*self.sources, *self.series)

    @property
    def lookback_months(self) -> int:
        """Rows of the panel before t that the expression reads."""
        return max((int(a or b) for a, b in _ROWS_BEFORE.findall(self.sql)), default=0)


@dataclass(frozen=True)
class Family:
    """What the features of one theme share, written once.

    Parameters
    ----------
    theme : Theme
    data_class : DataClass
    sources : tuple of str
        Staged sources of a feature that names none.
    """

    theme: Theme
    data_class: DataClass
    sources: tuple[str, ...]

    def feature(
        self,
        name: str,
        sql: str,
        unit: str,
        label: str,
        explanation: str,
        sentence: str,
        *sources: str,
        percent: bool = False,
        missing: str = "",
        zero: str = "",
        cap: float = math.inf,
        window: int = 0,
        series: tuple[str, ...] = (),
        reference: str = "",
    ) -> Feature:
        """Declare a feature of the family; see `Feature` for each term.

        The window is that of the name (`debit_change_12m_months`: 12 months) unless one is given.
        """
        named = _WINDOW.search(name)
        return Feature(
            name,
            sql,
            unit,
            self.theme,
            label,
            explanation,
            sentence,
            self.data_class,
            sources or self.sources,
            percent,
            missing,
            zero,
            cap,
            window or (int(named[1]) if named else 0),
            series,
            reference,
        )
