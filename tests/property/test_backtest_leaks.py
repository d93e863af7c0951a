"""Backtests of a fake France: what they judge is told by what came before and by other companies; leaks are refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commands import done, run
from lakes import m
from signaux_faibles.domain.errors import StageError
from signaux_faibles.engine import Engine
from signaux_faibles.evaluation import backtest as backtest_module
from signaux_faibles.evaluation.backtest import Backtest, backtest, read_rows
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.model import learn
from signaux_faibles.model.matrix import Matrix, read_matrix
from signaux_faibles.model.recipes import RECIPES
from signaux_faibles.model.splits import EMBARGO_MONTHS, Period, make_origin, share_of
from signaux_faibles.synthetic import simulate

AS_OF, ORIGIN = m("2024-06"), m("2021-01")
RECIPE = RECIPES["logistique"]
PLANTED = "autonomie_financiere_ratio"
"""A feature of that recipe, in the place of which a leak is planted."""

JUDGED = ("backtest", "logistique", "--as-of", "2024-06", "--origins", "2021-01")

Change = Callable[[pa.Table], dict[str, np.ndarray]]
"""From rows of a file of features, the columns that it replaces."""


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of 500 companies with a panel."""
    folder = tmp_path_factory.mktemp("leaks")
    simulate(folder / "fake", companies=500, seed=3, first_month=m("2014-01"), until_month=AS_OF)
    done("import", folder / "fake/raw", "--batch", "2406", "--lake", folder / "lake")
    done("panel", "--as-of", "2024-06", "--lake", folder / "lake")
    return folder / "lake"


@pytest.fixture
def lake(france: Path, tmp_path: Path) -> Lake:
    shutil.copytree(france, tmp_path / "lake")
    return open_lake(tmp_path / "lake")


def write(lake: Lake, change: Change) -> None:
    """Change the features of a panel."""
    for path in sorted((lake.panel(AS_OF) / "features").rglob("*.parquet")):
        table = pq.read_table(path)
        for name, values in change(table).items():
            column = pa.array(values.astype(np.float64), pa.float64(), from_pandas=True)
            table = table.set_column(table.column_names.index(name), name, column)
        pq.write_table(table, path)


def judged(lake: Lake) -> tuple[Backtest, pa.Table]:
    made = backtest(lake, RECIPE, AS_OF, [ORIGIN], force=True)
    return made, read_rows(lake, made)


