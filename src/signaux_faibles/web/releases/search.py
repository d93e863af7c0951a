"""How a name is written for searching: the same on what is stored and on what the agent types."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_SEPARATORS = re.compile(r"[^0-9a-z]+")


def search_key(text: str | None) -> str:
    """Small letters without accents, words separated by one space: `Pain de l’Œuf` gives `pain de l oeuf`."""
    lowered = unicodedata.normalize("NFKD", (text or "").casefold().translate(_LIGATURES))
    bare = "".join(char for char in lowered if not unicodedata.combining(char))
    return _SEPARATORS.sub(" ", bare.translate(_LIGATURES)).strip()
