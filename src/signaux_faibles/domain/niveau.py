"""Alert levels shown to agents, from the gravest to none."""

from __future__ import annotations

from enum import StrEnum


class Niveau(StrEnum):
    """Level of a company in a list, as written in a release."""

    ELEVE = "eleve"
    MODERE = "modere"
    AUCUN = "aucun"

    @property
    def rank(self) -> int:
        """2 for the gravest, 0 for none."""
        return {"eleve": 2, "modere": 1, "aucun": 0}[self.value]

    @property
    def label(self) -> str:
        """French label of the level, as on the screens."""
        return {"eleve": "Alerte élevée", "modere": "Alerte modérée", "aucun": "Pas d'alerte"}[self.value]


def niveau_of(probability: float, *, threshold_eleve: float, threshold_modere: float) -> Niveau:
    """Level of a probability; a probability equal to a threshold reaches it."""
    if probability >= threshold_eleve:
        return Niveau.ELEVE
    if probability >= threshold_modere:
        return Niveau.MODERE
    return Niveau.AUCUN
