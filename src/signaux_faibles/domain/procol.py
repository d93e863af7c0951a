"""Collective proceedings (*procol*): states, their gravity and their French labels.

References
----------
Code de commerce, livre VI; `clean_procol` of the reference importer for the stages met in Urssaf's files.
"""

from __future__ import annotations

from enum import StrEnum


class EtatProcol(StrEnum):
    """State of a company with respect to collective proceedings."""

    IN_BONIS = "in_bonis"
    SAUVEGARDE = "sauvegarde"
    PLAN_SAUVEGARDE = "plan_sauvegarde"
    REDRESSEMENT = "redressement"
    PLAN_REDRESSEMENT = "plan_redressement"
    LIQUIDATION = "liquidation"

    @property
    def label(self) -> str:
        """French label of the state."""
        return {
            "in_bonis": "In bonis",
            "sauvegarde": "Sauvegarde",
            "plan_sauvegarde": "Plan de sauvegarde",
            "redressement": "Redressement judiciaire",
            "plan_redressement": "Plan de redressement",
            "liquidation": "Liquidation judiciaire",
        }[self.value]


ACTIONS = ("liquidation", "redressement", "sauvegarde")
"""Kinds of proceeding, gravest first: two running at once are shown as the gravest."""

STAGE_OPENING = "ouverture"
STAGE_PLAN = "plan_continuation"
STAGES_END = ("fin_procedure", "inclusion_autre_procedure", "abandon_procedure")
"""Stages after which the proceeding no longer runs. `abandon_procedure` is an end too: the importer before ours
left it running."""

STAGE_IGNORED = "solde_procedure"
"""Administrative closing of one establishment: says nothing of the company."""

PLAN_YEARS = 10
"""A continuation plan lasts at most ten years."""
