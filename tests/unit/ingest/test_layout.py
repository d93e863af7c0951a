"""Staged files of another layout are refused before any stage reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakes import SIREN, day, m, new_lake, stage
from signaux_faibles.domain.delivery import Delivery
from signaux_faibles.domain.errors import LakeError
from signaux_faibles.ingest.layout import check_layout
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake

BATCH = m("2021-06")
ROW = {"siren": SIREN, "date_valeur": day("2021-05-01"), "retard_days": 3, "known_from": day("2021-06-30")}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = new_lake(tmp_path / "lake")
    stage(made, "paydex", BATCH, [ROW])
    return made


def _rewrite(lake: Lake, change: object, batch: int = BATCH) -> None:
    part = lake.staged("paydex", batch) / "part-0000.parquet"
    pq.write_table(change(pq.read_table(part)), part)  # type: ignore[operator]


def test_what_the_sources_declare_passes(lake: Lake) -> None:
    check_layout(lake, BATCH)


def test_a_missing_column_is_named_with_its_source_batch_and_what_to_do(lake: Lake) -> None:
    _rewrite(lake, lambda table: table.drop_columns(["retard_days"]))
    with pytest.raises(LakeError) as caught:
        check_layout(lake, BATCH)
    assert caught.value.message.startswith(
        "paydex, batch 2106: part-0000.parquet is without the column(s) retard_days."
    )
    assert caught.value.todo == "Import it again: `signaux import RAW --batch 2106 --only paydex --force`."


def test_a_column_of_another_type_is_named_with_both_types(lake: Lake) -> None:
    def change(table: pa.Table) -> pa.Table:
        rank = table.column_names.index("date_valeur")
        return table.set_column(rank, "date_valeur", table["date_valeur"].cast(pa.string()))

    _rewrite(lake, change)
    with pytest.raises(LakeError, match=r"of another type: date_valeur \(string instead of date32\[day\]\)"):
        check_layout(lake, BATCH)


def test_a_column_no_longer_declared_is_refused(lake: Lake) -> None:
    _rewrite(lake, lambda table: table.append_column("cote", pa.array([1] * table.num_rows)))
    with pytest.raises(LakeError, match="no longer declared: cote"):
        check_layout(lake, BATCH)


def test_a_manifest_of_another_layout_is_refused_though_the_files_look_right(lake: Lake) -> None:
    card = lake.staged("paydex", BATCH) / "manifest.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"schema_hash": "of another time"}))
    with pytest.raises(LakeError, match="its manifest names other columns"):
        check_layout(lake, BATCH)


def test_a_batch_followed_by_others_cannot_be_replaced_alone(lake: Lake) -> None:
    stage(lake, "paydex", BATCH + 1, [])
    _rewrite(lake, lambda table: table.drop_columns(["retard_days"]))
    with pytest.raises(LakeError, match="in order, into a new lake"):
        check_layout(lake, BATCH + 1)


def test_a_batch_after_the_month_is_not_looked_at(lake: Lake) -> None:
    stage(lake, "paydex", BATCH + 1, [])
    _rewrite(lake, lambda table: table.drop_columns(["retard_days"]), BATCH + 1)
    check_layout(lake, BATCH)
    with pytest.raises(LakeError, match="batch 2107"):
        check_layout(lake, BATCH + 1)


def test_the_next_import_is_compared_with_batches_of_the_layout_declared_only(lake: Lake) -> None:
    _rewrite(lake, lambda table: table.drop_columns(["retard_days"]))
    with pytest.raises(LakeError, match="batch 2106"):
        check_layout(lake, Delivery(BATCH + 1))
    check_layout(lake, Delivery(BATCH))  # the batch itself may be imported again


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more"])
def test_a_damaged_file_is_named_with_what_to_do(lake: Lake, content: bytes) -> None:
    (lake.staged("paydex", BATCH) / "part-0000.parquet").write_bytes(content)
    with pytest.raises(LakeError) as caught:
        check_layout(lake, BATCH)
    assert caught.value.message == "paydex, batch 2106: part-0000.parquet cannot be read as Parquet."
    assert caught.value.todo == "Import it again: `signaux import RAW --batch 2106 --only paydex --force`."


def test_a_damaged_file_of_withdrawals_is_named(lake: Lake) -> None:
    stage(lake, "paydex", BATCH + 1, [], [(BATCH, 0)])
    (lake.staged("paydex", BATCH + 1) / "withdrawn.parquet").unlink()
    with pytest.raises(LakeError, match=r"paydex, batch 2107: withdrawn\.parquet cannot be read as Parquet"):
        check_layout(lake, BATCH + 1)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("part-0000.parquet", r"batch=2106 holds no file part-\*\.parquet"),
        ("manifest.json", r"manifest\.json is missing"),
    ],
)
def test_a_file_that_is_lost_is_told(lake: Lake, name: str, sentence: str) -> None:
    (lake.staged("paydex", BATCH) / name).unlink()
    with pytest.raises(LakeError, match=sentence):
        check_layout(lake, BATCH)
    with pytest.raises(LakeError, match=sentence):
        versions_sql(lake, "paydex", BATCH)


def test_a_damaged_manifest_is_told_by_who_reads_the_log(lake: Lake) -> None:
    (lake.staged("paydex", BATCH) / "manifest.json").write_text("{")
    with pytest.raises(LakeError, match=r"manifest\.json cannot be read as a manifest. Import it again"):
        versions_sql(lake, "paydex", BATCH)


def test_a_damaged_batch_followed_by_others_has_another_remedy(lake: Lake) -> None:
    stage(lake, "paydex", BATCH + 1, [])
    (lake.staged("paydex", BATCH) / "manifest.json").write_text("{")
    with pytest.raises(LakeError, match="restore its folder from a copy, or import the batches again, in order"):
        check_layout(lake, BATCH)
