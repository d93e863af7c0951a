"""Base variables: the features that tell one quantity (its windows, its changes, its rank) are explained as one.

A feature belongs to the group of the longest prefix that its name begins with, whole words only; one that no group
claims is a variable by itself. A rank among the companies of the month belongs to the feature that it ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.model.learners import Doubles


@dataclass(frozen=True)
class Group:
    """Features told together.

    Parameters
    ----------
    code : str
    label : str
        French, as an agent reads it.
    prefixes : tuple of str
        First words of the names of the features.
    """

    code: str
    label: str
    prefixes: tuple[str, ...]


GROUPS: tuple[Group, ...] = (
    Group("debit", "Dette Urssaf", ("debit",)),
    Group("debit_ouvriere", "Part salariale de la dette Urssaf", ("debit_ouvriere",)),
    Group("debit_patronale", "Part patronale de la dette Urssaf", ("debit_patronale",)),
    Group("cotisation", "Cotisations Urssaf", ("cotisation",)),
    Group("delai", "Délais de paiement Urssaf", ("delai",)),
    Group("chiffre_d_affaires", "Chiffre d'affaires", ("chiffre_d_affaires",)),
    Group("ebe_sur_ca", "Marge d'EBE", ("ebe_sur_ca",)),
    Group("resultat_net", "Résultat net", ("resultat_net",)),
    Group("autonomie_financiere", "Autonomie financière", ("autonomie_financiere",)),
    Group("credit_fournisseurs", "Crédit fournisseurs", ("credit_fournisseurs",)),
    Group("ap_consommee", "Activité partielle consommée", ("ap",)),
    Group(
        "ap_autorisee",
        "Activité partielle autorisée",
        (
            "ap_autorise",
            "ap_economique",
            "ap_approvisionnement",
            "ap_restructuration",
            "ap_exceptionnel",
            "ap_special",
        ),
    ),
    Group("ap_demande", "Demandes d'activité partielle", ("ap_demande",)),
    Group("retard", "Retard de paiement", ("retard",)),
    Group("fpi", "Encours fournisseurs en retard", ("fpi",)),
    Group("effectif", "Effectif", ("effectif",)),
    Group("etablissements", "Établissements", ("etablissements",)),
    Group("activite", "Secteur d'activité", ("section_naf", "division_naf")),
    Group("secteur_ouvertures", "Procédures dans la division d'activité", ("secteur_ouvertures",)),
    Group("departement_ouvertures", "Procédures dans le département", ("departement_ouvertures",)),
)

_OF_PREFIX = {prefix: group for group in GROUPS for prefix in group.prefixes}


def group_of(feature: str) -> Group:
    """Group of a feature, or the feature by itself under its own label."""
    words = feature.split("_")
    for count in range(len(words), 0, -1):
        if found := _OF_PREFIX.get("_".join(words[:count])):
            return found
    return Group(feature, BY_NAME[feature].label, ())


@dataclass(frozen=True)
class Variables:
    """Base variables of p features, in the order in which they are first met.

    Parameters
    ----------
    groups : tuple of Group, length b
    themes : tuple of Theme, length b
    data_classes : tuple of DataClass, length b
    columns : tuple of array of int, length b
        Places of the features of each.
    """

    groups: tuple[Group, ...]
    themes: tuple[Theme, ...]
    data_classes: tuple[DataClass, ...]
    columns: tuple[npt.NDArray[np.intp], ...]

    def __len__(self) -> int:
        return len(self.groups)

    def fold(self, by_feature: Doubles) -> Doubles:
        """Sums by variable, shape (n, b), of an array of shape (n, p)."""
        order = np.concatenate(self.columns)
        starts = np.cumsum([0, *(len(one) for one in self.columns[:-1])])
        folded: Doubles = np.add.reduceat(by_feature[:, order], starts, axis=1)
        return folded

    def of_theme(self, theme: Theme) -> npt.NDArray[np.intp]:
        """Places of the variables of a theme."""
        return np.array([rank for rank, one in enumerate(self.themes) if one is theme], np.intp)


@cache
def variables_of(features: tuple[str, ...]) -> Variables:
    """Base variables of the features of a model."""
    columns: dict[Group, list[int]] = {}
    for place, name in enumerate(features):
        columns.setdefault(group_of(name), []).append(place)
    first = [BY_NAME[features[places[0]]] for places in columns.values()]
    return Variables(
        groups=tuple(columns),
        themes=tuple(feature.theme for feature in first),
        data_classes=tuple(feature.data_class for feature in first),
        columns=tuple(np.array(places, np.intp) for places in columns.values()),
    )
