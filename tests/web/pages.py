"""Reading a page as an agent does: its words, its table rows, its company cards, and the password it signs in with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

PASSWORD = "mot-de-passe-d-essai"

_TAG = re.compile(r"<[^>]+>")
_SPACES = re.compile(r"[ \n]+")


def text_of(html: str) -> str:
    """Words of a piece of page, ordinary spaces made one, typographic spaces kept."""
    return _SPACES.sub(" ", unescape(_TAG.sub(" ", html))).strip()


def row_of(html: str, name: str) -> list[str]:
    """Cells of the table row whose header holds a name."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", html, re.S) if name in unescape(row))
    return [text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]


@dataclass(frozen=True)
class ShownCard:
    """A company card: its SIREN, its name as shown, all its words."""

    siren: str
    name: str
    words: str


def cards_of(html: str) -> list[ShownCard]:
    """Cards of a list, in order."""
    found = []
    for card in re.findall(r'<li class="sf-fiche.*?</li>', html, re.S):
        siren = re.findall(r'href="/entreprises/([0-9]{9})/', card)[0]
        found.append(ShownCard(siren, text_of(re.findall(r"<h3.*?</h3>", card, re.S)[0]), text_of(card)))
    return found


def link_of(html: str, words: str) -> str:
    """Address of the first link with these words."""
    for href, content in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.S):
        if words in text_of(content):
            return unescape(href)
    raise AssertionError(f"no link says {words!r}")
