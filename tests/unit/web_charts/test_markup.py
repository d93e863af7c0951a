"""Everything a chart writes is escaped, and carries no inline style."""

from __future__ import annotations

from signaux_faibles.web.ui.charts.markup import Markup, join, number, percent, tag


def test_tag_escapes_text_and_attributes() -> None:
    built = tag("text", "<script>alert(1)</script> & Fils", aria_label='"><script>')
    assert built == (
        '<text aria-label="&quot;&gt;&lt;script&gt;">&lt;script&gt;alert(1)&lt;/script&gt; &amp; Fils</text>'
    )


def test_tag_keeps_markup_children_as_they_are() -> None:
    assert tag("g", tag("line", x1=0), "a<b") == '<g><line x1="0"/>a&lt;b</g>'


def test_tag_writes_names_and_numbers_of_svg() -> None:
    built = tag("svg", class_="sf-x", view_box="0 0 1 1", aspect="none", text_anchor="end", x=1.239, y=-0.0001, r=None)
    assert built == (
        '<svg class="sf-x" viewBox="0 0 1 1" preserveAspectRatio="none" text-anchor="end" x="1.24" y="0"></svg>'
    )


def test_only_svg_leaves_close_themselves() -> None:
    assert tag("td") == "<td></td>"
    assert tag("rect") == "<rect/>"


def test_join_escapes_what_is_not_markup() -> None:
    assert join(["<b>", Markup("<i></i>")]) == "&lt;b&gt;<i></i>"


def test_markup_is_html_for_the_template_engine() -> None:
    assert Markup("<b>").__html__() == "<b>"


def test_number_and_percent_drop_needless_zeros() -> None:
    assert (number(2.0), number(2.5), number(2.504), percent(33.333)) == ("2", "2.5", "2.5", "33.33%")
