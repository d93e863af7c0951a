"""What a row is of, when, and how it ended."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest

from signaux_faibles.bench.models.choices import Event
from signaux_faibles.bench.models.columns import code_columns
from signaux_faibles.bench.models.dataset import Dataset, Roles, make_dataset
from signaux_faibles.bench.models.events import at_last_row
from signaux_faibles.bench.models.histories import ranks_within_times, with_past, with_size
from signaux_faibles.domain.errors import InputError

NAN = float("nan")


def test_columns_that_tell_nothing_are_left_out_and_named() -> None:
    table = pa.table(
        {
            "amount": [1.0, None, float("inf"), 4.0],
            "constant": [3, 3, 3, None],
            "empty": pa.array([None] * 4),
            "name": ["a", "b", "c", "d"],
            "kind": ["y", "x", "y", None],
            "is_big": [True, False, True, True],
            "since": [datetime.date(1970, 1, 2), datetime.date(1970, 1, 1), None, datetime.date(1971, 1, 1)],
        }
    )
    coded = code_columns(table)
    assert coded.names == ("amount", "is_big", "since", "kind")
    assert coded.amounts_count == 3
    assert coded.left_out == ("constant", "empty", "name")
    expected = [[1, 1, 1, 1], [NAN, 0, 0, 0], [NAN, 1, NAN, 1], [4, 1, 365, NAN]]
    np.testing.assert_array_equal(coded.values, expected)


@pytest.mark.parametrize(
    ("values", "positive", "expected"),
    [
        ([0, 1, None, 1], None, [0, 1, 1]),
        ([0.0, 2.0, None, 1.0], "2", [0, 1, 0]),
        (["alive", "failed", None, "alive"], None, [0, 1, 0]),
        (["A", " B ", None, "C"], "B", [0, 1, 0]),
        ([True, False, None, False], None, [1, 0, 0]),
    ],
)
def test_a_label_says_who_failed_and_rows_without_one_are_left_out(
    values: list[object], positive: str | None, expected: list[int]
) -> None:
    table = pa.table({"x": [1.0, 2.0, 3.0, 4.0], "y": pa.array(values)})
    data = make_dataset(table, Roles("y", positive))
    assert data.failure.tolist() == expected
    assert data.values[:, 0].tolist() == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        (Roles("absent"), "Unknown column of --label: found 'absent', expected one of x, y, three, who, one, lists"),
        (Roles("y", time="absent"), "Unknown column of --time"),
        (Roles("y", dropped=("absent",)), "Unknown column of --drop"),
        (Roles("lists"), "found list<.*>, expected numbers or text"),
        (Roles("one"), r"a single value \(1\)"),
        (Roles("three"), "which value is a failure"),
        (Roles("y", positive="7"), "no row is '7', found 0, 1"),
        (Roles("y", group="who"), "1 rows have none"),
        (Roles("y", time="who"), "Time who: 1 rows of 3"),
        (Roles("y", dropped=("x", "three", "who")), "No column to learn from"),
    ],
)
def test_roles_that_do_not_fit_are_told(roles: Roles, told: str) -> None:
    table = pa.table(
        {
            "x": [1.0, 2.0, 3.0],
            "y": [0, 1, 0],
            "three": ["a", "b", "c"],
            "who": [1, None, 2],
            "one": [1] * 3,
            "lists": [[1]] * 3,
        }
    )
    with pytest.raises(InputError, match=told):
        make_dataset(table, roles)


@pytest.mark.parametrize("months", [["2024-01", "2024-03", "2023-12"], ["2024-01-01", "2024-03-01", "2023-12-01"]])
def test_months_and_dates_are_times(months: list[str]) -> None:
    table = pa.table({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0], "month": months})
    data = make_dataset(table, Roles("y", time="month"))
    assert np.diff(data.times).tolist() == [60, -91]


def panel() -> Dataset:
    """Company 0 fails after 2002, 1 leaves after 2001, 2 is there to the end; rows in no order."""
    rows = [(2, 2003, 50, 0), (0, 2001, 10, 1), (1, 2001, 7, 0), (0, 2002, 5, 1), (2, 2001, 20, 0), (1, 2000, 8, 0)]
    group, time, amount, failure = (np.array(column) for column in zip(*rows, strict=True))
    values = np.column_stack([amount, 2 * amount]).astype(float)
    return Dataset(
        ("amount", "size"), values, 2, failure.astype(np.float32), group.astype(np.int64), time.astype(float)
    )


def test_the_event_is_the_last_row_of_who_fails_and_who_leaves_has_none() -> None:
    dropped = at_last_row(panel(), Event.LAST)
    assert list(zip(dropped.group, dropped.times, dropped.failure, strict=True)) == [  # type: ignore[arg-type]
        (0, 2001, 0),
        (0, 2002, 1),
        (1, 2000, 0),
        (2, 2001, 0),
        (2, 2003, 0),
    ]
    kept = at_last_row(panel(), Event.LAST_KEPT)
    assert len(kept) == 6
    assert kept.failure.sum() == 1


def test_a_label_that_changes_within_a_company_is_refused() -> None:
    data = panel()
    data.failure[1] = 0
    with pytest.raises(InputError, match="0 rows twice, 1 changes of label"):
        at_last_row(data, Event.LAST)
    with pytest.raises(InputError, match="Give --group and --time"):
        at_last_row(Dataset(data.names, data.values, 2, data.failure, None, data.time), Event.LAST)


def test_a_row_tells_its_size_and_its_own_past_only() -> None:
    data = with_past(with_size(panel(), "size"), 2)
    assert data.names == (
        "amount",
        "size",
        "amount / size",
        "change of amount",
        "change of size",
        "change of amount / size",
        "time since the first row",
    )
    rows = {(g, t): row for g, t, row in zip(data.group, data.times, data.values.tolist(), strict=True)}  # type: ignore[arg-type]
    np.testing.assert_equal(rows[0, 2001], [10, 20, 0.5, NAN, NAN, NAN, 0])
    np.testing.assert_equal(rows[0, 2002], [5, 10, 0.5, -0.5, -0.5, 0, 1])
    np.testing.assert_equal(rows[1, 2001], [7, 14, 0.5, -0.125, -0.125, 0, 1])
    np.testing.assert_equal(rows[2, 2003], [50, 100, 0.5, NAN, NAN, NAN, 2])  # 2002 is missing


def test_ranks_are_those_of_one_time() -> None:
    values = np.array([[1.0], [3.0], [3.0], [NAN], [100.0], [50.0]])
    data = Dataset(("x",), values, 1, np.zeros(6, np.float32), None, np.array([1.0, 1, 1, 1, 2, 2]))
    expected = [1 / 3, 2.5 / 3, 2.5 / 3, NAN, 1, 0.5]
    np.testing.assert_allclose(ranks_within_times(data)[:, 0], expected)
    data.values[4:] = NAN
    np.testing.assert_allclose(ranks_within_times(data)[:4, 0], expected[:4])
    assert np.isnan(ranks_within_times(data)[4:]).all()


def test_the_past_of_a_company_is_never_that_of_the_one_before_it() -> None:
    group, time = np.array([0, 0, 1]), np.array([2000.0, 2001, 2002])
    data = with_past(Dataset(("x",), np.array([[1.0], [2], [3]]), 1, np.zeros(3, np.float32), group, time), 1)
    np.testing.assert_equal(data.values[:, 1].tolist(), [NAN, 1.0, NAN])
