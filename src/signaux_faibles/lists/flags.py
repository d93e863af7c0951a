"""Why a company has no level, and what an agent must know beside one: nothing leaves a list without a word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import Enum, StrEnum

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.model.learners import Floats

RECENT_YEARS = 3
"""Age under which a company is a recent creation: that of the reference filter of the lists, three years."""


class Exclusion(StrEnum):
    """Reason why a company of a list has no level."""

    PROCEDURE = "procedure"
    HORS_PERIMETRE = "hors_perimetre"

    @property
    def label(self) -> str:
        """French label of the reason."""
        return {
            "procedure": "Procédure collective déjà ouverte",
            "hors_perimetre": "Sortie du périmètre depuis la liste précédente",
        }[self.value]


class Flag(StrEnum):
    """What to know of a company beside its level, which it keeps."""

    CREATION_RECENTE = "creation_recente"
    DELAI_EN_COURS = "delai_en_cours"
    PEU_D_INFORMATIONS = "peu_d_informations"

    @property
    def label(self) -> str:
        """French label of the flag."""
        return {
            "creation_recente": f"Entreprise créée depuis moins de {RECENT_YEARS} ans",
            "delai_en_cours": "Délai de paiement Urssaf en cours",
            "peu_d_informations": "Peu d'informations : rien n'est connu que l'identité et l'effectif",
        }[self.value]

    @property
    def explanation(self) -> str:
        """French sentence: what it changes for whoever reads the level."""
        return {
            "creation_recente": "Une jeune entreprise a peu d'historique : ses comptes et ses variations disent encore"
            " peu de chose.",
            "delai_en_cours": "L'Urssaf a accordé un échéancier qui court encore : elle est déjà en relation avec"
            " l'entreprise.",
            "peu_d_informations": "Le modèle ne connaît de l'entreprise ni cotisations, ni dette, ni activité"
            " partielle, ni comptes, ni retards de paiement : le risque affiché est surtout celui d'entreprises du même"
            " secteur, du même âge et de la même taille, et l'intervalle couvre au moins les risques de neuf"
            " entreprises sur dix de la liste.",
        }[self.value]

    @property
    def data_class(self) -> DataClass:
        """Class of what the flag tells."""
        return {
            "creation_recente": DataClass.PUBLIC,
            "delai_en_cours": DataClass.URSSAF,
            "peu_d_informations": DataClass.SCORE,
        }[self.value]


class Evidence(Enum):
    """When a value says something of the health of a company."""

    NEVER = "never"
    KNOWN = "known"
    NOT_ZERO = "not zero"


EVIDENCE = {
    Theme.DETTE_URSSAF: Evidence.NOT_ZERO,
    Theme.SANTE_FINANCIERE: Evidence.KNOWN,
    Theme.ACTIVITE_PARTIELLE: Evidence.NOT_ZERO,
    Theme.RETARDS_PAIEMENT: Evidence.KNOWN,
    Theme.EFFECTIF: Evidence.NEVER,
    Theme.IDENTITE: Evidence.NEVER,
}
"""What a feature proves by its theme. Debts, plans, contributions and short-time work are zero for a company that their
files do not name; accounts and payment delays are missing. Whoever is in perimeter has an identity and a headcount."""

FEATURE_OF = {Flag.CREATION_RECENTE: "age_years", Flag.DELAI_EN_COURS: "delai_count"}
"""Feature that decides a flag."""


def unknown_flags(features: Collection[str]) -> tuple[Flag, ...]:
    """Flags that a panel cannot tell, for want of the feature that decides them."""
    return tuple(flag for flag, feature in FEATURE_OF.items() if feature not in features)


def is_unknown(names: Sequence[str], values: Floats) -> npt.NDArray[np.bool_]:
    """Whether nothing is known of each company but its identity and its headcount, shape (n,).

    Parameters
    ----------
    names : sequence of str, length p
        Features of the model.
    values : array, shape (n, p)
        NaN where missing.
    """
    found = np.ones(len(values), np.bool_)
    for rank, name in enumerate(names):
        evidence, value = EVIDENCE[BY_NAME[name].theme], values[:, rank]
        if evidence is not Evidence.NEVER:
            found &= np.isnan(value) | ((value == 0) & (evidence is Evidence.NOT_ZERO))
    return found


def flags_of(values: Mapping[str, npt.NDArray[np.float64]], unknown: npt.NDArray[np.bool_]) -> list[list[Flag]]:
    """Flags of each company, in the order of their declaration.

    Parameters
    ----------
    values : mapping of str to array, shape (n,)
        Those of the features of `FEATURE_OF` that the panel has; NaN where missing, which raises no flag.
    unknown : array of bool, shape (n,)
        See `is_unknown`.
    """
    raised = {Flag.PEU_D_INFORMATIONS: unknown}
    for flag, feature in FEATURE_OF.items():
        if feature in values:
            value = values[feature]
            raised[flag] = value < RECENT_YEARS if flag is Flag.CREATION_RECENTE else value > 0
    ordered = [(flag, raised[flag].tolist()) for flag in Flag if flag in raised]
    return [[flag for flag, is_raised in ordered if is_raised[rank]] for rank in range(len(unknown))]