def shuffled(which: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Change:
    """Other values of every feature of the recipe, for some rows, given their companies and months."""

    def change(table: pa.Table) -> dict[str, np.ndarray]:
        siren, month = table["siren"].to_numpy().astype(np.int64), table["month"].to_numpy()
        rows, rng = which(siren, month), np.random.default_rng(1)
        found = {}
        for name in RECIPE.features:
            values = table[name].to_numpy().astype(np.float64)
            values[rows] = rng.permutation(values)[rows] * 3 + rng.normal(size=int(rows.sum()))
            found[name] = values
        return found

    return change


def test_no_row_of_the_embargo_nor_after_the_months_judged_counts(lake: Lake) -> None:
    before = judged(lake)
    write(lake, shuffled(lambda _, month: (month > ORIGIN - EMBARGO_MONTHS) & (month < ORIGIN)))
    assert judged(lake) == before
    write(lake, shuffled(lambda _, month: month >= ORIGIN + 12))
    assert judged(lake) == before
    write(lake, shuffled(lambda _, month: month <= ORIGIN - EMBARGO_MONTHS))
    assert judged(lake)[1]["log_odds"] != before[1]["log_odds"], "what is learnt from counts"


@pytest.mark.parametrize("k", range(3))
def test_the_score_of_a_share_does_not_depend_on_its_past(lake: Lake, k: int) -> None:
    """Its companies were other ones in the months learnt from, and score as they did: their learner never saw them.

    What a score means is learnt from the scores of the other companies (`test_protocol`), by learners that saw these.
    """
    rows = judged(lake)[1]
    write(lake, shuffled(lambda siren, month: (share_of(siren) == k) & (month <= ORIGIN - EMBARGO_MONTHS)))
    again = judged(lake)[1]
    is_of_share = share_of(rows["siren"].to_numpy().astype(np.int64)) == k
    assert 0.2 < is_of_share.mean() < 0.5
    assert again.filter(is_of_share)["log_odds"] == rows.filter(is_of_share)["log_odds"]
    assert again.filter(~is_of_share)["log_odds"] != rows.filter(~is_of_share)["log_odds"], "it taught the others"


def future(lake: Lake) -> Matrix:
    """Every row of the panel, with its end as known at last."""
    with Engine(lake.scratch / "future") as engine:
        return read_matrix(engine, lake, AS_OF, RECIPE.features, "TRUE")


def planted(lake: Lake, told: Callable[[Matrix], np.ndarray]) -> Change:
    """A leak in the place of a feature, told from the end of each row."""
    rows = future(lake)
    value = dict(zip(zip(rows.siren.tolist(), rows.month.tolist(), strict=True), told(rows).tolist(), strict=True))

    def change(table: pa.Table) -> dict[str, np.ndarray]:
        keys = zip(table["siren"].to_pylist(), table["month"].to_pylist(), strict=True)
        return {PLANTED: np.array([value.get(key, np.nan) for key in keys])}

    return change


LEAKS: dict[str, Callable[[Matrix], np.ndarray]] = {
    "the target": lambda rows: rows.failure,
    "the months left before the failure": lambda rows: np.nan_to_num(rows.months_to_failure, nan=60.0),
    "a value missing before a failure alone": lambda rows: np.where(rows.failure > 0, np.nan, rows.month % 7),
}


@pytest.mark.parametrize("name", LEAKS)
@pytest.mark.parametrize("command", [JUDGED, ("evaluate", "logistique", "--as-of", "2024-06")], ids=lambda c: c[0])
def test_a_feature_that_knows_the_end_is_refused(lake: Lake, name: str, command: tuple[str, ...]) -> None:
    write(lake, planted(lake, LEAKS[name]))
    error = run(*command, "--lake", lake.root).exception
    assert isinstance(error, StageError)
    assert f"reads what tells the outcome by itself: {PLANTED} (AUC alone above" in str(error)
    assert list((lake.root / "backtests").glob("[!.]*")) == []


def test_an_honest_recipe_is_judged(lake: Lake) -> None:
    done(*JUDGED, "--lake", lake.root)


@pytest.mark.parametrize("command", [JUDGED, ("evaluate", "logistique", "--as-of", "2024-06")], ids=lambda c: c[0])
def test_labels_from_inside_the_embargo_are_refused(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """The periods are made a month too long, and the labels told by all that is known at last."""

    def too_long(month: int) -> Any:
        honest = make_origin(month)
        return replace(honest, train=Period(honest.train.first_month, honest.train.last_month + 1))

    def too_well_known(*given: Any, **named: Any) -> Matrix:
        return read_matrix(*given, **named | {"known_at": None})

    monkeypatch.setattr(backtest_module, "make_origin", too_long)
    monkeypatch.setattr(learn, "read_matrix", too_well_known)
    error = run(*command, "--lake", lake.root).exception
    assert isinstance(error, StageError)
    assert "whose outcome was not known at" in str(error)


def test_the_same_inputs_give_the_same_files(lake: Lake, france: Path) -> None:
    """A model and a backtest, made in two places: the same names, the same bytes."""
    made = []
    for root in (lake.root, shutil.copytree(france, lake.root.parent / "other")):
        done("train", "logistique", "--as-of", "2024-06", "--lake", root)
        done("train", "boosting-seul", "--as-of", "2024-06", "--lake", root)
        done(*JUDGED, "--lake", root)
        folders = [*root.glob("models/*"), *root.glob("backtests/[!.]*")]
        made.append({str(p.relative_to(root)): p.read_bytes() for f in folders for p in f.rglob("*") if p.is_file()})
    assert len(made[0]) > 5
    assert made[0] == made[1]
