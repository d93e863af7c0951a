"""Level of each company of a list: the only place where a list asks the model for it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from signaux_faibles.domain.niveau import Niveau, niveau_of
from signaux_faibles.model.score import Scored
from signaux_faibles.model.train import Model


def levels(model: Model, scored: Scored, probability: npt.NDArray[np.float64]) -> list[Niveau | None]:
    """Level of each company by the thresholds of the model, None for one whose proceeding is known.

    Parameters
    ----------
    scored : Scored
        Scores of n companies.
    probability : array, shape (n,)
        Displayed probability of each.
    """
    eleve, modere = model.thresholds.eleve, model.thresholds.modere
    return [
        None if code else niveau_of(value, threshold_eleve=eleve, threshold_modere=modere)
        for code, value in zip(scored.etat_procol_code, probability.tolist(), strict=True)
    ]
