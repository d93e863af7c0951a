"""What changed between two lists of a lake: counts, and how far the ranks moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.errors import InputError
from signaux_faibles.lake import Lake
from signaux_faibles.lists.evolution import ALERTS, Before, evolution_of
from signaux_faibles.lists.store import ListCard, list_ids, read_levels, read_list_card, read_list_table

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ListComparison:
    """What changed from a list to a later one.

    Parameters
    ----------
    earlier, later : ListCard
    between : tuple of str
        Lists of the lake between them, whose changes are not told apart.
    evolutions : dict of str to int
        Companies by change of level from one list to the other.
    first_alerts_count : int
        Companies that the later list alerts and no list before it did.
    alerts_earlier_count, alerts_later_count, alerts_both_count : int
    jaccard_ratio : float or None
        Alerts of both lists over those of either; None when there is none.
    scored_both_count : int
        Companies with a probability in both lists.
    spearman_ratio : float or None
        Rank correlation of their probabilities, ties at their mean rank; None when one list gives them all the same.
    """

    earlier: ListCard
    later: ListCard
    between: tuple[str, ...]
    evolutions: dict[str, int]
    first_alerts_count: int
    alerts_earlier_count: int
    alerts_later_count: int
    alerts_both_count: int
    jaccard_ratio: float | None
    scored_both_count: int
    spearman_ratio: float | None

    @property
    def is_same_model(self) -> bool:
        """Whether one model made both lists: otherwise the changes are also those of the model."""
        return self.earlier.model_id == self.later.model_id

    @property
    def are_thresholds_same(self) -> bool:
        """Whether both lists were cut at the same probabilities."""
        one, other = self.earlier, self.later
        same_eleve = one.threshold_eleve == other.threshold_eleve
        return same_eleve and one.threshold_modere == other.threshold_modere

    @property
    def are_places_same(self) -> bool:
        """Whether the levels of both come of thresholds, or of as many places."""
        return self.earlier.capacity == self.later.capacity

    @property
    def are_rules_same(self) -> bool:
        """Whether the same expert rules were applied to both."""
        return set(self.earlier.rules) == set(self.later.rules)


def compare_lists(lake: Lake, earlier_id: str, later_id: str) -> ListComparison:
    """Compare two lists of a lake.

    Raises
    ------
    InputError
        If the first is not earlier than the second.
    StageError
        If one of them was not made.
    """
    if earlier_id >= later_id:
        raise InputError(
            f"A list is compared with an earlier one: found {later_id} against {earlier_id}.",
            todo=f"Give a month before {later_id}.",
        )
    cards = read_list_card(lake, earlier_id), read_list_card(lake, later_id)
    before, after = read_levels(lake, earlier_id), read_levels(lake, later_id)
    alerts = [{siren for siren, said in levels.items() if said.niveau in ALERTS} for levels in (before, after)]
    either = len(alerts[0] | alerts[1])
    firsts = read_list_table(lake, later_id, columns=["is_first_alert"])["is_first_alert"]
    earlier_probability, later_probability = _probabilities_of_both(before, after)
    return ListComparison(
        *cards,
        between=tuple(name for name in list_ids(lake, before=later_id) if name > earlier_id),
        evolutions=_evolutions(before, after),
        first_alerts_count=sum(firsts.to_pylist()),
        alerts_earlier_count=len(alerts[0]),
        alerts_later_count=len(alerts[1]),
        alerts_both_count=len(alerts[0] & alerts[1]),
        jaccard_ratio=len(alerts[0] & alerts[1]) / either if either else None,
        scored_both_count=len(earlier_probability),
        spearman_ratio=spearman(earlier_probability, later_probability),
    )


def spearman(one: Doubles, other: Doubles) -> float | None:
    """Rank correlation of two series of n values, ties at their mean rank; None when a series does not vary."""
    first, second = _ranks(one), _ranks(other)
    if len(one) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.asarray(np.corrcoef(first, second))[0, 1])


def _ranks(values: Doubles) -> Doubles:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean: Doubles = (last - (counts - 1) / 2)[place]
    return mean


def _evolutions(before: Mapping[str, Before], after: Mapping[str, Before]) -> dict[str, int]:
    nothing = Before()
    changes = (
        evolution_of(after.get(siren, nothing).niveau, before.get(siren, nothing).niveau)
        for siren in before.keys() | after.keys()
    )
    counts = Counter(change.value for change in changes if change is not None)
    return dict(sorted(counts.items()))


def _probabilities_of_both(before: Mapping[str, Before], after: Mapping[str, Before]) -> tuple[Doubles, Doubles]:
    pairs = [
        (before[siren].probability, after[siren].probability)
        for siren in sorted(before.keys() & after.keys())
        if before[siren].probability is not None and after[siren].probability is not None
    ]
    columns = np.array(pairs, np.float64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]
