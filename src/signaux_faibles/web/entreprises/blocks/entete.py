"""Header of the sheet: the name, what is said at once, and badges."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.releases.models import Entreprise, Score
from signaux_faibles.web.ui import typography
from signaux_faibles.web.ui.typography import counted, month, spaced

_UNDATED = {Evolution.PREMIERE: "1re alerte", Evolution.RETOUR: "De retour en alerte"}
_DATED = {
    Evolution.AGGRAVATION: "Aggravée",
    Evolution.AMELIORATION: "Atténuée",
    Evolution.SORTIE: "Sortie d’alerte",
}
"""Changes that say since when: the company was then in the list before."""


@dataclass(frozen=True)
class Badge:
    """A short word in a frame, and the variant of its class."""

    text: str
    variant: str


@dataclass(frozen=True)
class Entete:
    """Name of the company and what is said at once."""

    name: str
    lead: str
    badges: tuple[Badge, ...]


def build_entete(data: SheetData) -> Entete:
    """The header; its badges on the alert only for those who may see the score."""
    entreprise = data.entreprise
    parts = [f"SIREN {typography.siren(entreprise.siren)}", place(entreprise), activity(entreprise)]
    if entreprise.effectif_count is not None:
        when = f" en {month(entreprise.effectif_month)}" if entreprise.effectif_month else ""
        parts.append(f"{counted(entreprise.effectif_count, 'salarié')}{when}")
    return Entete(
        name=spaced(entreprise.raison_sociale or "Entreprise sans nom connu"),
        lead=" · ".join(part for part in parts if part),
        badges=tuple(_badges(data)),
    )


def place(entreprise: Entreprise) -> str:
    """`Dijon (21)`."""
    code = f"({entreprise.departement})" if entreprise.departement else ""
    return " ".join(filter(None, [entreprise.commune, code]))


def activity(entreprise: Entreprise) -> str:
    """`Chaudronnerie industrielle (25.11Z)`."""
    code = f"({entreprise.code_naf})" if entreprise.code_naf else ""
    return " ".join(filter(None, [spaced(entreprise.libelle_naf or ""), code]))


def _badges(data: SheetData) -> list[Badge]:
    badges = []
    if data.entreprise.is_active is False:
        badges.append(Badge("Fermée", "procedure"))
    if data.score is not None and data.score.niveau:
        badges += _score_badges(data.score, data)
    if data.etat_procol:
        etat = EtatProcol(data.etat_procol)
        badges.append(Badge(etat.label, "contour" if etat is EtatProcol.IN_BONIS else "procedure"))
    return badges


def _score_badges(score: Score, data: SheetData) -> list[Badge]:
    evolution = Evolution.of(score.evolution, score.is_first_alert)
    if evolution is None:
        return []
    if evolution in _UNDATED:
        return [Badge(_UNDATED[evolution], evolution.style)]
    earlier = [row.list for row in data.historique if row.list < data.release.list_month]
    since = f" depuis {month(earlier[-1])}" if earlier else ""
    return [Badge(f"{_DATED[evolution]}{since}", evolution.style)]
