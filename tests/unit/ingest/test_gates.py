"""Every gate says what it found, what it expected and by how much, and null closes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.gates import NAMES, Thresholds, judge, read_thresholds
from signaux_faibles.ingest.manifest import InputFile, SourceReport
from signaux_faibles.ingest.profile import Profile, Span
from signaux_faibles.lake import open_lake
from signaux_faibles.sources import SOURCES

BEFORE = SourceReport(
    source="debit",
    batch="2401",
    files=(InputFile("a", "0", 1),),
    schema_hash="",
    read=1000,
    accepted=1000,
    rejected=0,
    filtered=0,
    staged=1000,
    appeared=1000,
    withdrawn=0,
    repeated=0,
    fakes=0,
    transcoded=0,
    freshness_month=None,
    profile=Profile(
        1000, {"motif": 100}, {"motif": {"1": 900}}, {"jour": Span("2014-01", "2023-12")}, {"01": 2000, "02": 1999}
    ),
)
AFTER = replace(BEFORE, batch="2402", alive=1000)


@pytest.fixture
def limits(tmp_path: Path) -> Thresholds:
    return read_thresholds(open_lake(tmp_path / "lake", create_synthetic=True))["debit"]


def changed(**profile: object) -> SourceReport:
    return replace(AFTER, profile=replace(AFTER.profile, **profile))  # type: ignore[arg-type]


CASES = [
    (replace(AFTER, accepted=699), "rows", "rows_max_drop_ratio", 699, 700),
    (replace(AFTER, accepted=3001), "rows", "rows_max_rise_ratio", 3001, 3000),
    (replace(AFTER, rejected=101), "rejects_rise", "rejects_max_rise_ratio", 0.101, 0.1),
    (replace(AFTER, withdrawn=501), "withdrawn", "withdrawn_max_ratio", 0.501, 0.5),
    (changed(nulls={"motif": 301}), "nulls", "nulls_max_rise_ratio", 0.301, 0.3),
    (changed(codes={"motif": {"1": 849, "9": 51}}), "codes", "codes_max_new_ratio", 0.051, 0.05),
    (changed(spans={"jour": Span("2014-01", "2023-10")}), "dates", "dates_max_back_months", 2, 1),
    (changed(spans={"jour": Span("2016-08", "2023-12")}), "dates", "dates_max_lost_ratio", 31, 30),
    (changed(departements={"01": 999, "02": 0}), "departements", "departements_max_drop_ratio", 999, 1000),
    (changed(departements={"01": 10_001, "02": 99}), "departements", "departements_max_rise_ratio", 10_001, 10_000),
]
JUST_INSIDE = [
    replace(AFTER, accepted=700),
    replace(AFTER, accepted=3000),
    replace(AFTER, rejected=100),
    replace(AFTER, withdrawn=500),
    changed(nulls={"motif": 300, "nouvelle": 1000}),
    changed(codes={"motif": {"1": 850, "9": 50}, "autre": {"x": 1000}}),
    changed(spans={"jour": Span("2016-07", "2023-11")}),
    changed(departements={"01": 1000, "02": 0, "03": 5000}),
    changed(departements={}),
]


@pytest.mark.parametrize(("report", "gate", "threshold", "found", "limit"), CASES)
def test_one_step_beyond_the_limit_is_refused(
    limits: Thresholds, report: SourceReport, gate: str, threshold: str, found: float, limit: float
) -> None:
    [breach] = judge(report, BEFORE, limits)
    assert breach.gate == gate
    assert (breach.found, breach.limit) == (pytest.approx(found), pytest.approx(limit))
    assert breach.excess == pytest.approx(abs(found - limit))
    assert breach.sentence.startswith(f"{gate}: found ")
    assert "expected" in breach.sentence
    assert judge(report, BEFORE, replace(limits, **{threshold: None})) == ()


@pytest.mark.parametrize("report", JUST_INSIDE)
def test_the_limit_itself_passes(limits: Thresholds, report: SourceReport) -> None:
    assert judge(report, BEFORE, limits) == ()


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_compared_without_a_delivery_before(limits: Thresholds, case: tuple[SourceReport, str]) -> None:
    expected = ("withdrawn",) if case[1] == "withdrawn" else ()
    assert tuple(breach.gate for breach in judge(case[0], None, limits)) == expected


def test_volumes_of_a_stock_and_of_a_flow_are_not_compared(limits: Thresholds) -> None:
    assert judge(replace(AFTER, accepted=10, mode="flow"), BEFORE, limits) == ()


def test_a_flow_is_counted_by_month(limits: Thresholds) -> None:
    years = replace(BEFORE, mode="flow", accepted=12_000)
    month = replace(AFTER, mode="flow", accepted=100, profile=replace(AFTER.profile, spans={}))
    month = replace(month, profile=replace(month.profile, spans={"jour": Span("2024-01", "2024-01")}, departements={}))
    assert judge(month, years, limits) == ()
    assert [b.gate for b in judge(replace(month, accepted=69), years, limits)] == ["rows"]


def test_a_share_of_nothing_is_not_judged(limits: Thresholds) -> None:
    closed = {"few_rows_count": 0, "few_values_count": 0, "rows_max_rise_ratio": 0.0}
    strict = replace(limits, **closed)  # type: ignore[arg-type]
    nothing = replace(AFTER, read=0, accepted=0, alive=0, profile=Profile(0, {"motif": 0}, {"motif": {}}))
    assert judge(nothing, nothing, strict) == ()
    assert judge(AFTER, nothing, strict) == ()


@pytest.mark.parametrize("value", [".inf", ".nan", "-1", "true", "x"])
def test_threshold_that_is_no_limit_is_refused(tmp_path: Path, value: str) -> None:
    (tmp_path / "run.yaml").write_text(f"defaults: {{dates_max_lost_ratio: {value}}}")
    with pytest.raises(InputError, match="expected a number from 0"):
        read_thresholds(open_lake(tmp_path / "lake", create_synthetic=True), tmp_path / "run.yaml")


def test_every_threshold_is_shipped_and_described() -> None:
    page = (Path(__file__).parents[3] / "docs/dev/reference/import.md").read_text(encoding="utf-8")
    assert {name for name in NAMES if f"`{name}`" in page} == NAMES


def test_every_source_has_thresholds(tmp_path: Path) -> None:
    assert list(read_thresholds(open_lake(tmp_path / "lake", create_synthetic=True))) == list(SOURCES)


def test_the_lake_then_the_run_change_some_thresholds(tmp_path: Path, limits: Thresholds) -> None:
    lake = open_lake(tmp_path / "lake")
    (lake.root / "gates.yaml").write_text("defaults: {few_rows_count: 3}\nsources: {debit: {rows_max_drop_ratio: 0.1}}")
    (tmp_path / "run.yaml").write_text("sources: {debit: {rows_max_drop_ratio: 0.2, codes_max_new_ratio: null}}")
    own = read_thresholds(lake)
    assert own["debit"] == replace(limits, few_rows_count=3, rows_max_drop_ratio=0.1)
    assert own["ccsf"] == replace(limits, few_rows_count=3)
    run = read_thresholds(lake, tmp_path / "run.yaml")
    assert run["debit"] == replace(limits, few_rows_count=3, rows_max_drop_ratio=0.2, codes_max_new_ratio=None)
