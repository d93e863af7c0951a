"""What a release says of its model, as the service lists it."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.web.releases.models import Release
from signaux_faibles.web.releases.selectors import document_names


@dataclass(frozen=True)
class Entry:
    """A document: its name in the address, its title and what it is for."""

    name: str
    title: str
    text: str


ENTRIES = (
    Entry(
        "rapport",
        "Rapport d’évaluation",
        "Que vaut une alerte, combien de temps à l’avance, où le modèle se trompe : une page, avec des dessins.",
    ),
    Entry(
        "fiche_algorithme",
        "Fiche de l’algorithme",
        "À quoi il sert, avec quelles données, comment il calcule, qui décide, quels recours.",
    ),
    Entry("fiche_modele", "Fiche du modèle", "Ce que le modèle de la liste a appris, quand, et ses seuils."),
    Entry(
        "rapport_details",
        "Tableaux de l’évaluation",
        "Chaque secteur, territoire, taille et année, avec et sans les procédures déjà connues.",
    ),
)
"""Every document that a page may show, in the order of the menu."""

TITLES = {entry.name: entry.title for entry in ENTRIES}


def entries_of(release: Release) -> list[Entry]:
    """Documents that a release brought."""
    names = document_names(release)
    return [entry for entry in ENTRIES if f"{entry.name}.md" in names]
