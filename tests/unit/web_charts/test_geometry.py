"""Where values, months and labels fall."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaux_faibles.web.ui.charts import marks
from signaux_faibles.web.ui.charts.labels import EndLabel, end_labels, spread
from signaux_faibles.web.ui.charts.panel import Panel, drawing
from signaux_faibles.web.ui.charts.scale import Scale, nice_scale
from signaux_faibles.web.ui.charts.series import MonthlySeries, runs

PANEL = Panel("Essai", 4, Scale(0, 60, (0, 20, 40, 60), 0), height=120, top=20, bottom=26)
finite = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "whole", "ticks"),
    [
        (0, 58, False, (0, 20, 40, 60)),
        (0, 240, False, (0, 80, 160, 240)),
        (-1.8, 7.1, False, (-2.5, 0, 2.5, 5, 7.5)),
        (0, 0, False, (0, 0.5, 1)),
        (0, 2, True, (0, 1, 2)),
        (0, 0.45, False, (0, 0.25, 0.5)),
    ],
)
def test_scale_has_round_graduations(low: float, high: float, whole: bool, ticks: tuple[float, ...]) -> None:
    assert nice_scale(low, high, whole=whole).ticks == pytest.approx(ticks)


@given(finite, finite)
def test_scale_holds_zero_and_both_values_with_few_graduations(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    scale = nice_scale(low, high)
    slack = 1e-6 * max(abs(low), abs(high)) + 1e-9
    assert scale.low <= min(low, 0) + slack
    assert scale.high >= max(high, 0) - slack
    assert any(abs(tick) < 1e-12 for tick in scale.ticks)
    assert 2 <= len(scale.ticks) <= 6


def test_month_falls_in_the_middle_of_its_slot_and_value_between_top_and_floor() -> None:
    assert [PANEL.x(i) for i in range(4)] == ["12.5%", "37.5%", "62.5%", "87.5%"]
    assert (PANEL.y(60), PANEL.y(30), PANEL.y(0)) == (20, 80, 140)


def test_missing_value_breaks_the_line() -> None:
    assert runs([1, 2, None, 3]) == [[(0, 1), (1, 2)], [(3, 3)]]
    path = re.search(r'd="([^"]*)"', marks.line(PANEL, [0, 60, None, 30], "sf-l--1"))
    assert path is not None
    assert path[1] == "M125.0 140.0 L375.0 20.0 M800.0 80.0 H950.0"


def test_line_of_nothing_draws_nothing() -> None:
    assert marks.line(PANEL, [None, None], "sf-l--1") == ""


def test_bars_stand_on_their_base_and_zero_draws_none() -> None:
    drawn = marks.bars(PANEL, [20, 0, None, 40], "sf-b--2d", base=[20, 5, 5, 0], share=0.8)
    found = re.findall(r'x="([\d.]+)%" y="([\d.]+)" width="20%" height="([\d.]+)"', drawn)
    assert found == [("2.5", "60", "40"), ("77.5", "60", "80")]


def test_negative_bar_hangs_from_zero() -> None:
    panel = Panel("Essai", 1, Scale(-10, 10, (-10, 0, 10), 0), height=100, top=0)
    assert 'y="50" width="62%" height="25"' in marks.bars(panel, [-5], "sf-b--2")


def test_hatching_covers_the_months_not_known() -> None:
    assert 'x="50%" y="20" width="50%" height="120"' in marks.unknown_from(PANEL, 2)
    assert marks.unknown_from(PANEL, 4) == ""


def test_band_skips_years_without_sector() -> None:
    drawn = marks.band(PANEL, [0, 0, None, 10], [20, 20, 30, 40], "sf-bande")
    assert drawn.count("<path") == 1
    assert drawn.count("<rect") == 1


@given(st.integers(min_value=2000 * 12, max_value=2040 * 12), st.integers(min_value=1, max_value=160))
def test_month_labels_are_few_and_away_from_the_edges(first: int, count: int) -> None:
    labelled = marks.labelled_months(first, count)
    assert 1 <= len(labelled) <= 4
    assert 1 <= sum(kept for _, kept in labelled) <= 3
    if count >= 25:
        assert all((first + index) % 6 == 0 for index, _ in labelled)
        assert all(index / count > 0.03 and index / count < 0.95 for index, _ in labelled)


@given(st.lists(st.floats(min_value=20, max_value=200), min_size=1, max_size=8))
def test_labels_never_overlap_and_stay_above_the_floor(wished: list[float]) -> None:
    placed = spread(wished, gap=17, top=20, bottom=200)
    ordered = sorted(placed)
    assert all(after - before >= 17 - 1e-6 for before, after in pairwise(ordered))
    assert max(placed) <= 200
    by_wish = sorted(range(len(wished)), key=lambda i: (wished[i], i))
    assert [placed[i] for i in by_wish] == ordered


def test_colliding_labels_move_down_at_the_top_and_up_at_the_bottom() -> None:
    assert spread([20, 22], gap=17, top=20, bottom=200) == [20, 37]
    assert spread([198, 200], gap=17, top=20, bottom=200) == [183, 200]


def test_labels_that_do_not_collide_stay_where_they_are() -> None:
    assert spread([30, 90, 60], gap=17, top=20, bottom=200) == [30, 90, 60]


def test_end_labels_of_two_lines_are_32_pixels_apart() -> None:
    drawn = end_labels(PANEL, [EndLabel(30, "a", "sf-t--1", "détail"), EndLabel(31, "b", "sf-b--2")])
    ys = [float(y) for y in re.findall(r'<text class="sf-etq [^"]*" x="100%" dx="\d+" y="([\d.]+)"', drawn)]
    assert abs(ys[0] - ys[1]) >= 32


def test_drawing_says_what_it_shows() -> None:
    drawn = drawing(PANEL, [])
    assert 'role="img" aria-label="Essai"' in drawn
    assert 'height="166"' in drawn


def test_series_outside_its_months_is_unknown_and_is_cut_at_its_freshness() -> None:
    series = MonthlySeries(100, (1.0, None, 3.0))
    assert series.window(99, 103) == (None, 1.0, None, 3.0, None)
    assert series.last_known() == (102, 3.0)
    assert series.until(101).last_known() == (100, 1.0)
    assert series.until(98).values == ()
