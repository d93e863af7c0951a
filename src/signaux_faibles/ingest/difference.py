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
    """Make the tables `appeared` (sorted, with `known_from`) and `withdrawn` out of the view `fresh`.

    Returns
    -------
    dict
        `staged` rows of the batch, `appeared`, `withdrawn`, `alive` before it, and `repeated` rows of a flow.
    """
    names = [f'"{column.name}"' for column in source.columns]
    listed = ", ".join(names)
    delivery = as_delivery(batch)
    earlier = [staged for staged in staged_deliveries(lake, source.name) if staged < delivery]
    rule = source.known_from
    if earlier:
        rule = f"greatest({rule}, DATE '{last_day(delivery.month)}')"
        appeared = _against_earlier(engine, lake, source, earlier[-1], listed)
    else:
        engine.run("CREATE OR REPLACE TABLE withdrawn (row_batch INTEGER, row_id BIGINT)")
        appeared = f"SELECT DISTINCT {listed} FROM fresh" if source.is_flow else f"SELECT {listed} FROM fresh"
    engine.run(
        f"CREATE OR REPLACE TABLE appeared AS SELECT {listed}, CAST({rule} AS DATE) AS known_from FROM ({appeared}) "
        f"ORDER BY {listed}"
    )
    staged, found, gone = engine.rows(
        "SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM appeared), (SELECT count(*) FROM withdrawn)"
    )[0]
    alive = engine.rows("SELECT count(*) FROM alive")[0][0] if earlier else 0
    repeated = staged - found if source.is_flow else 0
    return {"staged": staged, "appeared": found, "withdrawn": gone, "alive": alive, "repeated": repeated}


def _against_earlier(engine: Engine, lake: Lake, source: Source, last: Delivery, listed: str) -> str:
    engine.run(
        f"CREATE OR REPLACE TABLE alive AS SELECT siren, hash({listed}) AS h, batch_month, row_id "
        f"FROM ({versions_sql(lake, source.name, last)}) WHERE until_month IS NULL"
    )
    engine.run(f"CREATE OR REPLACE TABLE hashed AS SELECT *, hash({listed}) AS h FROM fresh")
    wanted = "1" if source.is_flow else "count(*)"
    engine.run(f"""
        CREATE OR REPLACE TABLE changed AS
        SELECT siren, h, coalesce(n, 0) - coalesce(p, 0) AS more
        FROM (SELECT siren, h, {wanted} AS n FROM hashed GROUP BY siren, h)
        FULL OUTER JOIN (SELECT siren, h, count(*) AS p FROM alive GROUP BY siren, h) USING (siren, h)
        WHERE coalesce(n, 0) <> coalesce(p, 0)""")
    engine.run(
        "CREATE OR REPLACE TABLE withdrawn (row_batch INTEGER, row_id BIGINT)"
        if source.is_flow
        else """
        CREATE OR REPLACE TABLE withdrawn AS SELECT batch_month AS row_batch, row_id FROM (
            SELECT a.batch_month, a.row_id, c.more,
                   row_number() OVER (PARTITION BY a.siren, a.h ORDER BY a.batch_month DESC, a.row_id DESC) AS copy
            FROM alive a JOIN changed c ON c.siren = a.siren AND c.h = a.h WHERE c.more < 0
        ) WHERE copy <= -more ORDER BY row_batch, row_id"""
    )
    return f"""
        SELECT {listed} FROM (
            SELECT f.*, c.more, row_number() OVER (PARTITION BY f.siren, f.h) AS copy
            FROM hashed f JOIN changed c ON c.siren = f.siren AND c.h = f.h WHERE c.more > 0
        ) WHERE copy <= more"""


def write_difference(engine: Engine, source: Source, folder: Path, *, first_row_id: int = 0) -> None:
    """Write `appeared` and `withdrawn` as the files of a batch."""
    columns = ", ".join(f'CAST("{c.name}" AS {c.kind.value}) AS "{c.name}"' for c in source.columns)
    engine.write_parquet(
        f"SELECT {columns}, CAST(rowid + {first_row_id} AS BIGINT) AS row_id, known_from FROM appeared ORDER BY rowid",
        folder / "part-0000.parquet",
    )
    engine.write_parquet(
        "SELECT row_batch, row_id FROM withdrawn ORDER BY row_batch, row_id", folder / "withdrawn.parquet"
    )


def freshness(engine: Engine, source: Source, batch: int | Delivery) -> int | None:
    """Last month that the rows of a batch inform, the batch's own at most; None without rows."""
    found = engine.rows(f"SELECT max(CAST({source.freshness} AS INTEGER)) FROM fresh")[0][0]
    return None if found is None else min(int(found), as_delivery(batch).month)
