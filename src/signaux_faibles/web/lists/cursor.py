"""Where a page of a list starts: the exact risk and the SIREN of a company, in the address of the page."""

from __future__ import annotations

import math
from dataclasses import dataclass

from signaux_faibles.domain.siren import SIREN_PATTERN


@dataclass(frozen=True)
class Cursor:
    """After a company, or before it when `is_backward`.

    The risk is written with as many digits as it takes to read the same number again: equal risks stay equal.
    """

    risk: float
    siren: str
    is_backward: bool = False

    @property
    def text(self) -> str:
        """Text for the address of the page."""
        return f"{self.risk!r}_{self.siren}"


def parse_cursor(text: str, *, is_backward: bool = False) -> Cursor | None:
    """Cursor of a text; None when it is not one."""
    risk, separator, siren = text.partition("_")
    try:
        value = float(risk)
    except ValueError:
        return None
    if not separator or not math.isfinite(value) or not SIREN_PATTERN.fullmatch(siren):
        return None
    return Cursor(value, siren, is_backward)
