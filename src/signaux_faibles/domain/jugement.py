"""Judgments published in the Bodacc: what the wording of one says of a collective proceeding.

The wording is free: accents, case and apostrophes vary, and text decoded twice is common (`clÃ´ture`). Rules are data
(`nomenclature/natures_bodacc.csv`): patterns tried in order over the wording once made plain, the first that matches
counts. A wording that none matches is unknown, which is not the same as one that changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from signaux_faibles.domain.nomenclature import read_nomenclature

CANCELLED = "annulation"
"""Stage of the judgments that undo an earlier notice."""

_MOJIBAKE = re.compile("[ÂÃâ]")


@dataclass(frozen=True)
class Nature:
    """A rule, and what it says.

    Parameters
    ----------
    motif, complement : pattern
        Searched in the wording and in its complement, both made plain.
    action : str
        `liquidation`, `redressement`, `sauvegarde`, or empty when the judgment does not say.
    stade : str
        Stage of the proceeding, in the words of Urssaf's own file; empty when the judgment changes nothing to it.
    exemple : str
        A wording that the rule is for.
    """

    motif: re.Pattern[str]
    complement: re.Pattern[str]
    action: str
    stade: str
    exemple: str


@cache
def natures() -> tuple[Nature, ...]:
    """Every rule, in order."""
    rows = read_nomenclature("natures_bodacc.csv")
    return tuple(
        Nature(re.compile(r["motif"]), re.compile(r["complement"]), r["action"], r["stade"], r["exemple"]) for r in rows
    )


def repaired(text: str) -> str:
    """A text decoded twice, decoded once; any other as it is."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode()
        except UnicodeError:
            continue
    return text


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text in lower case, without accents, with single spaces and straight apostrophes."""
    bare = unicodedata.normalize("NFKD", repaired(text)).replace("\u2019", "'")
    kept = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(kept.lower().split())


@lru_cache(maxsize=4096)
def nature_of(wording: str, complement: str = "") -> Nature | None:
    """The rule that a wording follows; None for an unknown one."""
    text, more = plain(wording), plain(complement)
    return next((rule for rule in natures() if rule.motif.search(text) and rule.complement.search(more)), None)
