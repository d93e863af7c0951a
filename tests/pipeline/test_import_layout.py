"""A batch is not compared with one that was staged with other columns: the import says which, and what to do."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.import_samples import CCSF_HEADER, FEBRUARY, JANUARY, A, write_batch
from pipeline.test_import_versions import Batches, row
from signaux_faibles.domain.errors import InputError
from signaux_faibles.ingest.importer import import_batch


@pytest.fixture
def batches(tmp_path: Path) -> Batches:
    made = Batches(tmp_path)
    made.add("2401", JANUARY, row(A, "DEBUT"))
    part = made.lake.staged("ccsf", JANUARY) / "part-0000.parquet"
    pq.write_table(pq.read_table(part).drop_columns(["stade"]), part)
    return made


def test_the_next_batch_is_refused_with_the_column_that_an_earlier_one_lacks(batches: Batches) -> None:
    with pytest.raises(InputError, match=r"ccsf, batch 2401: part-0000\.parquet is without the column\(s\) stade"):
        batches.add("2402", FEBRUARY, row(A, "FIN"))
    assert not batches.lake.staged("ccsf", FEBRUARY).exists()


def test_the_batch_itself_is_imported_again_as_the_message_says(batches: Batches) -> None:
    write_batch(batches.raw, "2401", {"sigfaible_ccsf.csv": (CCSF_HEADER + row(A, "FIN")).encode()})
    import_batch(batches.lake, batches.raw, batch=JANUARY, force=True)
    batches.add("2402", FEBRUARY, row(A, "FIN"))
    assert [stage for _, stage, *_ in batches.read(FEBRUARY)] == ["FIN"]
