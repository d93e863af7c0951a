"""What surrounds every plot: a title that concludes, a key, the source with its freshness, and the table twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signaux_faibles.web.ui.charts.markup import NOTHING, Markup, join, tag


@dataclass(frozen=True)
class TwinTable:
    """The figures of a chart as a table: `rows` start with the text of the row header."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class KeyEntry:
    """An entry of the key: the class of its sign and its text."""

    css: str
    text: str


@dataclass(frozen=True)
class Caption:
    """Words around a chart.

    Parameters
    ----------
    title : str
        What the chart shows, as a conclusion when there is one.
    unit : str
        Unit of the figures, in grey after the title.
    message : str
        One sentence under the title, or nothing.
    source : str
        Producer and last month known.
    """

    title: str
    unit: str = ""
    message: str = ""
    source: str = ""


def table(twin: TwinTable, *, is_folding: bool = False) -> Markup:
    """A table that can be scrolled with the keyboard; `is_folding` stacks its cells on a narrow page."""
    css = "sf-tableau sf-tableau--dense" + (" sf-tableau--replie" if is_folding else "")
    heads = [tag("th", name, scope="col", class_="sf-n" if rank else None) for rank, name in enumerate(twin.columns)]
    body = [_row(twin.columns, row) for row in twin.rows]
    caption = tag("caption", twin.caption, *([" ", tag("span", twin.note)] if twin.note else []))
    content = tag("table", caption, tag("thead", tag("tr", *heads)), tag("tbody", *body), class_=css)
    label = f"Tableau\u00a0: {twin.caption}"
    return tag("div", content, class_="sf-tableau-cadre", tabindex="0", role="region", aria_label=label)


def _row(columns: Sequence[str], row: Sequence[str]) -> Markup:
    cells = [
        tag("td", cell, class_="sf-n", data_titre=column) for column, cell in zip(columns[1:], row[1:], strict=True)
    ]
    return tag("tr", tag("th", row[0], scope="row"), *cells)


def key(entries: Sequence[KeyEntry], *, is_narrow_only: bool = True) -> Markup:
    """The key of a chart; the narrow one replaces the labels written at the end of the curves."""
    if not entries:
        return NOTHING
    css = "sf-cles sf-cles--etroit" if is_narrow_only else "sf-cles"
    return tag("ul", *(tag("li", _sign(entry.css), entry.text) for entry in entries), class_=css)


def _sign(css: str) -> Markup:
    if css.startswith("sf-l"):
        mark = tag("path", class_=f"sf-l {css}", d="M0 6H20")
    elif css == "hachure":
        mark = tag("rect", fill="url(#hachure)", width=20, height=12)
    else:
        mark = tag("rect", class_=css, width=20, height=12)
    return tag("svg", mark, view_box="0 0 20 12", aria_hidden="true")


def figure(caption: Caption, body: str, twin: TwinTable, *, keys: Markup = NOTHING, level: int = 3) -> Markup:
    """A whole chart."""
    unit = [" ", tag("span", caption.unit, class_="sf-trace__unite")] if caption.unit else []
    title = tag(f"h{level}", caption.title, *unit, class_="sf-trace__titre")
    message = tag("p", caption.message, class_="sf-trace__message") if caption.message else NOTHING
    details = tag("details", tag("summary", "Lire les chiffres en tableau"), table(twin), class_="sf-jumeau")
    parts = [
        tag("figcaption", title, message),
        tag("div", keys, body, class_="sf-trace__boite"),
        tag("p", caption.source, class_="sf-trace__source"),
        details,
    ]
    return tag("figure", join(parts), class_="sf-trace")
