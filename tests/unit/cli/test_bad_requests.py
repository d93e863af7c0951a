"""Requests that cannot be met end with a sentence, before any work."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.lakes import m, new_lake, stage

from signaux_faibles.cli.ingestion import import_, rejects
from signaux_faibles.cli.models import evaluate
from signaux_faibles.cli.parse import parse
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.lake import Lake
from signaux_faibles.pipeline.truth import check_truth


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with one batch and its table of rejects."""
    made = new_lake(tmp_path / "lake")
    stage(made, "ccsf", m("2026-10"), [])
    table = pa.table({"fault": ["siret", "siret", "date"]})
    pq.write_table(table, made.staged("ccsf", m("2026-10")) / "rejects.parquet")
    return made


@pytest.mark.parametrize("export", [None, Path("rejects.csv")])
def test_rejects_of_a_batch_never_imported_are_refused(lake: Lake, export: Path | None) -> None:
    with pytest.raises(StageError, match="Batch 2609 was not imported"):
        rejects("2609", lake.root, export and lake.root / export)


def test_rejects_are_exported_or_the_path_is_refused(lake: Lake, tmp_path: Path) -> None:
    rejects("2610", lake.root, tmp_path / "rejects.csv")
    assert len((tmp_path / "rejects.csv").read_text().splitlines()) == 1 + 3
    for path in (tmp_path / "absent" / "rejects.csv", tmp_path):
        with pytest.raises(InputError, match="cannot be written"):
            rejects("2610", lake.root, path)


def test_a_file_that_cannot_be_parsed_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "debits.csv"
    file.write_text("Siret;num_cpte\n1;2\n")
    with pytest.raises(InputError) as error:
        parse("debit", file)
    assert str(error.value).startswith(f"{file}: Fatal: column ")
    assert "[" not in str(error.value).removeprefix(str(file))


def test_the_truth_is_checked_before_any_panel_is_built(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"health\.parquet is missing"):
        evaluate(["boosting"], lake.root, "2026-10", oracle=True, truth=tmp_path / "absent")
    assert not (lake.root / "panel").exists()
    assert not lake.journal.exists()


def test_a_truth_that_the_oracle_reads_is_accepted(lake: Lake, tmp_path: Path) -> None:
    row = {"siren": ["900000004"], "month": [1], "probability_18m": [0.1]}
    pq.write_table(pa.table(row), tmp_path / "health.parquet")
    check_truth(lake, tmp_path)


def test_a_mistyped_folder_of_batches_makes_no_lake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No folder .*rwa"):
        import_(raw=tmp_path / "rwa", batch="2610", lake=tmp_path / "lake")
    assert not (tmp_path / "lake").exists()
