"""Tables propres de l'activité partielle : équivalents temps plein demandés et consommés chaque mois."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaned import A, B, cleaned, columns, lake_with
from lakes import Row, day, m
from signaux_faibles.pipeline.export import EtpRule

NAMES = ("periode", "etp_autorise", "etp_consomme", "motif_recours", "is_last")
CONJONCTURE, INCONNU = "Conjoncture économique", "Motif inconnu"


def request(start: str | None, end: str | None, centi_hours: int | None, motif: int | None = 1, siret: str = A) -> Row:
    return {
        "siret": siret,
        "date_debut": day(start) if start else None,
        "date_fin": day(end) if end else None,
        "heures_centi": centi_hours,
        "motif": motif,
    }


def use(on: str, centi_hours: int | None, siret: str = A) -> Row:
    return {"siret": siret, "date_conso": day(on), "month": m(on[:7]), "heures_centi": centi_hours}


WORKED = {
    "apdemande": [request("2024-01-20", "2024-03-05", 151670), request("2024-02-01", "2024-02-29", 15167, 6)],
    "apconso": [use("2024-02-01", 30334), use("2024-02-01", 15167)],
}


@pytest.mark.parametrize("is_reference", [False, True])
def test_requests_and_uses_of_an_establishment(tmp_path: Path, is_reference: bool) -> None:
    found = cleaned(lake_with(tmp_path / "lake", **WORKED), "clean_ap", is_reference=is_reference)
    ten = 1516.7 / 151.67 if is_reference else 10.0  # the reference divides in floating point: one digit more
    assert columns(found, *NAMES) == [
        ("2024-01-01", ten, 0.0, CONJONCTURE, False),
        ("2024-02-01", ten + 1.0, 3.0, f"{CONJONCTURE}; {INCONNU}", True),
        ("2024-03-01", ten, 0.0, CONJONCTURE, False),
    ]


def test_b19_hours_of_a_request_shared_between_its_months(tmp_path: Path) -> None:
    lake = lake_with(tmp_path / "lake", apdemande=[request("2024-01-20", "2024-03-05", 3 * 15167)])
    total = [("2024-01-01", 3.0), ("2024-02-01", 3.0), ("2024-03-01", 3.0)]
    assert columns(cleaned(lake, "clean_ap"), "periode", "etp_autorise") == total
    shared = cleaned(lake, "clean_ap", etp_autorise=EtpRule.MONTHLY)
    assert columns(shared, "periode", "etp_autorise") == [(month, 1.0) for month, _ in total]


def test_b20_use_in_the_middle_of_a_month_meets_its_requests(tmp_path: Path) -> None:
    sources = {
        "apdemande": [request("2024-02-01", "2024-02-29", 15167)],
        "apconso": [use("2024-02-15", 15167), use("2024-02-29", 15167)],
    }
    lake = lake_with(tmp_path / "lake", **sources)
    assert columns(cleaned(lake, "clean_ap"), *NAMES) == [("2024-02-01", 1.0, 2.0, CONJONCTURE, True)]
    assert columns(cleaned(lake, "clean_ap", is_reference=True), *NAMES) == [
        ("2024-02-01", 1.0, 0.0, CONJONCTURE, False),
        ("2024-02-15", 0.0, 1.0, None, False),
        ("2024-02-29", 0.0, 1.0, None, True),
    ]


@pytest.mark.parametrize("is_reference", [False, True])
def test_golden_rows_5_and_6_of_the_reference(tmp_path: Path, is_reference: bool) -> None:
    sources = {
        "apdemande": [request("2017-08-01", "2017-09-30", 4207852)],
        "apconso": [use("2019-12-30", 100, B), use("2020-12-30", 78000, B)],
    }
    found = cleaned(lake_with(tmp_path / "lake", **sources), "clean_ap", is_reference=is_reference)
    last, etp = ("2020-12-30", 5.1427441155139455) if is_reference else ("2020-12-01", 78000 / 15167)
    rows = columns(found, "periode", "etp_autorise", "etp_consomme", "motif_recours", "is_last")
    assert rows[:2] == [
        ("2017-08-01", 277.4346937429947, 0.0, CONJONCTURE, False),
        ("2017-09-01", 277.4346937429947, 0.0, CONJONCTURE, False),
    ]
    assert [row for row in rows if row[4]] == [(last, 0.0, etp, None, True)]


def test_requests_without_dates_or_reversed_count_for_no_month(tmp_path: Path) -> None:
    rows = [request(None, "2024-02-01", 1), request("2024-02-01", None, 1), request("2024-03-01", "2024-02-01", 1)]
    assert cleaned(lake_with(tmp_path / "lake", apdemande=rows), "clean_ap") == []


def test_unknown_hours_and_reason(tmp_path: Path) -> None:
    sources = {"apdemande": [request("2024-02-01", "2024-02-01", None, None)], "apconso": [use("2024-02-01", None)]}
    found = cleaned(lake_with(tmp_path / "lake", **sources), "clean_ap")
    assert columns(found, *NAMES) == [("2024-02-01", 0.0, 0.0, None, True)]


def test_last_month_is_that_of_the_delivery_even_out_of_the_perimeter(tmp_path: Path) -> None:
    seats = [{"siret": A, "is_siege": True, "departement": "75", "is_active": True}]
    head = [{"siren": A[:9], "month": m("2024-01"), "effectif_count": 10}]
    sources = {"apconso": [use("2024-02-01", 1), use("2024-03-01", 1, B)], "effectif_ent": head, "sirene": seats}
    found = cleaned(lake_with(tmp_path / "lake", **sources), "clean_ap", has_filter=True)
    assert columns(found, "siren", "periode", "is_last") == [(A[:9], "2024-02-01", False)]
