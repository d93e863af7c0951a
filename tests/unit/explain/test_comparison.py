"""Where a company stands in its trade: shares counted by hand, secrecy, words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import sqlglot

from signaux_faibles.engine import Engine
from signaux_faibles.engine.portable import portability_faults
from signaux_faibles.explain.comparison import (
    COMPARED,
    DIVISION,
    MIN_DIVISION_COUNT,
    MIN_KNOWN_COUNT,
    SECTION,
    Standing,
    cohorts_sql,
    phrase,
    shares,
)
from signaux_faibles.features.catalogue import BY_NAME

NAN = float("nan")


def told(cohort: list[int], values: list[float]) -> tuple[list[float], list[float]]:
    lower, higher = shares(np.array(cohort), np.array(values), np.ones(len(values), bool))
    return lower.tolist(), higher.tolist()


def test_shares_count_the_companies_of_the_cohort_on_either_side() -> None:
    values = [*(float(value) for value in range(10)), 3.0, 3.0, 100.0]
    lower, higher = told([1] * 12 + [2], values)
    assert lower[3] == lower[10] == 3 / 12
    assert higher[3] == pytest.approx(6 / 12)
    assert (lower[0], lower[9], higher[9]) == (0.0, 11 / 12, 0.0)
    assert np.isnan(lower[12]), "alone in its cohort"


@pytest.mark.parametrize(("count", "is_told"), [(MIN_KNOWN_COUNT - 1, False), (MIN_KNOWN_COUNT, True)])
def test_too_few_known_values_tell_nothing(count: int, is_told: bool) -> None:
    lower, higher = told([5] * (count + 30), [float(rank) for rank in range(count)] + [NAN] * 30)
    assert bool(~np.isnan(lower[0])) is is_told
    assert bool(~np.isnan(higher[0])) is is_told
    assert np.isnan(lower[-1])
    assert np.isnan(higher[-1])


def test_a_company_without_trade_is_compared_with_none() -> None:
    lower, higher = told([-1] * 20, [float(rank) for rank in range(20)])
    assert np.isnan([*lower, *higher]).all()


def test_only_the_companies_wanted_are_told_but_all_are_counted() -> None:
    wanted = np.array([False] * 19 + [True])
    lower, higher = shares(np.zeros(20, int), np.arange(20.0), wanted)
    assert (lower.tolist(), higher.tolist()) == ([19 / 20], [0.0])


def test_a_small_division_is_seen_in_its_section(tmp_path: Path) -> None:
    big, small = MIN_DIVISION_COUNT, MIN_DIVISION_COUNT - 1
    rows = [("C", 25.0, big), ("C", 26.0, small), (None, None, 60)]
    table = pa.table(
        {
            "siren": [f"{rank:09d}" for rank in range(big + small + 60)],
            "month": [24_000] * (big + small + 60),
            SECTION: [None if letter is None else 2.0 for letter, _, count in rows for _ in range(count)],
            DIVISION: [division for _, division, count in rows for _ in range(count)],
            "debit_eur": [1.0] * (big + small + 60),
        }
    )
    with Engine(tmp_path) as engine:
        engine.register("months", table)
        found = engine.arrow(cohorts_sql("months", 24_000, ["debit_eur"], {SECTION, DIVISION}))
        by_section = engine.arrow(cohorts_sql("months", 24_000, ["debit_eur"], {SECTION}))
        elsewhere = engine.arrow(cohorts_sql("months", 24_001, ["debit_eur"], {SECTION, DIVISION}))
    assert found.column("cohort").to_pylist() == [1025] * big + [2] * small + [-1] * 60
    assert found.column("is_division").to_pylist() == [1] * big + [0] * (small + 60)
    assert by_section.column("cohort").to_pylist() == [2] * (big + small) + [-1] * 60
    assert elsewhere.num_rows == 0


def test_the_query_is_portable() -> None:
    sql = cohorts_sql("months", 24_000, sorted(COMPARED), {SECTION, DIVISION})
    assert portability_faults(sql) == []
    assert sqlglot.parse_one(sqlglot.parse_one(sql, dialect="duckdb").sql(dialect="spark"), dialect="spark")


@pytest.mark.parametrize(
    ("lower", "higher", "is_division", "change", "expected"),
    [
        (95, 4, False, None, "plus que 95\u202f% des entreprises du secteur"),
        (95, 4, True, None, "plus que 95\u202f% des entreprises de la branche"),
        (3, 90, False, None, "moins que 90\u202f% des entreprises du secteur"),
        (75, 20, False, None, "plus que 75\u202f% des entreprises du secteur"),
        (74, 20, False, None, ""),
        (0, 0, False, None, ""),
        (95, 4, False, 0.3, "hausse plus forte que pour 95\u202f% des entreprises du secteur"),
        (3, 90, False, -0.3, "baisse plus forte que pour 90\u202f% des entreprises du secteur"),
        (95, 4, False, -0.3, ""),
        (3, 90, False, 0.3, ""),
        (95, 4, False, 0.0, ""),
    ],
)
def test_a_comparison_reads_well_or_is_not_told(
    lower: int, higher: int, is_division: bool, change: float | None, expected: str
) -> None:
    assert phrase(lower, higher, is_division, change) == expected


def test_a_standing_tells_its_own_companies_and_features_only() -> None:
    shares_of = np.array([[0.953, 0.1], [NAN, 0.99]])
    standing = Standing(
        np.array([-1, 0, 1]),
        ("debit_eur", "effectif_change_3m_ratio"),
        shares_of,
        1 - shares_of,
        np.array([True, False]),
    )
    ranks = np.array([0, 1, 2])
    assert standing.phrases(ranks, "debit_eur", np.ones(3)) == [
        "", "plus que 95\u202f% des entreprises de la branche", ""
    ]  # fmt: skip
    assert standing.phrases(ranks, "effectif_change_3m_ratio", np.array([1.0, -0.5, 0.5])) == [
        "",
        "baisse plus forte que pour 90\u202f% des entreprises de la branche",
        "hausse plus forte que pour 99\u202f% des entreprises du secteur",
    ]
    assert standing.phrases(ranks, "age_years", np.ones(3)) == [""] * 3


def test_only_features_that_read_as_more_or_less_are_compared() -> None:
    assert set(BY_NAME) >= COMPARED
    assert all(BY_NAME[name].unit for name in COMPARED), "a code is not more nor less"
    assert not {name for name in COMPARED if "age_months" in name or "ouvertures" in name or "_share_" in name}
