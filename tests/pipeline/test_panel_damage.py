"""A panel damaged by accident stops what reads it with a sentence, and the remedy that it names works."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lakes import Row, a_company, m, new_lake, stage, stage_all
from signaux_faibles.cli.app import app
from signaux_faibles.domain.errors import LakeError, StageError
from signaux_faibles.domain.territoire import departement_of_code
from signaux_faibles.features.build import FEATURES_TABLE
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.model.recipes import BOOSTING
from signaux_faibles.panel.store import EVENTS_TABLE, PANEL_TABLE, check_files, read_manifest
from signaux_faibles.pipeline.reporter import Silent
from signaux_faibles.pipeline.run import make_model, make_panel

AS_OF, NEXT = m("2021-06"), m("2021-07")
REMEDY = "Build it again with `signaux panel --as-of 2021-06 --force`."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with the panel of its first batch, and a second batch without news."""
    lake = new_lake(tmp_path_factory.mktemp("built") / "lake")
    tables: dict[str, list[Row]] = a_company(until="2021-03")
    stage_all(lake, AS_OF, tables)
    for source in ("effectif_ent", "cotisation", "sirene", "sirene_ul", "debit", "procol", "sirene_histo"):
        stage(lake, source, NEXT, [])
    make_panel(lake, AS_OF, set_name="core")
    return lake.root


@pytest.fixture
def lake(built: Path, tmp_path: Path) -> Lake:
    shutil.copytree(built, tmp_path / "lake")
    return open_lake(tmp_path / "lake")


def _signaux(lake: Lake, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--lake", str(lake.root), "--as-of", "2021-06"])


def _part(lake: Lake, table: str) -> Path:
    return max((lake.panel(AS_OF) / table).rglob("part-*.parquet"))


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_damaged_manifest_is_told_and_a_forced_build_makes_it_again(lake: Lake, content: str) -> None:
    path = lake.panel(AS_OF) / "manifest.json"
    before = path.read_bytes()
    path.write_text(content)
    for words in (["panel"], ["target"], ["vintage"]):
        error = _signaux(lake, *words).exception
        assert isinstance(error, LakeError)
        assert str(error) == f"{path} cannot be read as the manifest of a panel. {REMEDY}"
    assert _signaux(lake, "panel", "--features", "core", "--force").exit_code == 0
    assert path.read_bytes() == before


def test_a_damaged_file_is_told_before_the_panel_is_said_to_be_there(lake: Lake) -> None:
    part = _part(lake, FEATURES_TABLE)
    part.write_bytes(b"PAR1, once")
    result = _signaux(lake, "panel")
    assert isinstance(result.exception, LakeError)
    assert str(result.exception) == f"{part} cannot be read as Parquet. {REMEDY}"
    assert "already built" not in result.stdout
    assert _signaux(lake, "panel", "--force").exit_code == 0
    assert "already built" in _signaux(lake, "panel").stdout


def test_a_lost_file_is_told_by_the_rows_that_lack(lake: Lake) -> None:
    _part(lake, FEATURES_TABLE).unlink()
    with pytest.raises(LakeError, match=r"features holds \d+ rows, its manifest says 66\. Build it again"):
        make_panel(lake, AS_OF)


def test_a_damaged_panel_is_not_continued(lake: Lake) -> None:
    _part(lake, PANEL_TABLE).write_bytes(b"")
    with pytest.raises(LakeError, match=r"cannot be read as Parquet\. Build it again with .*2021-06 --force"):
        make_panel(lake, NEXT)
    assert not lake.panel(NEXT).exists()


@pytest.mark.parametrize(("table", "command"), [(PANEL_TABLE, "vintage"), (EVENTS_TABLE, "target")])
def test_a_stage_that_only_reads_names_the_damaged_file(lake: Lake, table: str, command: str) -> None:
    for path in (lake.panel(AS_OF) / table).rglob("part-*.parquet"):
        path.write_bytes(b"damaged beyond repair")
    error = _signaux(lake, command).exception
    assert isinstance(error, LakeError)
    assert f"/{table}/" in error.message
    assert error.message.endswith("cannot be read as Parquet.")
    assert "--force" in error.todo


def test_the_remedy_of_a_panel_of_a_territory_names_it(lake: Lake) -> None:
    folder = lake.over(departement_of_code("2A")).panel(AS_OF)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(LakeError, match=r"`signaux panel --as-of 2021-06 --departement 2A --force`"):
        read_manifest(folder)


def test_a_whole_panel_passes(lake: Lake) -> None:
    check_files(lake.panel(AS_OF))


def test_a_month_before_the_first_batches_is_told_the_earliest_one(lake: Lake) -> None:
    with pytest.raises(StageError) as caught:
        make_panel(lake, m("2015-01"))
    assert caught.value.message.startswith("No batch at or before 1501 of sirene, ")
    assert caught.value.message.endswith("the first is 2106, so that the earliest panel is that of 2021-06.")
    assert caught.value.todo == "Use --as-of 2021-06 or later."


@pytest.mark.parametrize(
    ("month", "found"),
    [
        ("2017-06", "too short to learn from"),
        ("2020-06", "No panel as of 2020-06"),
        ("2021-06", "features of set core"),
    ],
)
def test_a_training_that_cannot_begin_begins_no_stage(lake: Lake, month: str, found: str) -> None:
    told: list[str] = []

    class Told(Silent):
        def stage(self, title: str) -> None:
            told.append(title)

    with pytest.raises(StageError, match=found):
        make_model(lake, BOOSTING, m(month), reporter=Told())
    assert told == [], "a stage that begins is one that the next one, or the end, calls done"
