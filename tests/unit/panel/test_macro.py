"""Series of the package: brought to a code and to the month in which they were known."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest

from signaux_faibles.domain.periode import label_month
from signaux_faibles.domain.periode import parse_month as m
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.panel.states import macro

FIRST, LAST = m("2019-01"), m("2026-06")


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, int], tuple[float | None, float | None]]:
    found = macro.macro_table(FIRST, LAST).to_pylist()
    return {(r["code"], r["t"]): (r["ipi_change_12m_ratio"], r["defaillances_change_12m_ratio"]) for r in found}


@pytest.mark.parametrize("name", macro.FILES)
def test_a_file_that_changes_changes_the_code(name: str) -> None:
    content = (files("signaux_faibles.panel.states") / "series" / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == macro.FILES[name]


Rows = dict[tuple[str, int], tuple[float | None, float | None]]


def test_a_change_compares_three_months_with_those_of_the_year_before() -> None:
    series = dict(enumerate([10] * 12 + [11, 12, 13]))
    assert macro.year_change(series, 14) == pytest.approx(0.2)
    assert macro.year_change(series, 15) is None, "a month is not published"
    assert macro.year_change(series | {0: 0, 1: 0, 2: 0}, 14) is None, "nothing to compare with"


def test_a_month_is_used_two_months_after_it(rows: Rows) -> None:
    production = macro.production_series()["2562"]
    now = sum(production[m(text)] for text in ("2023-01", "2023-02", "2023-03"))
    before = sum(production[m(text)] for text in ("2022-01", "2022-02", "2022-03"))
    assert rows["25.62B", m("2023-05")][0] == pytest.approx(now / before - 1)


def test_a_month_that_was_not_published_has_no_value(rows: Rows) -> None:
    assert rows["25.62B", m("2024-02")][0] is not None, "December 2023 is the last of the file"
    assert rows["25.62B", m("2024-03")][0] is None
    assert rows["25.62B", m("2025-01")][1] is not None
    assert ("25.62B", m("2025-02")) not in rows


def test_outside_industry_there_is_no_value(rows: Rows) -> None:
    assert not [key for key in rows if key[0][:2] not in macro.INDUSTRY]
    assert "62.01Z" not in {code for code, _ in rows}


def test_a_class_that_is_not_followed_has_the_mean_of_its_division(rows: Rows) -> None:
    classes = macro.production_series()
    month, divisions = m("2020-01"), {name[:2] for name in classes}
    code = next(c for c in sorted({c for c, _ in rows}) if c[:2] in divisions and c[:2] + c[3:5] not in classes)
    expected = [series[month] for name, series in classes.items() if name[:2] == code[:2]]
    assert macro.production_of(code)[month] == pytest.approx(sum(expected) / len(expected), abs=0.5)


def test_the_year_of_the_health_crisis_is_seen(rows: Rows) -> None:
    change, failures = rows["29.10Z", m("2020-06")]
    assert change is not None
    assert change < -0.3, "car makers had stopped in March and April 2020"
    assert failures is not None
    assert failures < -0.3


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("ipi_change_12m_ratio", max(month for series in macro.production_series().values() for month in series)),
        ("defaillances_change_12m_ratio", max(macro.failures_series())),
    ],
)
def test_the_page_of_the_features_says_when_a_series_ends(name: str, last: int) -> None:
    told = BY_NAME[name].explanation
    assert f"s'arrête en {label_month(last)}" in told
    assert f"inconnue après {label_month(last + macro.DELAY_MONTHS)}" in told
