"""Identity of a company, as Insee knows it. Public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.domain.territoire import departements
from signaux_faibles.web.entreprises.selectors import SheetData
from signaux_faibles.web.releases.models import Entreprise
from signaux_faibles.web.ui import typography
from signaux_faibles.web.ui.typography import ABSENT, INSECABLE, counted, spaced


@dataclass(frozen=True)
class Fact:
    """A line of the identity card."""

    label: str
    value: str
    detail: str = ""


def build_identite(data: SheetData) -> tuple[Fact, ...]:
    """Identity of the company, as Insee knows it."""
    entreprise = data.entreprise
    codes = [f"NAF rév.{INSECABLE}2{INSECABLE}: {entreprise.code_naf}"] if entreprise.code_naf else []
    codes += [f"NAF 2025{INSECABLE}: {entreprise.code_naf25}"] if entreprise.code_naf25 else []
    region = departements().get(entreprise.departement or "")
    return (
        Fact("Forme juridique", spaced(entreprise.libelle_categorie_juridique or ABSENT)),
        Fact("Création", typography.day(entreprise.date_creation), _age(entreprise.date_creation, data.as_of)),
        Fact("Siège", _address(entreprise), region.libelle_region if region else ""),
        Fact("Activité principale", spaced(entreprise.libelle_naf or ABSENT), ", ".join(codes)),
        Fact("Secteur", spaced(entreprise.libelle_section or ABSENT)),
        Fact("Situation", _situation(data)),
    )


def _address(entreprise: Entreprise) -> str:
    street, town = entreprise.adresse_siege or "", entreprise.commune or ""
    text = street if town and town.lower() in street.lower() else ", ".join(filter(None, [street, town]))
    return spaced(text) or ABSENT


def _age(created: date | None, as_of: int) -> str:
    if created is None:
        return ""
    years = (as_of - (created.year * 12 + created.month - 1)) // 12
    return "moins d’un an" if years < 1 else counted(years, "an")


def _situation(data: SheetData) -> str:
    if data.entreprise.is_active is False:
        return "Fermée"
    return EtatProcol(data.etat_procol).label if data.etat_procol else "En activité"
