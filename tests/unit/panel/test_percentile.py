from __future__ import annotations

import random
import statistics

import pytest

from signaux_faibles.panel.vintage import percentile


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 0.5) is None


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.75, 2), (0.76, 7), (1.0, 7)])
def test_the_smallest_value_that_a_share_does_not_exceed(share: float, expected: int) -> None:
    assert percentile([(2, 3), (7, 1)], share) == expected


def test_the_median_of_an_odd_number_is_the_usual_one() -> None:
    draw = random.Random(0)
    values = [draw.randint(0, 12) for _ in range(101)]
    counted = [(value, values.count(value)) for value in sorted(set(values))]
    assert percentile(counted, 0.5) == statistics.median(values)
