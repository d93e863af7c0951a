"""How much a list changes by itself: alerts that leave and enter from a month to the next, and when a model is remade.

A list that forgets in a month half of whom it alerted wears out the agents who call. Companies that entered a
proceeding, or are no longer judged, are told apart from those of which the model changed its mind.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.evaluation.metrics import ELEVE, MODERE

WITHIN, BETWEEN = "meme_origine", "entre_origines"


@dataclass(frozen=True)
class Churn:
    """Changes of the alerts at a level or above between two lists, summed over pairs of lists.

    Parameters
    ----------
    kind : str
        `meme_origine`: two consecutive months by one learner; `entre_origines`: one month told by two learners, or the
        last month of one and the first of the next.
    level : str
        `modere` (or above) or `eleve`.
    pairs_count : int
        Pairs of lists compared.
    before_count, after_count : int
        Alerts of the first, and of the second list of the pairs.
    left_share : float
        Share of the first alerts still judged in the second list, but not in alert there.
    gone_share : float
        Share of the first alerts no longer judged: in a proceeding, out of the perimeter, outcome unknown.
    entered_share : float
        Share of the second alerts that were not in the first list's.
    """

    kind: str
    level: str
    pairs_count: int
    before_count: int
    after_count: int
    left_share: float
    gone_share: float
    entered_share: float


def churn(rows: pa.Table) -> list[Churn]:
    """Changes of the alerts of a backtest, companies in proceedings left out.

    Parameters
    ----------
    rows : pyarrow.Table
        Rows of a backtest, with `siren`, `month`, `origin`, `level`, `is_in_proceeding`.
    """
    lists = _lists(rows)
    origins = sorted({origin for origin, _ in lists})
    pairs: dict[str, list[tuple[_List, _List]]] = {WITHIN: [], BETWEEN: []}
    for origin in origins:
        months = sorted(month for of, month in lists if of == origin)
        pairs[WITHIN] += [(lists[origin, a], lists[origin, b]) for a, b in pairwise(months) if b == a + 1]
    for before, after in pairwise(origins):
        first, second = _meeting(
            sorted(month for of, month in lists if of == before), sorted(month for of, month in lists if of == after)
        )
        pairs[BETWEEN].append((lists[before, first], lists[after, second]))
    return [
        _sum(kind, name, least, compared)
        for kind, compared in pairs.items()
        if compared
        for name, least in (("modere", MODERE), ("eleve", ELEVE))
    ]


_List = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Companies of a list, and the level of each."""


def _lists(rows: pa.Table) -> dict[tuple[int, int], _List]:
    """List of each origin and month."""
    free = rows.filter(pa.array(~rows["is_in_proceeding"].to_numpy(zero_copy_only=False).astype(bool)))
    company = free["siren"].to_numpy().astype(np.int64)
    level = free["level"].to_numpy().astype(np.int64)
    key = free["origin"].to_numpy().astype(np.int64) * 100_000 + free["month"].to_numpy()
    order = np.argsort(key, kind="stable")
    keys, starts = np.unique(key[order], return_index=True)
    parts = np.split(order, starts[1:])
    return {(int(k) // 100_000, int(k) % 100_000): (company[p], level[p]) for k, p in zip(keys, parts, strict=True)}


def _meeting(before: list[int], after: list[int]) -> tuple[int, int]:
    """Months at which two learners are compared: the last that both judged, or the nearest ones."""
    common = sorted(set(before) & set(after))
    return (common[-1], common[-1]) if common else (before[-1], after[0])


def _sum(kind: str, name: str, least: int, pairs: list[tuple[_List, _List]]) -> Churn:
    befores = afters = left = gone = entered = 0
    for (old, old_level), (new, new_level) in pairs:
        before, after = old[old_level >= least], new[new_level >= least]
        judged = np.isin(before, new)
        befores, afters = befores + len(before), afters + len(after)
        gone += int((~judged).sum())
        left += int((judged & ~np.isin(before, after)).sum())
        entered += int((~np.isin(after, before)).sum())
    return Churn(
        kind,
        name,
        len(pairs),
        befores,
        afters,
        left / befores if befores else 0.0,
        gone / befores if befores else 0.0,
        entered / afters if afters else 0.0,
    )
