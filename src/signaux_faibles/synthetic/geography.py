"""Real communes where invented companies sit, drawn in proportion to their population."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from signaux_faibles.domain.territoire import departements
from signaux_faibles.synthetic.arrays import Floats, Ints
from signaux_faibles.synthetic.regime import region_codes

_URBAN = 1.15
"""Jobs gather in towns more than people do: the weight of a commune is its population to this power."""


@dataclass(frozen=True)
class Communes:
    """Communes as parallel columns, and the cumulated weight used to draw one."""

    code: tuple[str, ...]
    nom: tuple[str, ...]
    departement: tuple[str, ...]
    code_postal: tuple[str, ...]
    longitude: Floats
    latitude: Floats
    region: Ints
    cumulated: Floats

    def draw(self, uniform: Floats) -> Ints:
        """Rank of the commune of each uniform draw."""
        return np.minimum(np.searchsorted(self.cumulated, uniform, side="right"), len(self.code) - 1)


@cache
def communes() -> Communes:
    """Communes of 1,500 inhabitants and more (data/README.md tells their origin)."""
    with (files("signaux_faibles.synthetic.data") / "communes.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    ranks = {code: rank for rank, code in enumerate(region_codes())}
    weights = np.array([float(row["population"]) for row in rows]) ** _URBAN
    return Communes(
        code=tuple(row["code"] for row in rows),
        nom=tuple(row["nom"] for row in rows),
        departement=tuple(row["departement"] for row in rows),
        code_postal=tuple(row["code_postal"] for row in rows),
        longitude=np.array([float(row["longitude"]) for row in rows]),
        latitude=np.array([float(row["latitude"]) for row in rows]),
        region=np.array([ranks[departements()[row["departement"]].region] for row in rows]),
        cumulated=np.cumsum(weights) / weights.sum(),
    )
