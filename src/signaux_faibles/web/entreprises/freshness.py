"""Until which month each source of a release speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.web.ui.typography import INSECABLE, joined, month

_NAMES: dict[str, tuple[str, ...]] = {
    "effectif": ("effectif_ent", "effectif"),
    "cotisation": ("cotisation",),
    "debit": ("debit",),
    "delai": ("delai",),
    "ap": ("apconso", "apdemande"),
    "retard": ("paydex",),
    "comptes": ("comptes",),
    "procol": ("procol",),
}
"""Names under which a release may give the freshness of each kind of data, the best first."""


@dataclass(frozen=True)
class Freshness:
    """Last months covered, by source, as the manifest of a release gives them."""

    by_source: Mapping[str, str]
    as_of: int

    def of(self, kind: str) -> int | None:
        """Last month covered for a kind of data; None when the release does not say."""
        for name in _NAMES[kind]:
            text = self.by_source.get(name)
            if text:
                try:
                    return min(parse_month(text), self.as_of)
                except InputError:
                    return None
        return None

    def earliest(self, *kinds: str) -> int | None:
        """Earliest of several kinds: the month until which a chart that mixes them is whole."""
        months = [month for kind in kinds if (month := self.of(kind)) is not None]
        return min(months) if months else None

    def source(self, producer: str, *kinds: str) -> str:
        """Line under a chart: `Source : Urssaf, données connues jusqu'en septembre 2026`."""
        return f"Source{INSECABLE}: {producer}, {self._known(*kinds)}."

    def sources(self, *producers: tuple[str, str]) -> str:
        """The same for several (producer, kind): `Sources : Urssaf (...) et DGEFP (...)`."""
        return f"Sources{INSECABLE}: {joined([f'{name} ({self._known(kind)})' for name, kind in producers])}."

    def _known(self, *kinds: str) -> str:
        last = self.earliest(*kinds)
        return f"données connues jusqu’en {month(last)}" if last is not None else "dernier mois connu non communiqué"
