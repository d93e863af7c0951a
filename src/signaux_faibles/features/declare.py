"""What a feature is: declared once, read by the engine, the explanations, the release and the documentation."""

from __future__ import annotations

import math
from dataclasses import dataclass

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme


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
    ) -> Feature:
        """Declare a feature of the family; see `Feature` for each term."""
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
        )
