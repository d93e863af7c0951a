"""Waffle: a probability as so many companies out of a hundred."""

from __future__ import annotations

from signaux_faibles.web.ui.charts.markup import Markup, join, tag


def waffle(filled: int) -> Markup:
    """A hundred squares, read from left to right and from top to bottom.

    Raises
    ------
    ValueError
        If `filled` is not between 0 and 100.
    """
    if not 0 <= filled <= 100:
        raise ValueError(f"waffle: {filled} squares out of 100")
    squares = join(
        tag(
            "rect",
            class_="sf-gaufre__oui" if rank < filled else "sf-gaufre__non",
            x=rank % 10 * 10 + 1,
            y=rank // 10 * 10 + 1,
            width=8,
            height=8,
            rx=1.2,
        )
        for rank in range(100)
    )
    label = f"{filled}\u00a0{'carrés colorés' if filled > 1 else 'carré coloré'} sur 100"
    return tag("svg", squares, class_="sf-gaufre", view_box="0 0 100 100", role="img", aria_label=label)
