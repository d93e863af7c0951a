"""Tables propres : le périmètre demandé, la liste noire, et ce qu'ils laissent dans les autres tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaned import add, cleaned, columns, lake_with
from lakes import Row, m
from signaux_faibles.domain.errors import StageError
from signaux_faibles.lake import open_lake

SMALL, PUBLIC, ABROAD, KEPT, LATE = "000000000", "111111111", "222222222", "333333333", "444444444"
MONTH = "2026-06"


def headcounts(*pairs: tuple[str, int], month: str = MONTH) -> list[Row]:
    return [{"siren": siren, "month": m(month), "effectif_count": count} for siren, count in pairs]


def unit(siren: str, *, category: str = "5499", activity: str = "62.01Z") -> Row:
    return {"siren": siren, "categorie_juridique": category, "code_naf": activity, "is_active": True}


def seat(siren: str, *, departement: str | None = "75", nic: str = "00011", is_siege: bool = True) -> Row:
    return {"siret": siren + nic, "is_siege": is_siege, "departement": departement, "is_active": True}


def sirens(rows: list[Row]) -> list[str]:
    return [row["siren"] for row in rows]


def scenario() -> dict[str, list[Row]]:
    return {
        "effectif_ent": headcounts((SMALL, 5), (PUBLIC, 20), (ABROAD, 20), (KEPT, 20)),
        "sirene_ul": [unit(SMALL), unit(PUBLIC, category="4110"), unit(ABROAD), unit(KEPT), unit(LATE)],
        "sirene": [
            *(seat(siren) for siren in (SMALL, PUBLIC, KEPT, LATE)),
            seat(ABROAD, departement=None),
            seat(ABROAD, nic="00022", is_siege=False),
        ],
    }


@pytest.mark.parametrize("is_reference", [False, True])
def test_perimeter_is_the_headcount_rule_less_the_black_list(tmp_path: Path, is_reference: bool) -> None:
    lake = lake_with(tmp_path / "lake", "2026-09", **scenario())
    assert sirens(cleaned(lake, "clean_filter", as_of=m("2026-09"), is_reference=is_reference)) == [KEPT]
    add(lake, "2026-10", effectif_ent=headcounts((LATE, 20), month="2026-07"))
    assert sirens(cleaned(lake, "clean_filter", is_reference=is_reference)) == [KEPT, LATE]


@pytest.mark.parametrize("is_reference", [False, True])
def test_without_the_register_nobody_is_located(tmp_path: Path, is_reference: bool) -> None:
    lake = lake_with(tmp_path / "lake", effectif_ent=scenario()["effectif_ent"])
    assert cleaned(lake, "clean_filter", is_reference=is_reference) == []


def test_headcount_reached_in_any_month_of_the_window(tmp_path: Path) -> None:
    rows = [
        *headcounts((SMALL, 9)),
        *headcounts((KEPT, 10), month="2023-07"),
        *headcounts((LATE, 500), month="2023-06"),
    ]
    lake = lake_with(tmp_path / "lake", **(scenario() | {"effectif_ent": rows}))
    assert sirens(cleaned(lake, "clean_filter")) == [KEPT]


def test_b8_window_is_of_months_and_that_of_the_reference_of_columns(tmp_path: Path) -> None:
    # The file has two columns: the older one is out of 36 months, and within 36 columns.
    rows = [*headcounts((SMALL, 1)), *headcounts((KEPT, 10), month="2020-01")]
    lake = lake_with(tmp_path / "lake", **(scenario() | {"effectif_ent": rows}))
    assert cleaned(lake, "clean_filter") == []
    assert sirens(cleaned(lake, "clean_filter", is_reference=True)) == [KEPT]


def test_b14_two_located_head_offices_and_an_excluded_activity_are_one_company(tmp_path: Path) -> None:
    sources = scenario()
    sources["sirene"].append(seat(PUBLIC, nic="00033"))
    sources["sirene"].append(seat(KEPT, nic="00033"))
    lake = lake_with(tmp_path / "lake", **sources)
    assert sirens(cleaned(lake, "clean_filter")) == [KEPT]


def test_b32_legal_categories_are_those_of_the_rules(tmp_path: Path) -> None:
    sources = scenario()
    sources["effectif_ent"] += headcounts((LATE, 20))
    sources["sirene_ul"][-1] = unit(LATE, category="7344")
    lake = lake_with(tmp_path / "lake", **sources)
    assert sirens(cleaned(lake, "clean_filter")) == [KEPT, LATE], "a métropole is not on the list in force"
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        'effectif: [{min_count: 10, window_months: 36}]\ncategories_juridiques: [{codes: ["7344"]}]\n', encoding="utf-8"
    )
    found = sirens(cleaned(lake, "clean_filter", rules=rules))
    assert found == [PUBLIC, ABROAD, KEPT], "neither the public bodies nor the foreign head offices of our own rules"


def test_sole_traders_are_left_out_and_those_of_the_reference_kept(tmp_path: Path) -> None:
    sources = scenario()
    sources["sirene_ul"][3] = unit(KEPT, category="1000")
    lake = lake_with(tmp_path / "lake", **sources)
    assert cleaned(lake, "clean_filter") == []
    assert sirens(cleaned(lake, "clean_filter", is_reference=True)) == [KEPT]


def test_activity_of_the_unit_excludes(tmp_path: Path) -> None:
    sources = scenario()
    sources["sirene_ul"][3] = unit(KEPT, activity="84.11Z")
    assert cleaned(lake_with(tmp_path / "lake", **sources), "clean_filter") == []


def test_b12_an_explicit_filter_replaces_the_headcount_rule_only(tmp_path: Path) -> None:
    sources = scenario() | {"filter": [{"siren": SMALL}, {"siren": PUBLIC}]}
    lake = lake_with(tmp_path / "lake", **sources)
    assert sirens(cleaned(lake, "clean_filter")) == [SMALL], "PUBLIC stays on the black list"


@pytest.mark.parametrize("is_reference", [False, True])
def test_tables_hold_the_companies_of_the_perimeter(tmp_path: Path, is_reference: bool) -> None:
    dues = [
        {"siret": f"{siren}00011", "start_month": m(MONTH), "end_month": m(MONTH) + 1, "du_cents": 100}
        for siren in (SMALL, PUBLIC, ABROAD, KEPT)
    ]
    lake = lake_with(tmp_path / "lake", **scenario(), cotisation=dues)
    kept = cleaned(lake, "clean_cotisation", has_filter=True, is_reference=is_reference)
    assert columns(kept, "siret") == [(f"{KEPT}00011",)]
    every = cleaned(lake, "clean_cotisation", has_filter=False, is_reference=is_reference)
    assert columns(every, "siret") == [(f"{SMALL}00011",), (f"{KEPT}00011",)], "the black list goes all the same"


@pytest.mark.parametrize("table", ["clean_sirene", "clean_sirene_ul"])
def test_the_register_is_never_restricted(tmp_path: Path, table: str) -> None:
    lake = lake_with(tmp_path / "lake", **scenario())
    found = {row["siren"] for row in cleaned(lake, table, has_filter=True)}
    assert found == {SMALL, PUBLIC, ABROAD, KEPT, LATE}


def test_b16_every_table_follows_the_perimeter_at_once(tmp_path: Path) -> None:
    request = {"siret": f"{LATE}00011", "date_debut": None, "date_fin": None}
    use = {"siret": f"{LATE}00011", "month": m(MONTH), "heures_centi": 15167}
    lake = lake_with(tmp_path / "lake", "2026-09", **scenario(), apconso=[use], apdemande=[request])
    assert cleaned(lake, "clean_ap", as_of=m("2026-09"), has_filter=True) == []
    add(lake, "2026-10", effectif_ent=headcounts((LATE, 20)))
    assert columns(cleaned(lake, "clean_ap", has_filter=True), "siren") == [(LATE,)]


def test_an_unknown_perimeter_is_said(tmp_path: Path) -> None:
    lake = lake_with(tmp_path / "lake", sirene=[seat(KEPT)])
    with pytest.raises(StageError, match="--no-filter"):
        cleaned(lake, "clean_filter", has_filter=True)


def test_an_open_lake_is_drawn_by_bands_of_headcount(tmp_path: Path) -> None:
    open_lake(tmp_path / "lake", create_synthetic=True, profile="open")
    bands = {SMALL: "03", KEPT: "11", LATE: "53", ABROAD: "NN"}
    lake = lake_with(
        tmp_path / "lake",
        sirene_ul=[unit(siren) | {"tranche_effectif": band} for siren, band in bands.items()],
        sirene=[seat(siren) for siren in bands],
    )
    assert sirens(cleaned(lake, "clean_filter", has_filter=True)) == [KEPT, LATE]
