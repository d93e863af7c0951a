"""Level of each company of a list: the only place where a list asks the model, or the places of a quarter, for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.niveau import Niveau, niveau_of
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.engine import Engine
from signaux_faibles.lake import Lake
from signaux_faibles.lists.evolution import ALERTS
from signaux_faibles.lists.places import Candidates, head_offices, quarter_of
from signaux_faibles.lists.store import read_levels
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


def candidates(lake: Lake, scored: Scored, month: int, earlier: Sequence[str]) -> Candidates:
    """Companies of a month among which the places of its quarter are given.

    Parameters
    ----------
    earlier : sequence of str
        Lists of the lake before that month.
    """
    held: dict[str, Niveau] = {}
    for list_id in earlier:
        if quarter_of(parse_month(list_id)) == quarter_of(month):
            for siren, said in read_levels(lake, list_id).items():
                if said.niveau in ALERTS:
                    held[siren] = max(said.niveau, held.get(siren, said.niveau), key=lambda niveau: niveau.rank)
    with Engine(lake.scratch / "places") as engine:
        engine.register("scored", pa.table({"siren": scored.siren}))
        departement = head_offices(engine, lake, month, "scored")
    return Candidates(
        scored.siren, scored.score.tolist(), [not code for code in scored.etat_procol_code], departement, held
    )
