"""How much the month of a list differs from the months its model learnt from."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.evaluation.drift import Drift, Sample, drift
from signaux_faibles.features.build import current_features
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.lake import Lake
from signaux_faibles.model.matrix import read_matrix
from signaux_faibles.model.ranks import with_ranks
from signaux_faibles.model.splits import make_origin, sample_sql
from signaux_faibles.model.train import Model

SAMPLE_ROWS = 50_000
"""Rows of the months learnt from that are compared: some years of every company."""

FREE = "COALESCE(etat_procol_code, 0) = 0"
"""Companies not in a proceeding: the only ones learnt from."""


def month_drift(engine: Engine, lake: Lake, model: Model, month: int) -> Drift:
    """Compare a month scored with the months learnt from, whose scores are those of the same learner.

    Only the same month of the years learnt from is compared: accounts are a few months old in autumn, a year in spring,
    and that is no drift.

    Raises
    ------
    StageError
        If the panel of the month was not built.
    """
    names = list(model.recipe.features)
    now = _scored(lake, model, month)
    return drift(_learnt(engine, lake, model, month), now, names, {name: BY_NAME[name].label for name in names})


def _learnt(engine: Engine, lake: Lake, model: Model, month: int) -> Sample:
    recipe, period = model.recipe, make_origin(model.as_of).train
    where = f"{period.sql} AND month % 12 = {month % 12} AND {FREE}"
    files = current_features(lake, month, names=recipe.features, first=period.first_month, last=period.last_month)
    ((count,),) = engine.rows(f"SELECT COUNT(*) FROM {parquet_sql(files)} WHERE {where}")
    rows = read_matrix(engine, lake, month, recipe.features, f"{where} AND {sample_sql(count, SAMPLE_ROWS)}")
    return Sample(period.describe(), rows.values, model.fitted.score(with_ranks(recipe, rows).values))


def _scored(lake: Lake, model: Model, month: int) -> Sample:
    """Companies scored at the month, as the files of scores hold them."""
    parts = sorted(lake.scores(model.model_id, month).glob("part-*.parquet"))
    table = pa.concat_tables(pq.read_table(path, columns=["etat_procol_code", "score", "values"]) for path in parts)
    state = table["etat_procol_code"].fill_null(0).to_numpy()
    values = table["values"].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1)
    return Sample(format_month(month), values[state == 0], table["score"].to_numpy()[state == 0])
