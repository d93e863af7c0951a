"""Themes in which features are explained to agents."""

from __future__ import annotations

from enum import StrEnum


class Theme(StrEnum):
    """Theme of a feature; its order here breaks ties on the screens."""

    DETTE_URSSAF = "dette_urssaf"
    SANTE_FINANCIERE = "sante_financiere"
    ACTIVITE_PARTIELLE = "activite_partielle"
    RETARDS_PAIEMENT = "retards_paiement"
    EFFECTIF = "effectif"
    IDENTITE = "identite"

    @property
    def label(self) -> str:
        """French label of the theme."""
        return {
            "dette_urssaf": "Dettes Urssaf",
            "sante_financiere": "Santé financière",
            "activite_partielle": "Activité partielle",
            "retards_paiement": "Retards de paiement",
            "effectif": "Effectif",
            "identite": "Secteur, âge et taille",
        }[self.value]
