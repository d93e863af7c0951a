"""From staged files to a list, on both engines: every column of every table, on the same companies."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from both_engines import check_equal
from lakes import m
from signaux_faibles.engine import EngineChoice, EngineKind, SparkConfiguration, SqlEngine
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lists.build import build_list
from signaux_faibles.model.recipes import BOOSTING
from signaux_faibles.model.score import score_month
from signaux_faibles.model.train import train
from signaux_faibles.panel.store import EVENTS_TABLE, PANEL_TABLE, REST_TABLE, blocks, table_files
from signaux_faibles.pipeline.run import make_panel
from signaux_faibles.synthetic import simulate

COMPANIES = 3000
AS_OF = m("2026-10")
FEATURES_TABLE = "features"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of fake companies, its panel by DuckDB, a model."""
    from typer.testing import CliRunner

    from signaux_faibles.cli.app import app

    root = tmp_path_factory.mktemp("parity")
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
    done = CliRunner().invoke(app, ["import", str(root / "fake/raw"), "--batch", "2610", "--lake", str(root / "lake")])
    assert done.exit_code == 0, done.output
    shutil.rmtree(root / "fake")
    lake = open_lake(root / "lake")
    make_panel(lake, AS_OF)
    train(lake, BOOSTING, AS_OF)
    return lake


@pytest.fixture(scope="module")
def other(
    lake: Lake,
    tmp_path_factory: pytest.TempPathFactory,
    spark: SqlEngine,
    spark_configuration: SparkConfiguration,
) -> Lake:
    """The same lake, its panel and scores by Spark, made again from the staged files."""
    root = tmp_path_factory.mktemp("spark") / "lake"
    shutil.copytree(lake.root, root)
    other = open_lake(root)
    shutil.rmtree(other.panel(AS_OF))
    make_panel(other, AS_OF, choice=EngineChoice(EngineKind.SPARK, spark_configuration))
    return other


def _rows(paths: list[Path]) -> pa.Table:
    # A file says that a column has no null when its own rows have none.
    return pa.concat_tables([pq.read_table(path) for path in paths], promote_options="default")


@pytest.mark.parametrize("table", [PANEL_TABLE, FEATURES_TABLE, REST_TABLE])
def test_every_column_of_the_panel_is_the_same(lake: Lake, other: Lake, table: str) -> None:
    one, two = (where.panel(AS_OF) for where in (lake, other))
    assert blocks(one, table) == blocks(two, table)
    for block in blocks(one, table):
        expected, found = (_rows(table_files(f, table, first=block[0], last=block[1])) for f in (one, two))
        assert found["siren"].to_pylist() == expected["siren"].to_pylist(), "the same order, over the files too"
        assert found.schema.types == expected.schema.types
        _check_columns(expected, found, table)


def test_the_events_are_the_same(lake: Lake, other: Lake) -> None:
    one, two = (_rows(sorted((w.panel(AS_OF) / EVENTS_TABLE).glob("part-*.parquet"))) for w in (lake, other))
    assert one.num_rows > 50
    assert two.schema.types == one.schema.types
    check_equal(one, two, EVENTS_TABLE)


def test_spark_leaves_nothing_but_parts(other: Lake) -> None:
    names = {path.name.split("-")[0] for path in other.panel(AS_OF).rglob("*") if path.is_file()}
    assert names == {"manifest.json", "part"}


def test_scores_and_list_are_the_same(lake: Lake, other: Lake, spark_configuration: SparkConfiguration) -> None:
    model = train(lake, BOOSTING, AS_OF)
    choice = EngineChoice(EngineKind.SPARK, spark_configuration)
    expected, found = score_month(lake, model, AS_OF), score_month(other, model, AS_OF, choice=choice)
    assert found.rows_count == expected.rows_count > 500
    assert found.is_new
    one, two = (_rows(sorted(s.folder.glob("part-*.parquet"))) for s in (expected, found))
    assert two.schema.equals(one.schema)
    for name in one.column_names:
        left, right = one[name].combine_chunks(), two[name].combine_chunks()
        if name in ("contributions", "values"):
            left, right = left.flatten(), right.flatten()
        np.testing.assert_array_equal(right.to_numpy(zero_copy_only=False), left.to_numpy(zero_copy_only=False))
    assert build_list(other, model, AS_OF, choice=choice) == build_list(lake, model, AS_OF)
    for name in ("scores.parquet", "explications.parquet"):
        assert (other.list("2026-10") / name).read_bytes() == (lake.list("2026-10") / name).read_bytes()


def _check_columns(expected: pa.Table, found: pa.Table, what: str) -> None:
    """Columns equal as they are are not looked at row by row."""
    different = [name for name in expected.column_names if not found[name].equals(expected[name])]
    if different:
        names = ["siren", "month", *different]
        check_equal(expected.select(names), found.select(names), what)
