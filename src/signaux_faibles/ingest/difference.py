"""What a batch changes: rows that appear, rows that are no longer there.

Two rows are the same when all their business columns are; a row present twice counts twice. Rows are compared by
SIREN and by a hash of their columns: two different rows of one company having the same 64-bit hash is out of reach.
"""

from __future__ import annotations

from pathlib import Path

from signaux_faibles.domain.delivery import Delivery, as_delivery
from signaux_faibles.domain.periode import last_day
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import staged_deliveries, versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.schema.source import Source


def compare(engine: Engine, lake: Lake, source: Source, batch: int | Delivery) -> dict[str, int]:
    """Make `appeared` (with `row_id` and `known_from`) and `withdrawn` out of the view `fresh`.

    Returns
    -------
    dict
        `staged` rows of the batch, `appeared`, `withdrawn`, `alive` before it, and `repeated` rows of a flow.
    """
    listed = ", ".join(f'"{column.name}"' for column in source.columns)
    delivery = as_delivery(batch)
    earlier = [staged for staged in staged_deliveries(lake, source.name) if staged < delivery]
    rule = source.known_from
    alive = 0
    engine.run("CREATE OR REPLACE TABLE withdrawn (row_batch INTEGER, row_id BIGINT)")
    if earlier:
        rule = f"greatest({rule}, DATE '{last_day(delivery.month)}')"
        alive = _against_earlier(engine, lake, source, earlier[-1], listed)
        appeared = "new_rows"
    elif source.is_flow:
        appeared = f"(SELECT {listed}, min(row_id) AS row_id FROM fresh GROUP BY {listed})"
    else:
        appeared = "fresh"
    kind = "TABLE" if source.is_flow and not earlier else "VIEW"
    engine.run(
        f"CREATE OR REPLACE {kind} appeared AS SELECT {listed}, row_id, CAST({rule} AS DATE) AS known_from "
        f"FROM {appeared}"
    )
    staged = _count(engine, source)
    found = staged if appeared == "fresh" else engine.rows("SELECT count(*) FROM appeared")[0][0]
    gone = engine.rows("SELECT count(*) FROM withdrawn")[0][0]
    repeated = staged - found if source.is_flow else 0
    return {"staged": staged, "appeared": found, "withdrawn": gone, "alive": alive, "repeated": repeated}


def _count(engine: Engine, source: Source) -> int:
    """Rows of `fresh`, without unfolding wide records."""
    counted = "coalesce(sum(cells_count), 0) FROM wide" if source.is_wide else "count(*) FROM fresh"
    return int(engine.rows(f"SELECT {counted}")[0][0])


def _against_earlier(engine: Engine, lake: Lake, source: Source, last: Delivery, listed: str) -> int:
    """Make `new_rows` and `withdrawn`; gives the rows alive before."""
    engine.run(
        f"CREATE OR REPLACE TABLE alive AS SELECT siren, hash({listed}) AS h, batch_month, row_id "
        f"FROM ({versions_sql(lake, source.name, last)}) WHERE until_month IS NULL"
    )
    engine.run(f"CREATE OR REPLACE TABLE hashed AS SELECT *, hash({listed}) AS h FROM fresh")
    engine.run(f"CREATE OR REPLACE TABLE changed AS {_changed_flow() if source.is_flow else _changed_stock()}")
    if not source.is_flow:
        engine.run("""
            INSERT INTO withdrawn SELECT batch_month, row_id FROM (
                SELECT a.batch_month, a.row_id, c.more,
                       row_number() OVER (PARTITION BY a.siren, a.h ORDER BY a.batch_month DESC, a.row_id DESC) AS copy
                FROM alive a JOIN changed c ON c.siren = a.siren AND c.h = a.h WHERE c.more < 0
            ) WHERE copy <= -more""")
    engine.run("""
        CREATE OR REPLACE TABLE new_rows AS SELECT * EXCLUDE (h, more, copy) FROM (
            SELECT f.*, c.more, row_number() OVER (PARTITION BY f.siren, f.h ORDER BY f.row_id) AS copy
            FROM hashed f JOIN changed c ON c.siren = f.siren AND c.h = f.h WHERE c.more > 0
        ) WHERE copy <= more""")
    alive = engine.rows("SELECT count(*) FROM alive")[0][0]
    engine.run("DROP TABLE alive; DROP TABLE hashed")
    return int(alive)


def _changed_stock() -> str:
    """Rows, by hash, of which there are more or fewer than before."""
    return """
        SELECT siren, h, CAST(sum(now) - sum(before) AS BIGINT) AS more FROM (
            SELECT siren, h, 1 AS now, 0 AS before FROM hashed UNION ALL SELECT siren, h, 0, 1 FROM alive
        ) GROUP BY siren, h HAVING CAST(sum(now) - sum(before) AS BIGINT) <> 0"""


def _changed_flow() -> str:
    """Rows, by hash, that the lake does not hold.

    A flow repeats nothing: a row that the lake holds adds nothing, and one that is absent withdraws nothing. Only the
    rows of the batch are then gathered: those of the lake are a hundred times more.
    """
    return """
        SELECT siren, h, CAST(1 AS BIGINT) AS more FROM (SELECT DISTINCT siren, h FROM hashed) AS f
        WHERE NOT EXISTS (SELECT 1 FROM alive AS a WHERE a.siren = f.siren AND a.h = f.h)"""


def write_difference(engine: Engine, source: Source, folder: Path, *, first_row_id: int = 0) -> None:
    """Write `appeared` and `withdrawn` as the files of a batch, each in a total order."""
    columns = ", ".join(f'CAST("{c.name}" AS {c.kind.value}) AS "{c.name}"' for c in source.columns)
    is_table = engine.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('new_rows', 'appeared')")[0][0]
    # The rows of a wide source new to the lake come out of `wide`, which is sorted: sorting them again costs the most.
    is_ordered = source.is_wide and not is_table
    order = "" if is_ordered else "ORDER BY CAST(siren AS INTEGER), row_id"
    engine.write_parquet(
        f"SELECT {columns}, CAST(row_id + {first_row_id} AS BIGINT) AS row_id, known_from FROM appeared {order}",
        folder / "part-0000.parquet",
        compression="snappy",
        is_ordered=is_ordered,
    )
    engine.write_parquet(
        "SELECT row_batch, row_id FROM withdrawn ORDER BY row_batch, row_id", folder / "withdrawn.parquet"
    )


def freshness(engine: Engine, source: Source, batch: int | Delivery) -> int | None:
    """Last month that the rows of a batch inform, the batch's own at most; None without rows."""
    sql = f"max(CAST({source.freshness} AS INTEGER)) FROM fresh"
    if source.is_wide:
        names = [row[0] for row in engine.rows("SELECT column_name FROM (DESCRIBE wide)") if row[0].startswith("m_")]
        last = [f"CASE WHEN count({name}) > 0 THEN {name[2:]} END" for name in names]
        sql = f"greatest({', '.join([*last, 'NULL'])}) FROM wide"
    found = engine.rows(f"SELECT {sql}")[0][0]
    return None if found is None else min(int(found), as_delivery(batch).month)
