"""Markdown of a release as a page: nothing inline, no HTML of its own, links and drawings of the same release only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from signaux_faibles.web.ui.typography import spaced

PAGE, DRAWING = ".md", ".svg"


def to_html(text: str) -> SafeString:
    """A page: its tables can be scrolled with the keyboard, its spaces are those of French typography."""
    return mark_safe(_parser().render(text))  # the parser escapes everything it did not write


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=PageRenderer).enable("table")


class PageRenderer(RendererHTML):
    """How the elements that differ from plain Markdown are written."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Words, spaced as French asks."""
        return escape(spaced(tokens[idx].content), quote=False)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """A table in a frame that scrolls, named by its number and the title it is under."""
        before = tokens[:idx]
        number = 1 + sum(token.type == "table_open" for token in before)
        titles = [after.content for token, after in pairwise(before) if token.type == "heading_open"]
        name = escape(spaced(f"Tableau {number}" + (f" : {titles[-1]}" if titles else "")))
        return (
            f'<div class="sf-tableau-cadre" tabindex="0" role="region" aria-label="{name}">'
            '<table class="sf-tableau sf-tableau--dense">\n'
        )

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """End of the table and of its frame."""
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Head of a column; figures are at the right."""
        # An empty head names nothing: it is a cell.
        return f'<th{_right(tokens[idx])} scope="col">' if tokens[idx + 1].content else "<td>"

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """End of a head."""
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """A cell, its side said by a class since the policy refuses styles; the first of a row names it."""
        return '<th scope="row">' if tokens[idx - 1].type == "tr_open" else f"<td{_right(tokens[idx])}>"

    def td_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """End of a cell."""
        return "</th>\n" if tokens[idx - 3].type == "tr_open" else "</td>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """A link to another page of the release; any other leads nowhere."""
        name = str(tokens[idx].attrs.get("href", ""))
        if "/" in name or not name.endswith(PAGE):
            return "<a>"
        return f'<a href="{escape(reverse("model-document", args=[name.removesuffix(PAGE)]))}">'

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """A drawing of the release, with what is read instead; of any other image, the words alone."""
        name, words = str(tokens[idx].attrs.get("src", "")), escape(spaced(tokens[idx].content))
        if "/" in name or not name.endswith(DRAWING):
            return words
        address = escape(reverse("model-drawing", args=[name.removesuffix(DRAWING)]))
        return (
            f'<img class="sf-document__dessin" src="{address}" alt="{words}" width="720" height="320" loading="lazy">'
        )


def _right(token: Token) -> str:
    return ' class="sf-n"' if "right" in str(token.attrs.get("style", "")) else ""
