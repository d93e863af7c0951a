"""The other charts: what they draw, and the table that doubles each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.web.ui.charts.comptes import Quantiles, Ratio, ratio_chart, ratio_table
from signaux_faibles.web.ui.charts.cotisations import Urssaf, cotisations_chart, cotisations_table
from signaux_faibles.web.ui.charts.echeances import RiskCurve, curve_by_horizon, horizon_key, horizon_table
from signaux_faibles.web.ui.charts.frame import Caption, KeyEntry, TwinTable, figure, key
from signaux_faibles.web.ui.charts.gaufre import waffle
from signaux_faibles.web.ui.charts.mensuel import (
    ActivitePartielle,
    Curve,
    Window,
    activite_partielle_chart,
    curve_chart,
    monthly_table,
)
from signaux_faibles.web.ui.charts.procedures import StateChange, procedures_chart, procedures_key, timeline_start
from signaux_faibles.web.ui.charts.risque import ListPoint, risk_chart, risk_table
from signaux_faibles.web.ui.charts.scale import risk_scale
from signaux_faibles.web.ui.charts.series import EMPTY, MonthlySeries
from signaux_faibles.web.ui.charts.tendance import sparkline

OCTOBER = 2026 * 12 + 9
WINDOW = Window(OCTOBER - 4, OCTOBER)
HEADCOUNT = MonthlySeries(OCTOBER - 4, (58.0, 57.0, None, 45.0, 44.0))
DEBT = Urssaf(
    cotisation=MonthlySeries(OCTOBER - 4, (31_000.0, 31_000.0, 30_000.0, 30_000.0, None)),
    debit_patronale=MonthlySeries(OCTOBER - 4, (10_000.0, 60_000.0, 90_000.0, 120_000.0, None)),
    debit_ouvriere=MonthlySeries(OCTOBER - 4, (0.0, 10_000.0, 20_000.0, 30_000.0, None)),
    delai=MonthlySeries(OCTOBER - 4, (0.0, 50_000.0, 50_000.0, 0.0, None)),
    freshness=OCTOBER - 1,
)
LISTS = (
    ListPoint(OCTOBER - 9, 0.06, Niveau.AUCUN, 0.12, 0.30),
    ListPoint(OCTOBER - 6, None, None, 0.12, 0.30),
    ListPoint(OCTOBER - 3, 0.22, Niveau.MODERE, 0.12, 0.30),
    ListPoint(OCTOBER, 0.41, Niveau.ELEVE, 0.14, 0.28),
)
SECTOR = Quantiles(-5, 1.5, 6.4, 10.5, 16, 214)
RATIO = Ratio("Marge d’EBE", "%", (2022, 2023, 2024), (6.2, None, -1.8), (SECTOR, SECTOR, None), decimals=1)


CURVE = RiskCurve(((3, 0.06), (6, 0.14), (12, 0.29), (18, 0.41)), 0.33, 0.51, "entre 33 et 51\u202f%")


def every_chart() -> list[str]:
    return [
        risk_chart(LISTS),
        curve_chart(Curve("Effectif", "salariés", HEADCOUNT, OCTOBER - 1), WINDOW),
        activite_partielle_chart(ActivitePartielle(HEADCOUNT, EMPTY, OCTOBER - 2), WINDOW),
        cotisations_chart(DEBT, WINDOW),
        ratio_chart(RATIO),
        procedures_chart([StateChange(date(2019, 4, 2), EtatProcol.REDRESSEMENT)], date(2026, 10, 31)),
        waffle(41),
        curve_by_horizon(CURVE),
        sparkline([1, None, 3]),
    ]


def test_every_chart_is_well_formed_without_style_nor_colour() -> None:
    for chart in every_chart():
        root = ElementTree.fromstring(chart)
        for element in root.iter():
            assert "style" not in element.attrib
            assert element.attrib.get("fill") in (None, "url(#hachure)")
            assert "stroke" not in element.attrib


def test_every_chart_is_named_or_hidden() -> None:
    for chart in every_chart():
        root = ElementTree.fromstring(chart)
        assert root.attrib.get("aria-hidden") == "true" or (root.attrib["role"] == "img" and root.attrib["aria-label"])


def test_risk_marks_the_level_of_each_scored_list_and_breaks_where_set_aside() -> None:
    drawn = risk_chart(LISTS)
    assert re.findall(r'href="#m-(\w+)"', drawn) == ["aucun", "modere", "eleve"]
    curve = re.search(r'class="sf-l sf-l--1" d="([^"]*)"', drawn)
    assert curve is not None
    assert curve[1].count("L") == 1


def test_risk_by_horizon_goes_from_nothing_to_its_last_point() -> None:
    drawn = curve_by_horizon(CURVE)
    path = re.search(r'class="sf-l sf-l--1" d="M([^"]*)"', drawn)
    assert path is not None
    places = [tuple(map(float, place.split())) for place in path[1].split(" L")]
    assert [round(x / 1000 * 19 - 0.5) for x, _ in places] == [0, 3, 6, 12, 18]
    heights = [y for _, y in places]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == 22 + 150
    assert drawn.count("<circle") == 4
    assert "Intervalle" not in drawn
    assert "intervalle à 90\u202f%" in drawn


def test_names_at_the_edges_are_drawn_inwards_on_a_narrow_page() -> None:
    lists = [replace(LISTS[0], month=OCTOBER - back, probability=0.2) for back in (24, 12, 0)]
    css = re.findall(r'class="(sf-x[^"]*)" x="[^"]*" y="\d+">', risk_chart(lists))
    assert css == ["sf-x sf-x--fin", "sf-x sf-x--second", "sf-x sf-x--debut"]
    assert re.findall(r'class="(sf-x[^"]*)" x="[^"]*" y="191">', curve_by_horizon(CURVE)) == [
        *["sf-x"] * 3,
        "sf-x sf-x--fin",
    ]


def test_risk_by_horizon_without_bounds_draws_none() -> None:
    bare = RiskCurve(CURVE.points)
    drawn = curve_by_horizon(bare)
    assert "sf-bande--intervalle" not in drawn
    assert "intervalle" not in drawn
    assert horizon_key(bare) == ""
    assert horizon_table(bare).columns == ("Échéance", "Risque")
    assert "sf-bande--intervalle" in curve_by_horizon(CURVE)


def test_table_of_horizons_has_every_figure_of_the_drawing() -> None:
    twin = horizon_table(CURVE)
    assert twin.columns == ("Échéance", "Risque", "Intervalle à 90\u202f%")
    assert twin.rows == (
        ("3\u00a0mois", "6,0\u202f%", "–"),
        ("6\u00a0mois", "14\u202f%", "–"),
        ("12\u00a0mois", "29\u202f%", "–"),
        ("18\u00a0mois", "41\u202f%", "entre 33 et 51\u202f%"),
    )


def test_axis_of_probabilities_stops_at_certainty() -> None:
    assert risk_scale(0.99).high == 1
    assert risk_scale(0.2).high < 0.3


def test_risk_thresholds_follow_each_list() -> None:
    drawn = risk_chart(LISTS)
    assert "Seuil élevé, 28\u202f%" in drawn
    assert "Seuil modéré, 14\u202f%" in drawn
    assert re.search(r'sf-seuil-eleve" d="M0 [\d.]+ H[\d.]+ V[\d.]+', drawn)


def test_names_of_near_thresholds_do_not_collide() -> None:
    drawn = risk_chart([ListPoint(OCTOBER, 0.5, Niveau.ELEVE, 0.12, 0.13)])
    ys = [float(y) for y in re.findall(r'<text class="sf-t--(?:modere|eleve) sf-halo" x="4" y="([\d.]+)"', drawn)]
    assert len(ys) == 2
    assert abs(ys[0] - ys[1]) >= 17


def test_risk_axis_names_lists_and_ends_with_the_latest() -> None:
    drawn = risk_chart(LISTS)
    assert re.findall(r'class="sf-x[^"]*" x="[^"]*" y="\d+">([^<]*)<', drawn) == [
        "oct.\u00a02026", "juil.\u00a02026", "avr.\u00a02026", "janv.\u00a02026",
    ]  # fmt: skip
    assert drawn.count('class="sf-x sf-x--second"') == 2


def test_plan_that_grows_is_a_stair() -> None:
    grown = replace(DEBT, delai=MonthlySeries(OCTOBER - 4, (10_000.0, 10_000.0, 24_000.0, 24_000.0, None)))
    plan = re.search(r'class="sf-l sf-l--3" d="([^"]*)"', cotisations_chart(grown, WINDOW))
    assert plan is not None
    assert re.sub(r"[\d.]+", "n", plan[1]) == "Mn n Hn Vn Hn"


def test_risk_table_names_the_list_where_it_was_set_aside() -> None:
    rows = risk_table(LISTS).rows
    assert rows[0] == ("Oct.\u00a02026", "Alerte élevée", "41\u202f%", "14\u202f%", "28\u202f%")
    assert rows[2][1:3] == ("Écartée du score", "\u2013")


def test_headcount_is_cut_and_hatched_after_its_freshness() -> None:
    drawn = curve_chart(Curve("Effectif", "salariés", HEADCOUNT, OCTOBER - 1), WINDOW)
    assert "45\u00a0salariés" in drawn
    assert "44\u00a0salariés" not in drawn
    assert 'fill="url(#hachure)" x="80%"' in drawn
    rows = monthly_table("Effectif", [("Salariés", HEADCOUNT, OCTOBER - 1)], WINDOW).rows
    assert [row[1] for row in rows] == ["\u2013", "45", "\u2013", "57", "58"]


def test_one_employee_is_singular() -> None:
    series = MonthlySeries(OCTOBER, (1.0,))
    assert "1\u00a0salarié<" in curve_chart(Curve("Effectif", "salariés", series), Window(OCTOBER, OCTOBER))


def test_curve_of_nothing_is_still_an_axis() -> None:
    drawn = curve_chart(Curve("Effectif", "salariés", EMPTY), WINDOW)
    assert "aucune valeur connue" in drawn
    assert "sf-l--1" not in drawn


def test_short_time_work_bars_are_wide_for_authorised_and_narrow_for_used() -> None:
    ap = ActivitePartielle(MonthlySeries(OCTOBER - 4, (0, 16, 16)), MonthlySeries(OCTOBER - 4, (0, 12, 5)))
    drawn = activite_partielle_chart(ap, WINDOW)
    assert drawn.count('class="sf-b--4d" x') == 3  # two bars and the square of the label
    assert drawn.count('width="16%"') == 2
    assert drawn.count('width="9.6%"') == 2


def test_debt_is_stacked_salary_part_above_and_plan_dashed_only_while_it_runs() -> None:
    drawn = cotisations_chart(DEBT, WINDOW)
    assert drawn.count('class="sf-b--2" x') == 4 + 1
    assert drawn.count('class="sf-b--2d" x') == 3 + 1
    plan = re.search(r'class="sf-l sf-l--3" d="([^"]*)"', drawn)
    assert plan is not None
    assert plan[1].count("M") == 1
    assert "L" not in plan[1]
    assert "30\u00a0k€ part salariale" in drawn
    assert "120\u00a0k€ part patronale" in drawn


def test_salary_part_stands_on_the_employer_part() -> None:
    drawn = cotisations_chart(DEBT, WINDOW)
    shape = r'<rect class="sf-b--2{}" x="[^"]+" y="([\d.]+)" width="14.8%" height="([\d.]+)"'
    below = [float(y) for y, _ in re.findall(shape.format(""), drawn)]
    above = [float(y) + float(height) for y, height in re.findall(shape.format("d"), drawn)]
    assert above == pytest.approx(below[1:], abs=0.02)


def test_debt_label_counts_both_parts() -> None:
    drawn = cotisations_chart(DEBT, WINDOW)
    assert "de 10\u00a0k€ en juin\u00a02026 à 150\u00a0k€ en septembre\u00a02026" in drawn


def test_debt_table_is_in_euros_with_a_dash_for_the_unknown() -> None:
    table = cotisations_table(DEBT, WINDOW)
    assert table.rows[0] == ("Oct.\u00a02026", "\u2013", "\u2013", "\u2013", "\u2013")
    assert table.rows[1] == ("Sept.\u00a02026", "30\u202f000", "120\u202f000", "30\u202f000", "0")


def test_ratio_shows_company_and_sector_texts_apart() -> None:
    sectors = (SECTOR, SECTOR, Quantiles(-5, 1.5, -1.7, 10.5, 16, 214))
    drawn = ratio_chart(Ratio("Marge", "%", (2022, 2023, 2024), (6.2, 3.0, -1.8), sectors, decimals=1))
    own = re.search(r'sf-t--1 sf-halo"[^>]* y="([\d.]+)">\u22121,8', drawn)
    middle = re.search(r'class="sf-halo"[^>]* y="([\d.]+)">secteur \u22121,7', drawn)
    assert own is not None
    assert middle is not None
    assert abs(float(own[1]) - float(middle[1])) >= 17


def test_ratio_axis_is_not_set_by_the_extremes_of_the_sector() -> None:
    wide = Quantiles(-5_000, 1, 6, 10, 9_000, 30)
    drawn = ratio_chart(Ratio("Marge", "%", (2023, 2024), (6, 7), (wide, wide)))
    assert "5\u202f000" not in drawn
    ys = [float(y) for y in re.findall(r"[ML]?[\d.]+ (-?[\d.]+)", " ".join(re.findall(r' d="([^"]*)"', drawn)))]
    assert min(ys) >= 14
    assert max(ys) <= 144.1


def test_ratio_table_has_a_dash_where_sector_or_company_is_unknown() -> None:
    rows = ratio_table(RATIO).rows
    assert rows[0] == ("2024", "\u22121,8", "\u2013", "\u2013", "\u2013")
    assert rows[1] == ("2023", "\u2013", "1,5", "6,4", "10,5")


def test_timeline_starts_in_bonis_then_follows_the_changes() -> None:
    changes = [
        StateChange(date(2019, 4, 2), EtatProcol.REDRESSEMENT),
        StateChange(date(2020, 3, 11), EtatProcol.PLAN_REDRESSEMENT),
        StateChange(date(2024, 3, 14), EtatProcol.IN_BONIS),
    ]
    drawn = procedures_chart(changes, date(2026, 10, 31))
    assert re.findall(r'<rect class="([\w-]+)"', drawn) == ["sf-b--gris", "sf-b--2", "sf-b--2d", "sf-b--gris"]
    assert timeline_start(changes, date(2026, 10, 31)) == date(2018, 1, 1)
    assert [entry.text for entry in procedures_key(changes)] == [
        "In bonis",
        "Redressement judiciaire",
        "Plan de redressement",
    ]


@pytest.mark.parametrize(("filled", "label"), [(0, "0\u00a0carré coloré"), (41, "41\u00a0carrés colorés")])
def test_waffle_fills_as_many_squares_as_it_says(filled: int, label: str) -> None:
    drawn = waffle(filled)
    assert drawn.count("sf-gaufre__oui") == filled
    assert drawn.count("<rect") == 100
    assert f"{label} sur 100" in drawn


def test_waffle_refuses_more_than_a_hundred() -> None:
    with pytest.raises(ValueError, match="101"):
        waffle(101)


def test_sparkline_goes_from_zero_and_ends_on_its_last_known_value() -> None:
    drawn = sparkline([0, 5, 10, None], variant="dette", highest=10)
    assert 'd="M0.0 28.0 L33.3 15.0 L66.7 2.0"' in drawn
    assert 'class="sf-mini__bout sf-mini__bout--dette" cx="66.7%" cy="2"' in drawn


def test_sparkline_of_nothing_is_empty_and_of_zeros_is_flat() -> None:
    assert sparkline([None, None]) == ""
    assert 'd="M0.0 28.0 L100.0 28.0"' in sparkline([0, 0])


def test_figure_has_its_title_its_source_and_its_table_twin() -> None:
    twin = TwinTable("Effectif", ("Mois", "Salariés"), (("Oct. 2026", "44"),))
    built = figure(Caption("L’effectif <baisse>", "salariés", "Phrase.", "Source : Urssaf."), waffle(1), twin)
    root = ElementTree.fromstring(built)
    assert root.find("./figcaption/h3") is not None
    assert "L’effectif &lt;baisse&gt;" in built
    cells = [cell.text for cell in root.iter("td")]
    assert cells == ["44"]
    scroll = root.find("./details/div")
    assert scroll is not None
    assert scroll.attrib["tabindex"] == "0"
    assert scroll.attrib["role"] == "region"


def test_key_of_nothing_is_empty() -> None:
    assert key([]) == ""
    assert key([KeyEntry("sf-l--1", "a<b")]).count("a&lt;b") == 1
