"""What a feature is: declared once, read by the engine, the explanations, the release and the documentation."""

from __future__ import annotations

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
        As shown to agents: `€`, `%`, `mois`, `salariés`...
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
        True when the value is a ratio shown as a percentage.
    sentence_missing : str
        French sentence when the value is unknown and that itself weighs.
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
