"""What is measured, each in a process of its own: it says what its parts cost, and how much they did."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost as xgb

from signaux_faibles.bench.training.rows import MONTHS, Rows, Stream
from signaux_faibles.explain.explain import Detail, explain, points_of_rows
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.model.calibrate import Beta, fit_bag
from signaux_faibles.model.learn import Meaning
from signaux_faibles.model.learners import fit
from signaux_faibles.model.learners.hazard import Hazard
from signaux_faibles.model.learners.trees import THREADS, grow
from signaux_faibles.model.recipes import BOOSTING, RECIPES, Recipe, find_recipe
from signaux_faibles.model.score import ScoreJob, score_file, scored_of, with_contributions
from signaux_faibles.model.thresholds import Thresholds
from signaux_faibles.model.train import Model
from signaux_faibles.synthetic.identifiers import sirens

LEARNT_ROWS = 60_000
"""Of the models whose scores are timed: their trees have the shape of the recipe, whatever they were grown on."""

COMPANIES_A_FILE = 10_000
MONTH = 0
Said = dict[str, float]


def main(task: str, numbers: str, out: str) -> None:
    """Do a task and write what it says; the entry of its process."""
    said = TASKS[task](**json.loads(numbers))
    Path(out).write_text(json.dumps(said), encoding="utf-8")


def grow_rounds(rows: int, columns: int, rounds: int) -> Said:
    """Rounds of the trees of the champion on the log-loss, on rows that are read batch after batch.

    Says `reading` and `rounds`, in processor seconds.
    """
    recipe = RECIPES["boosting-seul"]
    started = time.process_time()
    data = xgb.QuantileDMatrix(Stream(Rows(rows, columns)), nthread=THREADS)
    read = time.process_time()
    grow(recipe, data, {"objective": "binary:logistic"}, rounds=rounds)
    return {"reading": read - started, "rounds": time.process_time() - read}


def score_companies(companies: int, alerted: int) -> Said:
    """Scores of companies from their files of features to files of scores, then the reasons of some of them.

    Says `score` and `explain`, in processor seconds.
    """
    recipe = BOOSTING
    model = _model(recipe)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = _feature_files(recipe, companies, folder)
        job = ScoreJob(model, MONTH, folder, {path: f"scores-{path.name}" for path in files})
        started = time.process_time()
        for path in files:
            score_file(path, job)
        scored_at = time.process_time()
        written = pa.concat_tables([pq.read_table(folder / job.names[path]) for path in files])
    told = scored_of(model, written.slice(0, alerted))
    begun = time.process_time()
    told = with_contributions(model, told, np.ones(len(told), bool))
    points = points_of_rows(model, told.contributions)
    explain(recipe.features, told.siren, told.values, points, [Detail.FEATURES] * len(told))
    return {"score": scored_at - started, "explain": time.process_time() - begun}


def learn_horizons(rows: int) -> Said:
    """The risk at 18 months and the risk at every horizon, learnt from the same rows by trees of the same parameters.

    Says `horizon` and `curve`, in processor seconds.
    """
    curve = find_recipe(BOOSTING.curve or "")
    values, outcome = Rows(rows, len(BOOSTING.features)).whole()
    one = replace(RECIPES["boosting-seul"], parameters=curve.parameters)
    costs = []
    for recipe in (one, curve):
        started = time.process_time()
        fit(recipe, values, outcome)
        costs.append(time.process_time() - started)
    return {"horizon": costs[0], "curve": costs[1]}


TASKS: dict[str, Callable[..., Said]] = {
    "grow": grow_rounds,
    "score": score_companies,
    "horizons": learn_horizons,
}


def _model(recipe: Recipe) -> Model:
    """A model of a recipe and its curve; it alerts nobody, so that scores are timed without reasons."""
    values, outcome = Rows(LEARNT_ROWS, len(recipe.features)).whole()
    fitted = fit(recipe, values, outcome)
    company = np.arange(len(values)) % (len(values) // MONTHS + 1)
    meaning = Meaning(
        Beta(1.0, 1.0, 0.0),
        fit_bag(fitted.log_odds(values), outcome.failure, company, recipe.seed),
        Thresholds(eleve=2.0, modere=2.0),
        {},
    )
    curve = fit(find_recipe(recipe.curve), values, outcome) if recipe.curve else None
    curve = curve if isinstance(curve, Hazard) else None
    return Model("banc", MONTH, catalogue_version(), fitted, meaning, curve)


def _feature_files(recipe: Recipe, companies: int, folder: Path) -> list[Path]:
    """Files of features of a month, as a panel has them."""
    numbers = np.char.zfill(sirens(np.arange(companies)).astype(str), 9)
    paths: list[Path] = []
    for start in range(0, companies, COMPANIES_A_FILE):
        siren = numbers[start : start + COMPANIES_A_FILE]
        values, _ = next(Rows(len(siren), len(recipe.features), seed=2 + start).batches())
        columns = {name: pa.array(values[:, rank], from_pandas=True) for rank, name in enumerate(recipe.features)}
        columns |= {
            "siren": pa.array(siren),
            "month": pa.array(np.full(len(siren), MONTH, np.int32)),
            "etat_procol_code": pa.array(np.zeros(len(siren), np.int32)),
            "effectif_count": pa.array(np.full(len(siren), 20.0)),
        }
        paths.append(folder / f"{len(paths):05d}.parquet")
        pq.write_table(pa.table(columns), paths[-1], compression="snappy")
    return paths
