"""Tables propres des procédures collectives : les événements, et la procédure en cours au premier de chaque mois."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cleaned import A, B, cleaned, columns, lake_with
from lakes import Row, day, first_day, m

OPENING, PLAN, END = "ouverture", "plan_continuation", "fin_procedure"
INCLUDED, ABANDONED, CLOSED = "inclusion_autre_procedure", "abandon_procedure", "solde_procedure"


def event(effective: str, action: str, stade: str, siret: str = A) -> Row:
    return {"siret": siret, "date_effet": day(effective), "action": action, "stade": stade}


def running(tmp_path: Path, *events: Row, on: str, is_reference: bool = False) -> list[tuple[str, ...]]:
    """Kind and label of the proceeding on the first day of a month."""
    lake = lake_with(tmp_path / "lake", procol=list(events))
    found = cleaned(lake, "clean_procol_at_date", is_reference=is_reference)
    return columns([row for row in found if str(row["periode"]) == on], "action_procol", "libelle_procol")


ENDED = (event("2023-04-13", "sauvegarde", OPENING), event("2026-01-23", "sauvegarde", END))
SCENARIOS = {
    "a": (ENDED, "2026-02-01", []),
    "b": (
        (*ENDED, event("2024-04-26", "sauvegarde", PLAN), event("2025-12-19", "redressement", OPENING)),
        "2026-02-01",
        [("redressement", "Redressement judiciaire")],
    ),
    "c": (
        (
            event("2020-01-01", "liquidation", OPENING),
            event("2021-06-01", "redressement", OPENING),
            event("2022-03-01", "redressement", INCLUDED),
        ),
        "2022-06-01",
        [("liquidation", "Liquidation judiciaire")],
    ),
}


@pytest.mark.parametrize("is_reference", [False, True])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_proceeding_that_runs_on_a_day(tmp_path: Path, scenario: str, is_reference: bool) -> None:
    events, on, expected = SCENARIOS[scenario]
    assert running(tmp_path, *events, on=on, is_reference=is_reference) == expected


def test_months_go_from_2016_to_that_of_the_export(tmp_path: Path) -> None:
    lake = lake_with(tmp_path / "lake", procol=[event("2006-05-02", "liquidation", OPENING)])
    months = [periode for (periode,) in columns(cleaned(lake, "clean_procol_at_date"), "periode")]
    assert (months[0], months[-1], len(months)) == ("2016-01-01", "2026-10-01", 130)


def test_proceeding_begins_on_the_first_day_that_follows_it(tmp_path: Path) -> None:
    events = [event("2026-05-01", "liquidation", OPENING), event("2026-05-02", "liquidation", OPENING, B)]
    found = cleaned(lake_with(tmp_path / "lake", procol=events), "clean_procol_at_date")
    firsts = {siren: min(str(row["periode"]) for row in found if row["siren"] == siren) for siren in (A[:9], B[:9])}
    assert firsts == {A[:9]: "2026-05-01", B[:9]: "2026-06-01"}


LABELS = [
    ("redressement", END, "In bonis", "In bonis"),
    ("redressement", PLAN, "Plan de redressement", "Plan de redressement"),
    ("redressement", OPENING, "Redressement judiciaire", "Redressement judiciaire"),
    ("liquidation", "", "Liquidation judiciaire", "Liquidation judiciaire"),
    ("sauvegarde", PLAN, "Plan de sauvegarde", "Plan de sauvegarde"),
    ("sauvegarde", OPENING, "Sauvegarde", "Sauvegarde"),
    ("redressement", ABANDONED, "In bonis", "Redressement judiciaire"),
]


@pytest.mark.parametrize(("action", "stade", "fixed", "reference"), LABELS)
def test_label_of_an_event(tmp_path: Path, action: str, stade: str, fixed: str, reference: str) -> None:
    lake = lake_with(tmp_path / "lake", procol=[event("2024-01-15", action, stade)])
    expected = (A[:9], "2024-01-15", action, stade)
    names = ("siren", "date_effet", "action_procol", "stade_procol", "libelle_procol")
    assert columns(cleaned(lake, "clean_procol"), *names) == [(*expected, fixed)]
    assert columns(cleaned(lake, "clean_procol", is_reference=True), *names) == [(*expected, reference)]


@pytest.mark.parametrize("is_reference", [False, True])
def test_events_of_a_company_are_kept_once_and_closings_of_a_site_left_out(tmp_path: Path, is_reference: bool) -> None:
    other_site = A[:9] + "00022"
    rows = [
        event("2024-01-15", "liquidation", OPENING),
        event("2024-01-15", "liquidation", OPENING, other_site),
        event("2024-03-01", "liquidation", CLOSED, other_site),
    ]
    found = cleaned(lake_with(tmp_path / "lake", procol=rows), "clean_procol", is_reference=is_reference)
    assert columns(found, "siren", "stade_procol") == [(A[:9], OPENING)]


def test_b21_label_that_names_no_proceeding_is_not_one(tmp_path: Path) -> None:
    lake = lake_with(tmp_path / "lake", procol=[event("2024-01-15", "", "")])
    assert cleaned(lake, "clean_procol") == []
    assert cleaned(lake, "clean_procol_at_date") == []
    found = cleaned(lake, "clean_procol_at_date", is_reference=True)
    assert columns(found[:1], "periode", "action_procol", "libelle_procol") == [("2024-02-01", "", None)]


def test_b21_longer_label_is_of_the_kind_that_it_names(tmp_path: Path) -> None:
    row = event("2024-01-15", "liquidation judiciaire", OPENING)
    assert running(tmp_path, row, on="2024-02-01") == [("liquidation", "Liquidation judiciaire")]
    lake = lake_with(tmp_path / "reference", procol=[row])
    found = cleaned(lake, "clean_procol_at_date", is_reference=True)
    assert columns(found[:1], "action_procol", "libelle_procol") == [("liquidation judiciaire", None)]


@pytest.mark.parametrize(
    ("is_reference", "expected"), [(False, []), (True, [("redressement", "Redressement judiciaire")])]
)
def test_b21_an_abandon_ends_a_proceeding(tmp_path: Path, is_reference: bool, expected: list[tuple[str, str]]) -> None:
    events = (event("2024-01-15", "redressement", OPENING), event("2024-03-15", "redressement", ABANDONED))
    assert running(tmp_path, *events, on="2024-05-01", is_reference=is_reference) == expected


@pytest.mark.parametrize(
    ("begun", "on", "fixed", "reference"),
    [
        ("2015-06-01", "2025-05-01", True, True),
        ("2015-06-01", "2025-06-01", False, False),
        ("2015-06-02", "2025-06-01", True, True),
        ("2015-07-02", "2025-07-01", True, False),
        ("2016-02-02", "2026-02-01", True, True),
        ("2015-07-03", "2025-07-01", True, True),
    ],
)
def test_plan_lasts_ten_years_at_most(tmp_path: Path, begun: str, on: str, fixed: bool, reference: bool) -> None:
    """The reference counts 9 years, 11 months and 30 days as ten years."""
    plan = event(begun, "sauvegarde", PLAN)
    assert bool(running(tmp_path / "a", plan, on=on)) is fixed
    assert bool(running(tmp_path / "b", plan, on=on, is_reference=True)) is reference


def test_on_the_same_day_an_end_comes_first(tmp_path: Path) -> None:
    events = (event("2024-01-15", "redressement", OPENING), event("2024-01-15", "redressement", END))
    assert running(tmp_path, *events, on="2024-03-01") == []


def test_of_two_proceedings_the_gravest_is_shown(tmp_path: Path) -> None:
    events = (event("2024-01-15", "liquidation", OPENING), event("2024-02-15", "sauvegarde", OPENING))
    assert running(tmp_path, *events, on="2024-04-01") == [("liquidation", "Liquidation judiciaire")]


GRAVITY = {"liquidation": 0, "redressement": 1, "sauvegarde": 2}


def in_force(events: list[Row], on: date, is_reference: bool) -> tuple[Any, ...] | None:
    """The rule as a reader would apply it to the events of one company, one day."""
    ends = {END, INCLUDED} | (set() if is_reference else {ABANDONED})
    last: dict[str, Row] = {}
    by_stage = sorted(events, key=lambda row: row["stade"], reverse=True)
    for row in sorted(by_stage, key=lambda row: (row["date_effet"], row["stade"] in ends)):
        if row["date_effet"] <= on and row["stade"] != CLOSED and (row["action"] or is_reference):
            last[row["action"]] = row
    running = [
        row
        for row in last.values()
        if row["stade"] not in ends and not (row["stade"] == PLAN and is_ten_years(row["date_effet"], on, is_reference))
    ]
    if not running:
        return None
    gravest = min(running, key=lambda row: (GRAVITY.get(row["action"], 3), row["action"]))
    return gravest["date_effet"], gravest["action"], gravest["stade"]


def is_ten_years(begun: date, on: date, is_reference: bool) -> bool:
    """Whether ten years have passed; the reference counts months of thirty days once years and months are taken off."""
    months, days = (on.year - begun.year) * 12 + on.month - begun.month, on.day - begun.day
    if days < 0:
        months, days = months - 1, days + monthrange(begun.year, begun.month)[1]
    return months + (days // 30 if is_reference else 0) >= 120


@pytest.mark.parametrize("is_reference", [False, True])
def test_every_month_of_many_histories(tmp_path: Path, is_reference: bool) -> None:
    draw = Random(7)
    stages, actions = (OPENING, PLAN, END, INCLUDED, ABANDONED, CLOSED, ""), (*GRAVITY, "")
    events: list[Row] = []
    for number in range(60):
        days = [
            first_day(draw.randrange(m("2010-01"), m("2026-12"))).replace(day=draw.choice((1, 2, 3, 15, 28)))
            for _ in range(5)
        ]
        events += [
            event(str(draw.choice(days)), draw.choice(actions), draw.choice(stages), f"1000000{number:02d}00011")
            for _ in range(draw.randrange(1, 12))
        ]
    lake = lake_with(tmp_path / "lake", procol=events)
    names = ("date_effet", "action_procol", "stade_procol")
    found = {
        (row["siren"], row["periode"]): tuple(row[name] for name in names)
        for row in cleaned(lake, "clean_procol_at_date", is_reference=is_reference)
    }
    histories: dict[str, list[Row]] = {}
    for row in events:
        histories.setdefault(row["siret"][:9], []).append(row)
    expected = {
        (siren, first_day(month)): state
        for siren, history in histories.items()
        for month in range(m("2016-01"), m("2026-10") + 1)
        if (state := in_force(history, first_day(month), is_reference)) is not None
    }
    assert len(expected) > 1000
    assert found == expected
