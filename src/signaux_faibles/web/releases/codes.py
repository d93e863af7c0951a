"""Codes that a score carries, as the dictionary of its own release explains them, to whoever may read each.

A code has a class of its own: `delai_en_cours` is of Urssaf's, whatever the class of the score that carries it. One
that the dictionary does not know has no class, and is told to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from signaux_faibles.web.releases.models import Definition, Release, Score
from signaux_faibles.web.ui.typography import spaced

FLAGS, RULES = "flags", "redressements"


@dataclass(frozen=True)
class Code:
    """A code: what it says, why it matters, and the class that decides who reads it."""

    name: str
    label: str
    explanation: str
    data_class: str


Codes = Mapping[tuple[str, str], Code]
"""Codes of a release, by table of its dictionary and name."""


def codes_of(release: Release) -> dict[tuple[str, str], Code]:
    """Flags and expert rules that the dictionary of a release explains, in one query, in its order."""
    rows = Definition.objects.filter(release=release, table__in=(FLAGS, RULES)).exclude(data_class=None).order_by("pk")
    return {
        (row.table, row.column): Code(
            row.column, spaced(row.label or row.column), spaced(row.explanation or ""), row.data_class
        )
        for row in rows
    }


def flags_told(score: Score, codes: Codes, may_read: Callable[[str], bool]) -> list[Code]:
    """What to know beside the level of a company, for an agent who may read some classes of it."""
    return _told(FLAGS, score.flags, codes, may_read)


def rules_told(score: Score, codes: Codes, may_read: Callable[[str], bool]) -> list[Code]:
    """Expert rules that fired for a company, for an agent who may read some classes of it."""
    return _told(RULES, score.redressements, codes, may_read)


def _told(table: str, names: Sequence[str] | None, codes: Codes, may_read: Callable[[str], bool]) -> list[Code]:
    found = [codes[table, name] for name in names or () if (table, name) in codes]
    return [code for code in found if may_read(code.data_class)]
