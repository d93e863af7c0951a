"""What expert rules are worth: alerts and failures found with and without each, on rows whose end is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.rules.apply import Ranks, fired_rules, moved, steps
from signaux_faibles.lists.rules.catalogue import RULES
from signaux_faibles.lists.rules.declare import Bools, Rule, RuleRows

ALERT_LEVELS = (Niveau.ELEVE, Niveau.MODERE)


@dataclass(frozen=True)
class Quality:
    """What the alerts of a level and above are worth.

    Parameters
    ----------
    alerts_count, found_count : int
        Rows alerted, and those among them that failed.
    precision_ratio, recall_ratio : float or None
        Found over alerted, found over failed; None when there is nothing to divide by.
    """

    alerts_count: int
    found_count: int
    precision_ratio: float | None
    recall_ratio: float | None


@dataclass(frozen=True)
class RuleEffect:
    """Effect of one rule.

    Parameters
    ----------
    name, label : str
    fired_count, fired_failures_count : int
        Rows for which it fires, and those among them that failed.
    raised_count, lowered_count : int
        Rows whose level it moves by itself.
    alone, without : dict of str to Quality
        By level: with this rule only (and its conditions), and with all the others.
    """

    name: str
    label: str
    fired_count: int
    fired_failures_count: int
    raised_count: int
    lowered_count: int
    alone: dict[str, Quality]
    without: dict[str, Quality]


@dataclass(frozen=True)
class RulesEffect:
    """Effect of several rules.

    Parameters
    ----------
    rows_count, failures_count : int
        Rows whose end is known, and those that failed.
    none, every : dict of str to Quality
        By level: without any rule, and with all of them.
    by_rule : tuple of RuleEffect
    """

    rows_count: int
    failures_count: int
    none: dict[str, Quality]
    every: dict[str, Quality]
    by_rule: tuple[RuleEffect, ...]


def rules_effect(
    rows: RuleRows, level: Ranks, failure: npt.NDArray[np.floating], rules: Sequence[Rule] = tuple(RULES.values())
) -> RulesEffect:
    """Precision and recall of the alerts with and without each rule, on the rows whose end is known.

    The dates of the rules are not looked at: a backtest asks what a rule would have been worth in other years. Without
    contributions by theme, `dette_urssaf_preponderante` never fires, and blocks nothing.

    Parameters
    ----------
    rows : RuleRows
        Of n rows (siren, month).
    level : array of int, shape (n,)
        `Niveau.rank` of the level that the model gives: 0, 1 or 2.
    failure : array, shape (n,)
        1, 0, or NaN when unknown.

    Raises
    ------
    StageError
        If the rows lack a feature that a rule reads.
    """
    known = ~np.isnan(failure)
    failed, ranks = failure[known] > 0, np.asarray(level, np.int64)[known]
    fired = {name: found[known] for name, found in fired_rules(rules, rows).items()}

    def after(kept: Sequence[Rule]) -> Ranks:
        return moved(ranks, steps(kept, fired, len(ranks)))

    def without(left: Rule) -> Ranks:
        others = [rule for rule in rules if rule is not left]
        told = {rule.name: fired[rule.name] for rule in others}
        return moved(ranks, steps(others, told, len(ranks)))

    by_rule = []
    for rule in rules:
        alone = after([rule])
        by_rule.append(
            RuleEffect(
                name=rule.name,
                label=rule.label,
                fired_count=int(fired[rule.name].sum()),
                fired_failures_count=int((fired[rule.name] & failed).sum()),
                raised_count=int((alone > ranks).sum()),
                lowered_count=int((alone < ranks).sum()),
                alone=_qualities(alone, failed),
                without=_qualities(without(rule), failed),
            )
        )
    return RulesEffect(
        len(ranks), int(failed.sum()), _qualities(ranks, failed), _qualities(after(rules), failed), tuple(by_rule)
    )


def _qualities(ranks: Ranks, failed: Bools) -> dict[str, Quality]:
    return {niveau.value: _quality(ranks >= niveau.rank, failed) for niveau in ALERT_LEVELS}


def _quality(alerted: Bools, failed: Bools) -> Quality:
    alerts, found, failures = int(alerted.sum()), int((alerted & failed).sum()), int(failed.sum())
    return Quality(alerts, found, found / alerts if alerts else None, found / failures if failures else None)
