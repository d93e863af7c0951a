"""Les lignes lues pour apprendre sont étiquetées à la lecture, à l'horizon demandé."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lakes import SIREN, a_company, m, new_lake, proceeding, stage_all
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine
from signaux_faibles.features.build import build_features
from signaux_faibles.model.matrix import Matrix, read_matrix

AS_OF, FIRST = m("2021-12"), m("2018-01")
FEATURES = ("debit_eur", "effectif_count")


def _positives(rows: Matrix) -> list[str]:
    return [format_month(int(month)) for month in rows.month[rows.failure == 1]]


def test_une_matrice_a_les_etiquettes_de_son_horizon(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    opening = proceeding(SIREN, "2019-07-15", "redressement", "ouverture")
    stage_all(lake, AS_OF, {**a_company(), "procol": [opening]})
    build_features(lake, AS_OF)
    with Engine(lake.scratch / "test") as engine:
        far, near = (
            read_matrix(engine, lake, AS_OF, FEATURES, f"month >= {FIRST}", horizon=horizon) for horizon in (18, 3)
        )
        part = read_matrix(engine, lake, AS_OF, FEATURES[:1], f"month BETWEEN {FIRST} AND {FIRST + 2}")
    assert (_positives(far)[0], _positives(far)[-1], len(_positives(far))) == ("2018-01", "2019-06", 18)
    assert _positives(near) == ["2019-04", "2019-05", "2019-06"]
    assert far.is_in_proceeding.tolist() == (far.month >= m("2019-07")).tolist()
    assert np.isnan(far.failure[far.is_in_proceeding]).all(), "a company in a proceeding has no label"
    assert far.month.tolist() == list(range(FIRST, AS_OF + 1)), "sorted, one row a month"
    assert set(far.effectif_count.tolist()) == {20.0}
    assert np.array_equal(far.values[:, 1], far.effectif_count), "the values, in the order of the features"
    assert (part.values.shape, part.month.tolist()) == ((3, 1), [FIRST, FIRST + 1, FIRST + 2])
