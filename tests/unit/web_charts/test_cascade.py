"""The waterfall adds up, to the figure shown, whatever the score."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signaux_faibles.web.ui.charts.cascade import Cascade, Contribution, cascade_chart, cascade_table

TERMS = (
    Contribution("Dettes Urssaf", 0.1944),
    Contribution("Santé financière", 0.1117),
    Contribution("Secteur, âge et taille", -0.0311),
)


def make_cascade(*, base: float = 0.0281, terms: tuple[Contribution, ...] = TERMS, eleve: float = 0.3) -> Cascade:
    return Cascade(base, terms, base + sum(t.value for t in terms), 0.12, eleve)


def shown_numbers(text: str) -> list[Decimal]:
    return [Decimal(found.replace("\u2212", "-").replace(",", ".")) for found in re.findall(r"[+\u2212]?\d+,\d", text)]


def test_displayed_bars_add_up_to_the_displayed_total() -> None:
    rows = cascade_table(make_cascade()).rows
    assert [row[1] for row in rows] == ["2,8\u202f%", "+19,4", "+11,2", "\u22123,1", ""]
    assert rows[-1][2] == "30,3\u202f%"


@example(0.0095, [0.0])
@given(
    st.floats(min_value=0.001, max_value=0.2),
    st.lists(st.floats(min_value=-0.2, max_value=0.3), min_size=1, max_size=6),
)
def test_any_waterfall_adds_up_exactly(base: float, values: list[float]) -> None:
    terms = tuple(Contribution(f"T{rank}", value) for rank, value in enumerate(values))
    rows = cascade_table(make_cascade(base=base, terms=terms)).rows
    parts = sum((shown_numbers(row[1]) or [Decimal(0)])[0] for row in rows[:-1])
    assert parts == shown_numbers(rows[-1][2])[0]


def test_bars_float_from_one_running_total_to_the_next() -> None:
    drawn = cascade_chart(make_cascade(base=0.1, terms=(Contribution("A", 0.3), Contribution("B", -0.1))))
    bars = re.findall(r'<rect class="sf-cas-(base|hausse|baisse|total)" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', drawn)
    assert [name for name, *_ in bars] == ["base", "hausse", "baisse", "total"]
    starts = {name: (float(x), float(x) + float(width)) for name, x, width in bars}
    assert starts["base"][1] == pytest.approx(starts["hausse"][0], abs=0.02)
    assert starts["hausse"][1] == pytest.approx(starts["baisse"][1], abs=0.02)
    assert starts["baisse"][0] == pytest.approx(starts["total"][1], abs=0.02)


def test_longest_bar_leaves_room_for_its_figure() -> None:
    drawn = cascade_chart(make_cascade(base=0.5, terms=(Contribution("A", 0.48),)))
    ends = [
        float(x) + float(w)
        for x, w in re.findall(r'<rect class="sf-cas-[hbt]\w+" x="([\d.]+)%"[^>]*width="([\d.]+)%"', drawn)
    ]
    assert max(ends) <= 74.1
    assert "120\u202f%" not in drawn


def test_waterfall_that_does_not_add_up_is_refused() -> None:
    cascade = Cascade(0.03, TERMS, 0.9, 0.12, 0.3)
    assert not cascade.is_consistent
    with pytest.raises(ValueError, match="add up"):
        cascade_chart(cascade)


def test_thresholds_are_those_of_the_list_and_do_not_collide() -> None:
    drawn = cascade_chart(make_cascade(eleve=0.145))
    assert "14,5\u202f%" in drawn
    assert "12\u202f%" in drawn
    heights = [int(y) for y in re.findall(r'sf-cas-seuil" x="[\d.]+%" y="(\d+)"', drawn)]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 16


def test_small_risk_does_not_show_a_far_threshold() -> None:
    drawn = cascade_chart(make_cascade(base=0.02, terms=(Contribution("A", -0.01),)))
    assert "sf-seuil-eleve" not in drawn
    assert "sf-seuil-modere" not in drawn


def test_running_total_below_zero_is_drawn_inside_the_plot() -> None:
    drawn = cascade_chart(make_cascade(base=0.02, terms=(Contribution("A", -0.05), Contribution("B", 0.04))))
    assert not re.search(r'<rect[^>]* x="-', drawn)


def test_names_are_escaped() -> None:
    drawn = cascade_chart(make_cascade(terms=(Contribution("<script>x</script>", 0.1, detail="a & <b>"),)))
    assert "<script>" not in drawn
    assert "a &amp; &lt;b&gt;" in drawn


def test_theme_without_effect_is_neither_a_rise_nor_a_fall() -> None:
    drawn = cascade_chart(make_cascade(terms=(Contribution("Activité partielle", 0.0001), Contribution("B", 0.1))))
    assert drawn.count('class="sf-cas-base"') == 2
    assert drawn.count('class="sf-cas-hausse"') == 1
