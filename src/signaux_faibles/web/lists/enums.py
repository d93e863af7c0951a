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

    @classmethod
    def of(cls, evolution: str | None, is_first_alert: bool | None) -> Evolution | None:
        """What a list says of a company, from the codes of its release; None for a company that did not change.

        The one reading of these codes: cards, filters, header and past lists of a sheet say the same.
        """
        if is_first_alert:
            return cls.PREMIERE
        return {
            "entree": cls.RETOUR,
            "aggravation": cls.AGGRAVATION,
            "amelioration": cls.AMELIORATION,
            "sortie": cls.SORTIE,
        }.get(evolution or "")

    @property
    def badge(self) -> str:
        """Word of a badge."""
        return {
            "premiere": "1re alerte",
            "retour": "De retour",
            "aggravation": "Aggravée",
            "amelioration": "Atténuée",
            "sortie": "Sortie",
        }[self.value]

    @property
    def style(self) -> str:
        """Suffix of the class of its badge."""
        return {"premiere": "nouveau", "retour": "nouveau", "aggravation": "aggrave"}.get(self.value, "contour")

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
