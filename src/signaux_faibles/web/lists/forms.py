"""The filters of a list, read from the address of the page and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.territoire import departements
from signaux_faibles.web.accounts.rules import Zone
from signaux_faibles.web.lists.enums import Evolution
from signaux_faibles.web.releases.codes import Code

NIVEAUX = (Niveau.ELEVE, Niveau.MODERE)
MAX_EFFECTIF = 1_000_000


@dataclass(frozen=True)
class Filters:
    """Checked filters of a list; the defaults filter nothing.

    Parameters
    ----------
    q : str
        SIREN, SIRET, or words of the name.
    niveaux : tuple of Niveau
    evolution : Evolution, optional
        `SORTIE` shows the companies that left the list; every other filter keeps to companies in alert.
    departement : str
        Code of the departement of an active establishment or of the head office; empty for the whole zone.
    effectif_min : int, optional
        A company of unknown headcount is then left out.
    without : tuple of Code
        Flags whose companies are left out, among those that the agent may read.
    """

    q: str = ""
    niveaux: tuple[Niveau, ...] = NIVEAUX
    evolution: Evolution | None = None
    departement: str = ""
    effectif_min: int | None = None
    without: tuple[Code, ...] = ()

    @property
    def params(self) -> dict[str, str | list[str]]:
        """The filters as the address of a page carries them, without those that filter nothing."""
        found: dict[str, str | list[str]] = {
            "q": self.q,
            "niveau": [n.value for n in self.niveaux] if self.niveaux != NIVEAUX else [],
            "evolution": self.evolution.value if self.evolution else "",
            "departement": self.departement,
            "effectif_min": "" if self.effectif_min is None else str(self.effectif_min),
            "sans": [code.name for code in self.without],
        }
        return {name: value for name, value in found.items() if value}

    @property
    def is_exits(self) -> bool:
        """True when the page shows the companies that left the list."""
        return self.evolution is Evolution.SORTIE


class WholeNumber(forms.IntegerField):
    """A whole number as people write it, spaces between thousands included."""

    def to_python(self, value: Any) -> int | None:
        """The number, or None for nothing."""
        if isinstance(value, str):
            value = "".join(value.split())
        number: int | None = super().to_python(value)
        return number


class ListFilterForm(forms.Form):
    """Filters of a list as the agent wrote them; `flags` are those that the agent may filter on, all others unknown."""

    q = forms.CharField(
        required=False, max_length=100, error_messages={"max_length": "Écrivez 100 caractères au plus."}
    )
    niveau = forms.MultipleChoiceField(
        required=False,
        choices=[(n.value, n.label) for n in NIVEAUX],
        error_messages={"invalid_choice": "Ce niveau n’existe pas. Choisissez « Élevée » ou « Modérée »."},
    )
    evolution = forms.ChoiceField(
        required=False,
        choices=[("", "Toutes"), *((e.value, e.label) for e in Evolution)],
        error_messages={"invalid_choice": "Cette évolution n’existe pas. Choisissez-en une dans la liste."},
    )
    departement = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": "Ce département n’est pas dans votre zone. Choisissez-en un dans la liste."},
    )
    effectif_min = WholeNumber(
        required=False,
        min_value=0,
        max_value=MAX_EFFECTIF,
        error_messages={
            "invalid": "Écrivez un nombre entier, par exemple 10.",
            "min_value": "Écrivez un nombre positif ou nul.",
            "max_value": "Écrivez un nombre inférieur à un million.",
        },
    )

    sans = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": "Ce critère n’existe pas dans cette liste. Cochez-en un de la page."},
    )

    def __init__(self, data: QueryDict, zone: Zone, flags: Sequence[Code] = ()) -> None:
        super().__init__(data)
        self.flags = tuple(flags)
        self.fields["sans"].choices = [(code.name, code.label) for code in flags]
        self.fields["departement"].choices = [("", "Toute ma zone"), *departement_choices(zone)]

    @property
    def filters(self) -> Filters:
        """Checked filters; to be read once the form is valid."""
        clean = self.cleaned_data
        return Filters(
            q=clean["q"],
            niveaux=tuple(n for n in NIVEAUX if n.value in clean["niveau"]) or NIVEAUX,
            evolution=Evolution(clean["evolution"]) if clean["evolution"] else None,
            departement=clean["departement"],
            effectif_min=clean["effectif_min"],
            without=tuple(code for code in self.flags if code.name in clean["sans"]),
        )


def departement_choices(zone: Zone) -> list[tuple[str, str]]:
    """Departements an agent may filter on: those of the zone, by code."""
    known = departements()
    codes = sorted(known if zone.is_national else zone.codes)
    return [(code, f"{known[code].libelle} ({code})" if code in known else code) for code in codes]
