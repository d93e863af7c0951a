"""Tables propres de l'Urssaf : effectifs, cotisations, dettes, délais ; la lecture de référence à côté."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaned import A, B, add, cleaned, columns, lake_with
from lakes import Row, day, m, stage
from signaux_faibles.pipeline.export import CotisationRule, EffectifRule


def headcount(month: str, count: int, *, siret: str = A, compte: str = "1") -> Row:
    return {"siret": siret, "compte": compte, "month": m(month), "effectif_count": count}


def due(start: str, end: str, cents: int | None, *, compte: str = "1") -> Row:
    return {"siret": A, "compte": compte, "start_month": m(start), "end_month": m(end), "du_cents": cents}


def operation(treated: str, number: int | None, ouvriere: int, patronale: int, debt: str = "A", **other: Any) -> Row:
    """Amounts in euros; a debt is a discrepancy number over one period."""
    return {
        "siret": A,
        "compte": "1",
        "numero_ecart": debt,
        "numero_historique": number,
        "date_traitement": day(treated),
        "part_ouvriere_cents": ouvriere * 100,
        "part_patronale_cents": patronale * 100,
        "start_month": m("2023-01"),
        "end_month": m("2023-02"),
        **other,
    }


def debts(rows: list[Row]) -> list[tuple[Any, ...]]:
    return columns(rows, "periode", "part_ouvriere", "part_patronale", "is_last")


def test_b17_headcount_is_summed_over_accounts_or_raw(tmp_path: Path) -> None:
    rows = [headcount("2024-01", 5), headcount("2024-02", 7), headcount("2024-02", 3, compte="2")]
    lake = lake_with(tmp_path / "lake", effectif=[*rows, headcount("2024-01", 9, siret=B)])
    summed = [(A, "2024-01-01", 5, False), (A, "2024-02-01", 10, True), (B, "2024-01-01", 9, True)]
    raw = [summed[0], (A, "2024-02-01", 3, True), (A, "2024-02-01", 7, True), summed[2]]
    names = ("siret", "periode", "effectif", "is_latest")
    assert columns(cleaned(lake, "clean_effectif"), *names) == summed
    assert columns(cleaned(lake, "clean_effectif", effectif=EffectifRule.ACCOUNTS), *names) == raw
    assert columns(cleaned(lake, "clean_effectif", is_reference=True), *names) == raw
    assert columns(cleaned(lake, "clean_effectif", is_reference=True, effectif=EffectifRule.SUM), *names) == summed


def test_latest_headcount_is_that_of_each_company(tmp_path: Path) -> None:
    rows = [
        {"siren": siren, "month": m(month), "effectif_count": count}
        for siren, month, count in ((A[:9], "2024-01", 1), (A[:9], "2024-03", 0), (B[:9], "2024-02", 4))
    ]
    found = cleaned(lake_with(tmp_path / "lake", effectif_ent=rows), "clean_effectif_ent")
    assert columns(found, "siren", "periode", "effectif_ent", "is_latest") == [
        (A[:9], "2024-01-01", 1, False),
        (A[:9], "2024-03-01", 0, True),
        (B[:9], "2024-02-01", 4, True),
    ]


@pytest.mark.parametrize("is_reference", [False, True])
def test_contribution_of_a_period_stands_on_its_first_month(tmp_path: Path, is_reference: bool) -> None:
    rows = [
        due("2024-01", "2024-04", 10000),
        due("2024-01", "2024-02", -2550, compte="2"),
        due("2024-01", "2024-02", None, compte="3"),
        due("2024-05", "2024-06", None),
    ]
    found = cleaned(lake_with(tmp_path / "lake", cotisation=rows), "clean_cotisation", is_reference=is_reference)
    assert columns(found, "periode", "du") == [("2024-01-01", 74.5), ("2024-05-01", None)]


def test_b18_contribution_shared_between_its_months_to_the_cent(tmp_path: Path) -> None:
    rows = [due("2024-01", "2024-04", 10000), due("2024-02", "2024-03", -50), due("2024-06", "2024-07", None)]
    found = cleaned(
        lake_with(tmp_path / "lake", cotisation=rows), "clean_cotisation", cotisation=CotisationRule.MONTHLY
    )
    assert columns(found, "periode", "du") == [
        ("2024-01-01", 33.33),
        ("2024-02-01", 32.83),
        ("2024-03-01", 33.34),
        ("2024-06-01", None),
    ]


def test_debt_is_the_last_known_balance_of_each_discrepancy(tmp_path: Path) -> None:
    rows = [
        operation("2024-02-10", 1, 100, 200),
        operation("2024-02-15", 2, 80, 150),
        operation("2024-06-01", 3, 0, 0),
        operation("2024-04-02", 1, 10, 20, "B"),
        operation("2024-06-02", None, 5, 5, "B"),
        operation("2024-06-03", 2, 7, 7, "B"),
    ]
    lake = lake_with(tmp_path / "lake", debit=rows)
    before = [("2024-02-01", 80.0, 150.0, False), ("2024-04-01", 90.0, 170.0, False)]
    assert debts(cleaned(lake, "clean_debit", is_reference=True)) == [*before, ("2024-06-01", 5.0, 5.0, True)]


def test_b30_operation_without_number_comes_before_those_that_have_one(tmp_path: Path) -> None:
    rows = [operation("2024-06-02", None, 5, 5), operation("2024-06-03", 2, 7, 7)]
    lake = lake_with(tmp_path / "lake", debit=rows)
    assert debts(cleaned(lake, "clean_debit")) == [("2024-06-01", 7.0, 7.0, True)]
    assert debts(cleaned(lake, "clean_debit", is_reference=True)) == [("2024-06-01", 5.0, 5.0, True)]


@pytest.mark.parametrize("is_reference", [False, True])
def test_of_two_operations_of_one_number_the_last_treated_counts(tmp_path: Path, is_reference: bool) -> None:
    rows = [operation("2024-06-03", 2, 7, 7), operation("2024-06-02", 2, 5, 5)]
    lake = lake_with(tmp_path / "lake", debit=rows)
    assert debts(cleaned(lake, "clean_debit", is_reference=is_reference)) == [("2024-06-01", 7.0, 7.0, True)]


def test_b29_two_accounts_are_two_debts(tmp_path: Path) -> None:
    rows = [operation("2024-02-10", 1, 100, 200), operation("2024-03-10", 1, 1, 2, compte="2")]
    lake = lake_with(tmp_path / "lake", debit=rows)
    first = ("2024-02-01", 100.0, 200.0, False)
    assert debts(cleaned(lake, "clean_debit")) == [first, ("2024-03-01", 101.0, 202.0, True)]
    assert debts(cleaned(lake, "clean_debit", is_reference=True)) == [first, ("2024-03-01", 1.0, 2.0, True)]


@pytest.mark.parametrize("is_reference", [False, True])
def test_two_periods_or_two_establishments_are_two_debts(tmp_path: Path, is_reference: bool) -> None:
    rows = [
        operation("2024-02-10", 1, 100, 0),
        operation("2024-03-10", 1, 1, 0, end_month=m("2023-04")),
        operation("2024-03-10", 1, 30, 0, siret=B),
    ]
    lake = lake_with(tmp_path / "lake", debit=rows)
    found = cleaned(lake, "clean_debit", is_reference=is_reference)
    assert columns(found, "siret", "periode", "part_ouvriere", "is_last") == [
        (A, "2024-02-01", 100.0, False),
        (A, "2024-03-01", 101.0, True),
        (B, "2024-03-01", 30.0, True),
    ]


@pytest.mark.parametrize(
    ("treated", "periode"),
    [("2024-01-20", "2024-01-01"), ("2024-01-21", "2024-02-01"), ("2024-12-31", "2025-01-01")],
)
def test_operation_after_the_twentieth_counts_for_the_next_month(tmp_path: Path, treated: str, periode: str) -> None:
    lake = lake_with(tmp_path / "lake", debit=[operation(treated, 1, 1, 0)])
    assert columns(cleaned(lake, "clean_debit"), "periode") == [(periode,)]


@pytest.mark.parametrize("is_reference", [False, True])
def test_golden_row_1_of_the_reference(tmp_path: Path, is_reference: bool) -> None:
    row = operation("2005-08-24", 1, 0, 0, "397", part_ouvriere_cents=3, part_patronale_cents=2)
    lake = lake_with(tmp_path / "lake", debit=[row | {"start_month": m("2015-01"), "end_month": m("2015-02")}])
    assert debts(cleaned(lake, "clean_debit", is_reference=is_reference)) == [("2005-09-01", 0.03, 0.02, True)]


def test_a_balance_that_comes_back_to_what_it_was_is_still_an_event(tmp_path: Path) -> None:
    rows = [operation("2024-02-10", 1, 5, 0), operation("2024-03-10", 2, 5, 0), operation("2024-04-10", 3, -1, 0)]
    found = debts(cleaned(lake_with(tmp_path / "lake", debit=rows), "clean_debit"))
    assert [(periode, part) for periode, part, _, _ in found] == [
        ("2024-02-01", 5.0),
        ("2024-03-01", 5.0),
        ("2024-04-01", -1.0),
    ]


def test_b31_unknown_duration_of_a_plan_is_unknown(tmp_path: Path) -> None:
    plan = {
        "siret": A,
        "date_creation": day("2024-02-05"),
        "date_echeance": day("2024-08-04"),
        "duree_days": 181,
        "montant_cents": 1250050,
        "stade": "APPROB",
        "action": "SUR PO",
    }
    lake = lake_with(
        tmp_path / "lake", delai=[plan, {**plan, "duree_days": None, "montant_cents": None, "stade": None}]
    )
    expected = [(A, "2024-02-05", "2024-08-04", 181, 12500.5, "APPROB", "SUR PO"), (None, None, None, "SUR PO")]
    names = ("siret", "date_creation", "date_echeance", "duree_delai", "montant_echeancier", "stade", "action")
    known, unknown = columns(cleaned(lake, "clean_delai"), *names)
    assert (known, unknown[3:]) == (expected[0], expected[1])
    assert columns(cleaned(lake, "clean_delai", is_reference=True), "stade") == [("APPROB",), ("",)]


def test_a_table_shows_what_stands_at_the_month_of_the_export(tmp_path: Path) -> None:
    rows = [due("2024-01", "2024-02", 100), due("2024-02", "2024-03", 200)]
    lake = lake_with(tmp_path / "lake", "2026-09", cotisation=rows)
    added = [due("2024-02", "2024-03", 250) | {"siren": A[:9], "known_from": day("2026-10-31")}]
    stage(lake, "cotisation", m("2026-10"), added, withdrawn=[(m("2026-09"), 1)])
    assert columns(cleaned(lake, "clean_cotisation", as_of=m("2026-09")), "du") == [(1.0,), (2.0,)]
    assert columns(cleaned(lake, "clean_cotisation"), "du") == [(1.0,), (2.5,)]
    add(lake, "2026-11", delai=[])
    assert columns(cleaned(lake, "clean_cotisation", as_of=m("2026-11")), "du") == [(1.0,), (2.5,)]
