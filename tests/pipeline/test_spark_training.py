"""A model trained by Spark ranks as one trained here, is kept as one, and its rows stay with the workers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score
from typer.testing import CliRunner

from deep import examples
from lakes import m
from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import MachineError
from signaux_faibles.domain.periode import batch_key
from signaux_faibles.engine import Engine, EngineChoice, EngineKind, SparkConfiguration, SqlEngine
from signaux_faibles.engine.spark import SparkEngine
from signaux_faibles.engine.spark_trees import grow_trees
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.model.learn import read_lesson
from signaux_faibles.model.learners import Floats, fit
from signaux_faibles.model.learners.distant import DistantRows
from signaux_faibles.model.matrix import Matrix, read_matrix
from signaux_faibles.model.recipes import BOOSTING, FORET, RECIPES, Recipe
from signaux_faibles.model.splits import make_origin
from signaux_faibles.model.train import Model, read_model, train
from signaux_faibles.pipeline.run import make_panel
from signaux_faibles.synthetic import simulate

COMPANIES, LISTED = examples(2_000, deep=32_500), examples(1_200, deep=20_000)
"""Simulated, and at least in perimeter in the last month."""

SCORED_ROWS = 20_000
AS_OF = examples(m("2018-12"), deep=m("2020-12"))
RECIPE = BOOSTING


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    root = tmp_path_factory.mktemp("training")
    simulate(
        root / "fake",
        companies=COMPANIES,
        seed=5,
        first_month=m("2014-01"),
        until_month=AS_OF,
        batches=1,
        processes=2,
        progress=lambda _done, _total: None,
    )
    done = CliRunner().invoke(
        app, ["import", str(root / "fake/raw"), "--batch", batch_key(AS_OF), "--lake", str(root / "lake")]
    )
    assert done.exit_code == 0, done.output
    lake = open_lake(root / "lake")
    make_panel(lake, AS_OF, set_name="learnt")
    return lake


@pytest.fixture(scope="module")
def rows(lake: Lake) -> Matrix:
    """Companies of every month: 20,000 rows of them."""
    with Engine(lake.scratch / "rows") as engine:
        found = read_matrix(engine, lake, AS_OF, RECIPE.features, "TRUE")
    drawn = np.random.default_rng(1).permutation(len(found))[:SCORED_ROWS]
    kept = np.zeros(len(found), bool)
    kept[drawn] = True
    return found.take(kept)


@pytest.fixture(scope="module")
def configuration_file(tmp_path_factory: pytest.TempPathFactory, spark_configuration: SparkConfiguration) -> Path:
    """The configuration of the session of the tests, as a user writes it."""
    settings = "".join(f"{name}: {value!r}\n" for name, value in spark_configuration.settings.items())
    path = tmp_path_factory.mktemp("configuration") / "spark.yaml"
    path.write_text(f"partitions: {spark_configuration.partitions}\n{settings}", encoding="utf-8")
    return path


@pytest.fixture
def engine(spark: SqlEngine, tmp_path: Path, spark_configuration: SparkConfiguration) -> Iterator[SqlEngine]:
    """Spark, whose session is that of the tests and whose tables are of one test: a command closes its own."""
    with SparkEngine(tmp_path, spark_configuration) as opened:
        yield opened


@pytest.fixture(scope="module")
def models(lake: Lake, spark: SqlEngine, configuration_file: Path) -> tuple[Model, Model]:
    """The same recipe learnt here, then by Spark from the command line."""
    here = train(lake, RECIPE, AS_OF)
    asked = ["train", RECIPE.name, "--lake", str(lake.root), "--engine", "spark", "--engine-config"]
    done = CliRunner().invoke(app, [*asked, str(configuration_file)])
    assert done.exit_code == 0, done.output
    name = done.output.split("Model ")[-1].split(":")[0]
    return here, read_model(lake, name)


def test_the_model_of_spark_ranks_as_the_local_one(models: tuple[Model, Model], lake: Lake, rows: Matrix) -> None:
    """Workers draw other rows than this machine does, as another seed would: on few rows, no model is nearer."""
    with Engine(lake.scratch / "seed") as local:
        lesson = read_lesson(local, lake, AS_OF, RECIPE, make_origin(AS_OF))
        companies = read_matrix(local, lake, AS_OF, RECIPE.features, f"month = {AS_OF}")
    assert len(companies) >= LISTED
    seeded = fit(replace(RECIPE, seed=RECIPE.seed + 1), lesson.rows.values, lesson.rows.outcome)
    for values in (rows.values, companies.values):
        here, there = (model.fitted.score(values) for model in models)
        nearest = spearmanr(here, seeded.score(values)).statistic
        assert spearmanr(here, there).statistic >= (0.98 if LISTED == SCORED_ROWS else nearest - 0.01)


def test_it_finds_as_many_failures_and_says_the_same_level(models: tuple[Model, Model], rows: Matrix) -> None:
    assert len(rows) == SCORED_ROWS
    here, there = (model.fitted.score(rows.values) for model in models)
    told = ~np.isnan(rows.failure)
    assert rows.failure[told].sum() > 100
    one, two = (average_precision_score(rows.failure[told], score[told]) for score in (here, there))
    assert two == pytest.approx(one, rel=0.1)
    one, two = (model.probability(rows.values[told]).mean() for model in models)
    assert two == pytest.approx(one, rel=0.1), "calibrated on the same rows"


def test_it_is_kept_as_a_local_one(
    models: tuple[Model, Model], lake: Lake, spark_configuration: SparkConfiguration
) -> None:
    folders = [lake.model(model.model_id) for model in models]
    here, there = (sorted(path.relative_to(folder) for path in folder.rglob("*")) for folder in folders)
    assert there == here
    one, two = (json.loads((folder / "card.json").read_text(encoding="utf-8")) for folder in folders)
    assert (one["inputs"].pop("engine"), two["inputs"].pop("engine")) == ("duckdb", "spark, 2 workers")
    for told in ("inputs", "training"):
        assert two[told] == one[told], told
    assert two["calibration"] == one["calibration"]
    trees = [json.loads((folder / "booster.json").read_text(encoding="utf-8"))["learner"] for folder in folders]
    assert trees[1].keys() == trees[0].keys()
    for said in ("attributes", "feature_names", "feature_types", "objective"):
        assert trees[1][said] == trees[0][said]
    again = train(lake, RECIPE, AS_OF, choice=EngineChoice(EngineKind.SPARK, spark_configuration))
    assert again.model_id == models[1].model_id, "read back, not learnt again"


def _recipes() -> dict[str, Recipe]:
    """Each kind of learner made of trees, on whole rows (but a forest's): what differs is then where the rows are."""
    hazard, forest = RECIPES["hasard"], {"num_parallel_tree": 300, "max_depth": 5}
    return {
        "boosting": replace(RECIPE, parameters={**RECIPE.parameters, "subsample": 1}),
        "hasard": replace(hazard, parameters={**hazard.parameters, "subsample": 1}),
        "foret": replace(FORET, features=RECIPE.features[:20], parameters=forest),
    }


@pytest.mark.parametrize("name", _recipes())
def test_without_draws_of_rows_spark_ranks_as_this_machine(
    name: str, lake: Lake, engine: SqlEngine, rows: Matrix
) -> None:
    recipe, origin = _recipes()[name], make_origin(AS_OF)
    with Engine(lake.scratch / "local") as local:
        expected = read_lesson(local, lake, AS_OF, recipe, origin)
    found = read_lesson(engine, lake, AS_OF, recipe, origin)
    assert isinstance(found.rows.values, DistantRows), "no value of a row learnt from comes to the program"
    assert found.rows.values.shape == expected.rows.values.shape
    for told in ("siren", "month", "failure", "months_to_failure", "months_observed"):
        np.testing.assert_array_equal(getattr(found.rows, told), getattr(expected.rows, told))
    np.testing.assert_array_equal(found.later.values, expected.later.values)
    given = rows.values[:, : len(recipe.features)]
    here, there = (_score(recipe, lesson.rows, given) for lesson in (expected, found))
    assert not np.array_equal(here, there), "another sum of gradients"
    assert spearmanr(here, there).statistic >= 0.98
    assert there.mean() == pytest.approx(here.mean(), rel=0.02)


def test_as_many_workers_give_the_same_trees(lake: Lake, engine: SqlEngine, tmp_path: Path) -> None:
    few = {**RECIPES["boosting-seul"].parameters, "num_boost_round": 5}
    recipe = replace(RECIPES["boosting-seul"], features=RECIPE.features[:20], parameters=few)
    lesson = read_lesson(engine, lake, AS_OF, recipe, make_origin(AS_OF))
    for turn in ("one", "two"):
        (tmp_path / turn).mkdir()
        fit(recipe, lesson.rows.values, lesson.rows.outcome).save(tmp_path / turn)
    one, two = ((tmp_path / turn / "booster.json").read_bytes() for turn in ("one", "two"))
    assert two == one


def test_workers_that_do_not_come_are_not_waited_for(engine: SqlEngine) -> None:
    frame = engine._frame("SELECT 0 AS part, 0 AS place, 1 AS label, 1 AS weight, 2 AS x")  # type: ignore[attr-defined]
    with pytest.raises(MachineError, match="needs 3 workers at once, and Spark lends 2"):
        grow_trees(frame, ["x"], {}, rounds=1, workers=3)


@pytest.mark.parametrize(
    ("name", "said"), [("logistique", "is not made of trees"), ("boosting-rangs", "ranks values within their month")]
)
def test_a_recipe_that_spark_does_not_learn_is_refused(lake: Lake, name: str, said: str) -> None:
    done = CliRunner().invoke(app, ["train", name, "--lake", str(lake.root), "--engine", "spark"])
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert "--engine duckdb" in str(done.exception)


def _score(recipe: Recipe, rows: Matrix, given: Floats) -> Floats:
    score: Floats = fit(recipe, rows.values, rows.outcome).score(given)
    return score
