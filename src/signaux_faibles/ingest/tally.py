"""Count what became of every row, and write every fault down."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from signaux_faibles.engine import Engine
from signaux_faibles.ingest.normalise import Records
from signaux_faibles.ingest.staging import Check, accepted_sql, drop_mask, literal, luhn_is_right
from signaux_faibles.schema.source import Fault, Source

LINE_FAULTS = pa.schema(
    [
        pa.field("file_rank", pa.int32()),
        pa.field("line", pa.int64()),
        pa.field("fault", pa.string()),
        pa.field("found", pa.string()),
        pa.field("expected", pa.string()),
    ]
)
STARTS = pa.schema([pa.field("file_rank", pa.int32()), pa.field("rank", pa.int64()), pa.field("line", pa.int64())])
THOUSANDS = "[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+"
HEADCOUNT = (
    "CASE WHEN regexp_full_match(cell, '[0-9]{1,9}') THEN CAST(cell AS INTEGER) "
    f"WHEN regexp_full_match(cell, '{THOUSANDS}') THEN TRY_CAST(regexp_replace(cell, '[^0-9]', '', 'g') AS INTEGER) END"
)


def mark_repeated(engine: Engine, source: Source, checks: list[Check]) -> None:
    """Make `repeated`: ranks of the rows that repeat, whole, an earlier row of a source without repetition."""
    if not source.unique_key:
        engine.run("CREATE OR REPLACE TABLE repeated (rank BIGINT)")
        return
    accepted = accepted_sql(checks)
    key = f'"{source.unique_key}"'
    engine.run(f"""
        CREATE OR REPLACE TABLE repeated AS
        SELECT rank FROM (
            SELECT rank, row_number() OVER (PARTITION BY {_columns(engine)} ORDER BY rank) AS copy
            FROM (SELECT *, rowid AS rank FROM typed)
            WHERE {accepted} AND {key} IN (
                SELECT {key} FROM typed WHERE {accepted} GROUP BY {key} HAVING count(*) > 1
            )
        )
        WHERE copy > 1""")


def _columns(engine: Engine) -> str:
    hidden = ("faults", "filtered", "file_rank", "found")
    names = [row[0] for row in engine.rows("SELECT column_name FROM (DESCRIBE typed)")]
    return ", ".join(f'"{name}"' for name in names if name not in hidden)


def make_fresh(engine: Engine, source: Source, checks: list[Check]) -> None:
    """Make the view `fresh`: business columns of every row that is kept, one per month for a wide source."""
    kept = f"SELECT * FROM typed WHERE {accepted_sql(checks)} AND rowid NOT IN (SELECT rank FROM repeated)"
    names = ", ".join(f'"{column.name}"' for column in source.columns)
    if not source.is_wide:
        engine.run(f"CREATE OR REPLACE VIEW fresh AS SELECT {names} FROM ({kept})")
        return
    engine.run(f"""
        CREATE OR REPLACE VIEW cells AS
        SELECT *, {HEADCOUNT} AS effectif_count, CAST(substr(name, 3) AS INTEGER) AS month
        FROM (SELECT *, rank AS id FROM ({kept.replace("*", "*, rowid AS rank", 1)}))
        UNPIVOT (cell FOR name IN (COLUMNS('^m_[0-9]+$')))""")
    engine.run(f"CREATE OR REPLACE VIEW fresh AS SELECT {names} FROM cells WHERE effectif_count IS NOT NULL")


def make_faults(
    engine: Engine, source: Source, checks: list[Check], records: list[Records], firsts: list[int], files: list[str]
) -> None:
    """Make `rejects`: every fault of every file, with its physical line."""
    _register(engine, records, firsts)
    mask = drop_mask(checks)
    engine.run(
        "CREATE OR REPLACE TABLE faulty AS SELECT rowid AS rank, file_rank, faults, found FROM typed "
        "WHERE faults <> 0 AND filtered = 0"
    )
    parts = [
        f"SELECT rank, file_rank, {literal(check.cell)} AS cell, {literal(check.fault.value)} AS fault, "
        f"found[{n + 1}] AS found, {literal(check.expected)} AS expected, (faults & {mask}) = 0 AS is_row_kept "
        f"FROM faulty WHERE (faults & {1 << n}) <> 0"
        for n, check in enumerate(checks)
    ]
    parts.append(
        f"SELECT r.rank, t.file_rank, '', {literal(Fault.DUPLICATE.value)}, '', 'une seule fois la même ligne', false "
        "FROM repeated r JOIN (SELECT rowid AS rank, file_rank FROM typed) t ON t.rank = r.rank"
    )
    if source.is_wide:
        parts.append(_cell_faults(records))
    names = " ".join(f"WHEN {rank} THEN {literal(name)}" for rank, name in enumerate(files))
    engine.run(f"""
        CREATE OR REPLACE TABLE rejects AS
        SELECT CASE file_rank {names} END AS file, line, cell AS "column", fault, found, expected, is_row_kept FROM (
            SELECT f.file_rank, s.line + f.rank - s.rank AS line, f.cell, f.fault, f.found, f.expected, f.is_row_kept
            FROM ({" UNION ALL ".join(parts)}) f ASOF JOIN starts s ON f.rank >= s.rank
            UNION ALL SELECT file_rank, line, '', fault, found, expected, false FROM line_faults
        )""")


def _cell_faults(records: list[Records]) -> str:
    headers = {}
    for rank, record in enumerate(records):
        if record.header is not None:
            headers.update({(rank, month): record.header.names[at] for month, at in record.header.months.items()})
    whens = " ".join(
        f"WHEN file_rank = {rank} AND month = {m} THEN {literal(name)}" for (rank, m), name in headers.items()
    )
    return (
        f"SELECT id AS rank, file_rank, CASE {whens} END AS cell, {literal(Fault.EFFECTIF.value)} AS fault, "
        f"left(cell, 200) AS found, {literal('un entier positif ou nul')} AS expected, true AS is_row_kept "
        "FROM cells WHERE effectif_count IS NULL"
    )


def _register(engine: Engine, records: list[Records], firsts: list[int]) -> None:
    faults = [(rank, f.line, f.fault.value, f.found, f.expected) for rank, r in enumerate(records) for f in r.faults]
    starts = [(rank, firsts[rank] + n, line) for rank, r in enumerate(records) for n, line in r.starts]
    for name, rows, schema in (("line_faults", faults, LINE_FAULTS), ("starts", starts, STARTS)):
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        arrays = [pa.array(column, type=kind.type) for column, kind in zip(columns, schema, strict=True)]
        engine.register(name, pa.table(arrays, schema=schema))


def write_faults(engine: Engine, path: Path) -> None:
    """Write `rejects`, in a total order."""
    engine.write_parquet(
        'SELECT * FROM rejects ORDER BY file, line, "column", fault, found, expected, is_row_kept', path
    )


def count_rows(engine: Engine, source: Source, checks: list[Check], records: list[Records]) -> dict[str, int]:
    """Rows read, accepted, rejected and filtered; their sum is checked.

    Raises
    ------
    RuntimeError
        If a row was lost on the way, which is a bug.
    """
    accepted = accepted_sql(checks)
    total, filtered, kept, repeated, fakes = engine.rows(f"""
        SELECT count(*), count(*) FILTER (WHERE filtered > 0), count(*) FILTER (WHERE {accepted}),
               (SELECT count(*) FROM repeated),
               count(*) FILTER (WHERE {accepted} AND NOT {luhn_is_right("siren")})
        FROM typed""")[0]
    read = sum(r.rows for r in records)
    line_faults, trailers = sum(len(r.faults) for r in records), sum(r.trailers for r in records)
    counts = {
        "read": read,
        "accepted": kept - repeated,
        "rejected": total - filtered - kept + repeated + line_faults,
        "filtered": filtered + trailers,
        "fakes": fakes,
        "transcoded": sum(r.transcoded for r in records),
    }
    if total != sum(r.clean for r in records) or read != counts["accepted"] + counts["rejected"] + counts["filtered"]:
        raise RuntimeError(f"{source.name}: rows do not add up: {counts}, {total} read by SQL")
    return counts


def rejected_rows(engine: Engine) -> dict[str, int]:
    """Faults that rejected a row, by class; a row may have several."""
    return dict(_faults(engine, is_row_kept=False))


def emptied_cells(engine: Engine) -> dict[str, int]:
    """Faults that emptied a cell of a row that was kept, by class."""
    return dict(_faults(engine, is_row_kept=True))


def _faults(engine: Engine, *, is_row_kept: bool) -> list[tuple[str, int]]:
    condition = "is_row_kept" if is_row_kept else "NOT is_row_kept"
    rows = engine.rows(f"SELECT fault, count(*) FROM rejects WHERE {condition} GROUP BY fault ORDER BY fault")
    return [(fault, count) for fault, count in rows]


def filtered_rows(engine: Engine, source: Source) -> dict[str, int]:
    """Rows left out by the source's filters, by reason."""
    rows = engine.rows("SELECT filtered, count(*) FROM typed WHERE filtered > 0 GROUP BY filtered ORDER BY filtered")
    return {source.filters[rank - 1].reason: count for rank, count in rows}
