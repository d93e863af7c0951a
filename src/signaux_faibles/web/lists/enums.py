"""What a company became since the list before, as agents filter on it."""

from __future__ import annotations

from enum import StrEnum

from signaux_faibles.web.ui.typography import plural


class Evolution(StrEnum):
    """Change since the list before; the value is what the address of a page carries."""

    PREMIERE = "premiere"
    RETOUR = "retour"
    AGGRAVATION = "aggravation"
    AMELIORATION = "amelioration"
    SORTIE = "sortie"

    @property
    def label(self) -> str:
        """French name of the filter."""
        return {
            "premiere": "Première alerte",
            "retour": "Retour après une sortie",
            "aggravation": "Aggravée",
            "amelioration": "Atténuée",
            "sortie": "Sortie de la liste",
        }[self.value]

    def counted_label(self, count: int) -> str:
        """What follows its count: `57 premières alertes`."""
        return {
            "premiere": plural(count, "première alerte", "premières alertes"),
            "retour": plural(count, "retour après une sortie", "retours après une sortie"),
            "aggravation": f"{plural(count, 'aggravée')}, de modérée à élevée",
            "amelioration": f"{plural(count, 'atténuée')}, d’élevée à modérée",
            "sortie": plural(count, "sortie de la liste", "sorties de la liste"),
        }[self.value]
