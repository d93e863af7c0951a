"""How many random cases a test runs: few in `make test`, many in `make deep`."""

from __future__ import annotations

import os


def examples(few: int, *, deep: int) -> int:
    """Number of cases: `deep` when `SIGNAUX_DEEP` is set."""
    return deep if os.environ.get("SIGNAUX_DEEP") else few
