"""At most five variables of each kind are marked, and only those that weigh something."""

from __future__ import annotations

import numpy as np

from signaux_faibles.explain.selection import SELECTED_COUNT, THRESHOLD, Selection, select


def marks(*points: float) -> list[str]:
    names = [one.value for one in Selection]
    return [names[mark] for mark in select(np.array([points]))[0].tolist()]


def test_the_heaviest_of_each_sign_are_marked() -> None:
    assert marks(0.1, -0.2, 0.0, 0.02) == ["preoccupant", "rassurant", "", "preoccupant"]


def test_what_weighs_less_than_the_threshold_is_not() -> None:
    assert marks(THRESHOLD, THRESHOLD * 0.99, -THRESHOLD, -THRESHOLD * 0.99) == ["preoccupant", "", "rassurant", ""]


def test_there_are_at_most_five_of_each_and_the_first_of_equal_ones() -> None:
    found = marks(*([0.1] * 7), 0.2, *([-0.3] * 6))
    assert found == ["preoccupant"] * 4 + [""] * 3 + ["preoccupant"] + ["rassurant"] * 5 + [""]
    assert found.count("preoccupant") == SELECTED_COUNT
