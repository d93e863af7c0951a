"""Apply rules to the levels of a list, and keep the trail of what each did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.rules.declare import Bools, Rule, RuleRows

Ranks = npt.NDArray[np.int64]

BY_RANK = {niveau.rank: niveau for niveau in Niveau}
HIGHEST = max(BY_RANK)


@dataclass(frozen=True)
class Adjustment:
    """What the rules say of n companies.

    Parameters
    ----------
    niveaux : list of Niveau or None, length n
        Levels after the rules.
    redressements : list of list of str, length n
        Rules that fired, conditions included, whether or not the level moved.
    data_classes : list of list of str, length n
        Class of what each of them tells of this company.
    """

    niveaux: list[Niveau | None]
    redressements: list[list[str]]
    data_classes: list[list[str]]


def adjust(rules: Sequence[Rule], rows: RuleRows, niveaux: Sequence[Niveau | None]) -> Adjustment:
    """Levels after some rules; a company without level keeps none, and no rule fires for it.

    Parameters
    ----------
    rows : RuleRows
        Of n companies.
    niveaux : sequence of Niveau or None, length n
    """
    has_level = np.array([niveau is not None for niveau in niveaux], np.bool_)
    fired = {name: found & has_level for name, found in fired_rules(rules, rows).items()}
    ranks = np.array([niveau.rank if niveau else 0 for niveau in niveaux], np.int64)
    after = moved(ranks, steps(rules, fired, len(niveaux))).tolist()
    redressements: list[list[str]] = [[] for _ in niveaux]
    data_classes: list[list[str]] = [[] for _ in niveaux]
    for rule in rules:
        is_public = rule.is_published(rows) if rule.is_published else np.zeros(len(niveaux), np.bool_)
        for rank in np.flatnonzero(fired[rule.name]).tolist():
            redressements[rank].append(rule.name)
            data_classes[rank].append((DataClass.PUBLIC if is_public[rank] else rule.data_class).value)
    return Adjustment(
        [BY_RANK[rank] if niveau else None for rank, niveau in zip(after, niveaux, strict=True)],
        redressements,
        data_classes,
    )


def fired_rules(rules: Sequence[Rule], rows: RuleRows) -> dict[str, Bools]:
    """Whether each rule fires for each row."""
    return {rule.name: rule.fires(rows) for rule in rules}


def steps(rules: Sequence[Rule], fired: Mapping[str, Bools], count: int) -> Ranks:
    """Step of level that the rules make together for each of some rows: -1, 0 or 1.

    Parameters
    ----------
    fired : mapping of str to array, shape (count,)
        A rule that is not there did not fire.
    """
    never = np.zeros(count, np.bool_)
    total = np.zeros(count, np.int64)
    for group, members in groupby(sorted(rules, key=lambda rule: rule.group), key=lambda rule: rule.group):
        counted = np.zeros(count, np.int64)
        for rule in members:
            counts = fired.get(rule.name, never).copy()
            for name in rule.needs:
                counts &= fired.get(name, never)
            for name in rule.blocked_by:
                counts &= ~fired.get(name, never)
            counted += rule.effect * counts
        total += np.maximum(counted - 1, 0) if group else counted
    return np.clip(total, -1, 1)


def moved(ranks: Ranks, steps: Ranks) -> Ranks:
    """Ranks of level after steps, from none to the gravest."""
    after: Ranks = np.clip(ranks + steps, 0, HIGHEST)
    return after
