"""Count what became of every row, and write every fault down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.engine import Engine
from signaux_faibles.ingest.found import MAX_ROWS_BY_RECORD, Records
from signaux_faibles.ingest.staging import (
    REAL_SIREN,
    REPEATED,
    Check,
    drop_mask,
    key_cell,
    literal,
    luhn_is_right,
    own_filters,
)
from signaux_faibles.schema.source import Fault, Source


def mark(engine: Engine, source: Source, checks: list[Check], *, is_synthetic: bool) -> None:
    """Mark in `typed` the faults that no cell alone shows, and make the view `kept`: rows accepted, with their rank."""
    accepted = f"filtered = 0 AND (faults & {drop_mask(checks)}) = 0"
    words = "unnest(string_split(siren, ' '))" if source.explodes else "siren"
    engine.run(
        f"CREATE OR REPLACE TABLE companies AS SELECT siren, count(*) AS rows_count FROM "
        f"(SELECT {words} AS siren FROM typed WHERE {accepted}) GROUP BY siren"
    )
    if is_synthetic:
        _mark_real(engine, source, accepted)
    if source.unique_key:
        _mark_repeated(engine, source, accepted)
    engine.run(f"CREATE OR REPLACE VIEW kept AS SELECT *, rowid AS rank FROM typed WHERE {accepted}")


def _mark_real(engine: Engine, source: Source, accepted: str) -> None:
    real = [row[0] for row in engine.rows(f"SELECT siren FROM companies WHERE {luhn_is_right('siren')}")]
    if not real:
        return
    listed = "[" + ", ".join(literal(siren) for siren in real) + "]"
    words = "string_split(siren, ' ')" if source.explodes else "[siren]"
    engine.run(f"UPDATE typed SET faults = faults | {REAL_SIREN} WHERE {accepted} AND list_has_any({words}, {listed})")


def _mark_repeated(engine: Engine, source: Source, accepted: str) -> None:
    """Mark the rows that repeat, whole, an earlier row of a source without repetition."""
    key = f'"{source.unique_key}"'
    engine.run(f"""
        UPDATE typed SET faults = faults | {REPEATED} WHERE rowid IN (
            SELECT rank FROM (
                SELECT rank, row_number() OVER (PARTITION BY {_columns(engine)} ORDER BY rank) AS copy
                FROM (SELECT *, rowid AS rank FROM typed)
                WHERE {accepted} AND {key} IN (
                    SELECT {key} FROM typed WHERE {accepted} GROUP BY {key} HAVING count(*) > 1
                )
            )
            WHERE copy > 1
        )""")


def _columns(engine: Engine) -> str:
    hidden = ("faults", "filtered", "file_rank", "found", "cells_count", "bad_cells")
    names = [row[0] for row in engine.rows("SELECT column_name FROM (DESCRIBE typed)")]
    return ", ".join(f'"{name}"' for name in names if name not in hidden)


def make_fresh(engine: Engine, source: Source, months: list[int]) -> None:
    """Make the view `fresh`: business columns and `row_id` of every row that is kept, several of some records."""
    names = ", ".join(f'"{column.name}"' for column in source.columns)
    if source.is_wide:
        engine.run("CREATE OR REPLACE TABLE wide AS SELECT * FROM kept ORDER BY siren, rank")
        cells = f"[{', '.join(f'm_{month}' for month in months)}]"
        sql = f"""
            SELECT {names}, rank * {MAX_ROWS_BY_RECORD} + place AS row_id FROM (
                SELECT * EXCLUDE (cells_count, bad_cells), unnest({cells}) AS effectif_count,
                       unnest(CAST({months} AS INTEGER[])) AS month, unnest(range({len(months)})) AS place
                FROM wide
            ) WHERE effectif_count IS NOT NULL"""
    elif source.explodes:
        sql = f"""
            SELECT {names}, rank * {MAX_ROWS_BY_RECORD} + place AS row_id FROM (
                SELECT * EXCLUDE (siren), unnest(words) AS siren, unnest(range(len(words))) AS place
                FROM (SELECT *, string_split(siren, ' ') AS words FROM kept)
            )"""
    else:
        sql = f"SELECT {names}, rank AS row_id FROM kept"
    engine.run(f"CREATE OR REPLACE VIEW fresh AS {sql}")


def make_faults(
    engine: Engine, source: Source, checks: list[Check], records: list[Records], firsts: list[int], files: list[str]
) -> None:
    """Make `rejects`: every fault of every file, with its physical line."""
    _register(engine, records, firsts)
    mask = drop_mask(checks)
    engine.run(
        "CREATE OR REPLACE TABLE faulty AS SELECT rowid AS rank, file_rank, faults, found, "
        f"{_key_column(source)} AS key FROM typed WHERE faults <> 0 AND filtered = 0"
    )
    parts = [
        f"SELECT rank, file_rank, {literal(check.cell)} AS cell, {literal(check.fault.value)} AS fault, "
        f"found[{n + 1}] AS found, {literal(check.expected)} AS expected, (faults & {mask}) = 0 AS is_row_kept "
        f"FROM faulty WHERE (faults & {1 << n}) <> 0"
        for n, check in enumerate(checks)
    ]
    for bit, fault, cell, found, expected in (
        (REPEATED, Fault.DUPLICATE, "", "''", "une seule fois la même ligne"),
        (REAL_SIREN, Fault.REAL_SIREN, key_cell(source), "key", "un SIREN inventé, de clé fausse"),
    ):
        parts.append(
            f"SELECT rank, file_rank, {literal(cell)}, {literal(fault.value)}, {found}, {literal(expected)}, false "
            f"FROM faulty WHERE (faults & {bit}) <> 0"
        )
    if source.is_wide:
        parts += _cell_faults(records, mask)
    names = " ".join(f"WHEN {rank} THEN {literal(name)}" for rank, name in enumerate(files))
    engine.run(f"""
        CREATE OR REPLACE TABLE rejects AS
        SELECT CASE file_rank {names} END AS file, line, cell AS "column", fault, found, expected, is_row_kept FROM (
            SELECT f.file_rank, s.line + f.rank - s.rank AS line, f.cell, f.fault, f.found, f.expected, f.is_row_kept
            FROM ({" UNION ALL ".join(parts)}) f ASOF JOIN starts s ON f.rank >= s.rank
            UNION ALL SELECT file_rank, line, '', fault, found, expected, false FROM line_faults
        )""")


def _key_column(source: Source) -> str:
    names = [column.name for column in source.columns]
    return '"siret"' if "siret" in names else '"siren"'


def _cell_faults(records: list[Records], mask: int) -> list[str]:
    """Queries of the months that cannot be read, one by file: each writes its headers its own way."""
    months = sorted({month for r in records if r.header for month in r.header.months})
    parts = []
    for file_rank, record in enumerate(records):
        if record.header is None:
            continue
        header = record.header
        names = [header.names[header.months[m]] if m in header.months else "" for m in months]
        listed = f"[{', '.join(literal(name) for name in names)}]"
        cells = f"[{', '.join(f'm_{m}' for m in months)}]"
        parts.append(
            f"SELECT rank, file_rank, cell, {literal(Fault.EFFECTIF.value)}, left(found, 200), "
            f"{literal('un entier positif ou nul')}, true FROM ("
            f"SELECT rowid AS rank, file_rank, unnest({listed}) AS cell, unnest(bad_cells) AS found, "
            f"unnest({cells}) AS value FROM typed WHERE file_rank = {file_rank} AND bad_cells IS NOT NULL "
            f"AND filtered = 0 AND (faults & {mask}) = 0"
            f") WHERE found IS NOT NULL AND (value IS NULL OR NOT regexp_matches(found, '[0-9]'))"
        )
    return parts


def _register(engine: Engine, records: list[Records], firsts: list[int]) -> None:
    faults = [_with_file(r.faults.table(), rank) for rank, r in enumerate(records)]
    starts = [_shifted(_with_file(r.starts.table(), rank), firsts[rank]) for rank, r in enumerate(records)]
    engine.register("line_faults", pa.concat_tables(faults))
    engine.register("starts", pa.concat_tables(starts))


def _with_file(table: pa.Table, rank: int) -> pa.Table:
    return table.append_column("file_rank", pa.array(np.full(len(table), rank, np.int32)))


def _shifted(starts: pa.Table, first: int) -> pa.Table:
    """Ranks in the file made ranks in `typed`."""
    return starts.set_column(0, "rank", pc.add(starts["rank"], first))


def write_faults(engine: Engine, path: Path) -> None:
    """Write `rejects`, in a total order."""
    engine.write_parquet(
        'SELECT * FROM rejects ORDER BY file, line, "column", fault, found, expected, is_row_kept', path
    )


def count_rows(engine: Engine, source: Source, records: list[Records]) -> dict[str, int]:
    """Rows read, accepted, rejected and filtered; their sum is checked.

    Raises
    ------
    RuntimeError
        If a row was lost on the way, which is a bug.
    """
    total, filtered, kept = engine.rows(
        "SELECT count(*), count(*) FILTER (WHERE filtered > 0), (SELECT count(*) FROM kept) FROM typed"
    )[0]
    fakes = engine.rows(f"SELECT coalesce(sum(rows_count), 0) FROM companies WHERE NOT {luhn_is_right('siren')}")[0][0]
    read = sum(r.rows for r in records)
    line_faults, trailers = sum(len(r.faults) for r in records), sum(r.trailers for r in records)
    counts = {
        "read": read,
        "accepted": kept,
        "rejected": total - filtered - kept + line_faults,
        "filtered": filtered + trailers,
        "fakes": int(fakes),
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
    return {own_filters(source)[rank - 1].reason: count for rank, count in rows}
