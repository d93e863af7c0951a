"""A file of features gives a file of scores, whole: what the list reads again is what the learner said."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.model.calibrate import Bag, Beta
from signaux_faibles.model.learn import Meaning
from signaux_faibles.model.learners import fit
from signaux_faibles.model.ranks import grid_of
from signaux_faibles.model.recipes import BOOSTING, RECIPES
from signaux_faibles.model.score import ScoreJob, check_model_fits, score_file, scored_of, with_contributions
from signaux_faibles.model.thresholds import Thresholds
from signaux_faibles.model.train import Model

MONTH = parse_month("2026-10")
NAMES = ("debit_eur", "effectif_count", "retard_days")


@pytest.fixture(scope="module")
def model() -> Model:
    rng = np.random.default_rng(3)
    values = rng.normal(size=(400, 3)).astype(np.float32)
    recipe = replace(BOOSTING, features=NAMES, parameters={**BOOSTING.parameters, "num_boost_round": 8})
    failure = (values[:, 0] + rng.normal(size=400) > 1).astype(np.float32)
    return Model(
        model_id="essai",
        as_of=MONTH,
        catalogue=catalogue_version(),
        fitted=fit(recipe, values, failure),
        meaning=Meaning(Beta(0.9, 0.9, -0.2), Bag((Beta(0.8, 0.8, -0.2), Beta(1, 1, -0.2))), Thresholds(0.5, 0.2), {}),
    )


def _features(path: Path) -> Path:
    rows = {
        "siren": ["900000020", "900000004", "900000012", "900000004"],
        "month": pa.array([MONTH, MONTH, MONTH, MONTH - 1], pa.int32()),
        "etat_procol_code": pa.array([20, 0, 0, 0], pa.int32()),
        "debit_eur": [0.1, None, 3.0, 9.0],
        "effectif_count": [12.0, 0.0, None, 30.0],
        "retard_days": [1e-9, 2.0, None, 4.0],
    }
    pq.write_table(pa.table(rows), path)
    return path


def test_a_file_holds_the_month_alone_by_siren_with_what_explains(model: Model, tmp_path: Path) -> None:
    path = _features(tmp_path / "features.parquet")
    values = np.array([[np.nan, 0, 2], [3, np.nan, np.nan], [0.1, 12, 1e-9]], np.float32)
    between = Thresholds(1.0, float(model.probability(values)[:2].mean()))
    model = replace(model, meaning=replace(model.meaning, thresholds=between))
    assert score_file(path, ScoreJob(model, MONTH, tmp_path, {path: "part-00000.parquet"})) == 3
    written = pq.read_table(tmp_path / "part-00000.parquet")
    assert written["siren"].to_pylist() == ["900000004", "900000012", "900000020"]
    assert written["etat_procol_code"].to_pylist() == [0, 0, 20]
    assert written["effectif_count"].to_pylist() == [0, None, 12], "an unknown headcount is not zero"
    np.testing.assert_array_equal(np.array(written["values"].to_pylist(), np.float32), values)
    probability = model.probability(values)
    kept = [row is not None for row in written["contributions"].to_pylist()]
    assert kept == [*(bool(one >= between.modere) for one in probability[:2]), False]
    assert sorted(kept[:2]) == [False, True]
    contributions = np.array([row for row in written["contributions"].to_pylist() if row])
    np.testing.assert_allclose(contributions, model.fitted.contributions(values)[kept], rtol=1e-6)
    np.testing.assert_allclose(written["score"].to_numpy(), model.fitted.score(values), atol=1e-6)
    np.testing.assert_allclose(written["probability_18m"].to_numpy(), model.probability(values), atol=1e-6)


def test_a_company_in_a_proceeding_keeps_no_contribution_however_high_its_risk(model: Model, tmp_path: Path) -> None:
    path = _features(tmp_path / "features.parquet")
    everybody = replace(model, meaning=replace(model.meaning, thresholds=Thresholds(1.0, 0.0)))
    score_file(path, ScoreJob(everybody, MONTH, tmp_path, {path: "part.parquet"}))
    written = pq.read_table(tmp_path / "part.parquet")
    assert written["etat_procol_code"].to_pylist() == [0, 0, 20]
    assert [row is not None for row in written["contributions"].to_pylist()] == [True, True, False]


def test_a_model_sent_to_a_worker_says_the_same_bytes(model: Model, tmp_path: Path) -> None:
    path = _features(tmp_path / "features.parquet")
    score_file(path, ScoreJob(model, MONTH, tmp_path, {path: "here.parquet"}))
    score_file(path, pickle.loads(pickle.dumps(ScoreJob(model, MONTH, tmp_path, {path: "there.parquet"}))))
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()


def test_a_file_without_that_month_is_empty_and_keeps_its_columns(model: Model, tmp_path: Path) -> None:
    path = _features(tmp_path / "features.parquet")
    assert score_file(path, ScoreJob(model, MONTH + 1, tmp_path, {path: "empty.parquet"})) == 0
    assert score_file(path, ScoreJob(model, MONTH, tmp_path, {path: "full.parquet"})) == 3
    assert pq.read_schema(tmp_path / "empty.parquet").equals(pq.read_schema(tmp_path / "full.parquet"))


def test_a_model_that_knows_the_future_does_not_score(model: Model) -> None:
    check_model_fits(model, MONTH)
    with pytest.raises(StageError, match="knows what happened after 2026-09"):
        check_model_fits(model, MONTH - 1)


def test_a_model_of_another_catalogue_does_not_score(model: Model) -> None:
    with pytest.raises(StageError, match="features of another catalogue"):
        check_model_fits(replace(model, catalogue="autre"), MONTH)


@pytest.mark.parametrize("recipe", ["boosting", "boosting-rangs"])
def test_contributions_made_later_are_those_that_would_have_been_kept(
    model: Model, recipe: str, tmp_path: Path
) -> None:
    rng = np.random.default_rng(4)
    values = np.round(3 * rng.normal(size=(400, 3))).astype(np.float32)
    found = replace(RECIPES[recipe], features=NAMES, parameters=model.recipe.parameters)
    grid = grid_of(values) if found.has_ranks else None
    given = values if grid is None else np.concatenate([values, grid.ranks(values)], axis=1)
    fitted = fit(found, given, (values[:, 0] + rng.normal(size=400) > 1).astype(np.float32))
    probability = model.meaning.probability(fitted.log_odds(given))
    kept = []
    for share in (0.0, 0.5, 1.0):  # kept of everybody, of half, of nobody
        threshold = float(np.quantile(probability, share)) + (share == 1)
        meaning = replace(model.meaning, thresholds=Thresholds(2.0, threshold))
        one = replace(model, fitted=fitted, meaning=meaning)
        columns = {name: pa.array(values[:, rank]) for rank, name in enumerate(NAMES)}
        zero = pa.array([0] * 400, pa.int32())
        identity = {"siren": [f"{rank:09}" for rank in range(400)], "month": pa.array([MONTH] * 400, pa.int32())}
        pq.write_table(pa.table({**identity, "etat_procol_code": zero, **columns}), tmp_path / "features.parquet")
        path = tmp_path / "features.parquet"
        score_file(path, ScoreJob(one, MONTH, tmp_path, {path: "part.parquet"}, grid))
        scored = scored_of(one, pq.read_table(tmp_path / "part.parquet"))
        assert np.isnan(scored.contributions[:, 0]).sum() == (probability < threshold).sum()
        whole = with_contributions(one, scored, np.ones(400, bool))
        assert not np.isnan(whole.contributions).any()
        kept.append(whole.contributions)
        some = with_contributions(one, scored, np.arange(400) < 7)
        np.testing.assert_array_equal(some.contributions[:7], whole.contributions[:7])
        np.testing.assert_array_equal(some.contributions[7:], scored.contributions[7:])
    np.testing.assert_array_equal(kept[1], kept[0])
    np.testing.assert_array_equal(kept[2], kept[0])
