"""Read clean files with SQL: values, faults and filters of every row, in one pass.

A scratch table `typed` holds one row per record: its staged values, `faults` (one bit per check), `filtered` (rank of
the filter that leaves it out, 0 for none) and `found`, the raw cells, kept only when something is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.engine import Engine
from signaux_faibles.ingest.header import Header
from signaux_faibles.ingest.normalise import FOUND_CHARACTERS, Records
from signaux_faibles.schema.cell import raw
from signaux_faibles.schema.source import Fault, Field, Source

WIDE_NAMES = ("month", "effectif_count")
"""Columns of a wide source that come from the name and the content of its month columns."""


@dataclass(frozen=True)
class Check:
    """A condition under which a cell is wrong, over raw cells and values."""

    cell: str
    fault: Fault
    expected: str
    drops_row: bool
    sql: str


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def own_fields(source: Source) -> tuple[Field, ...]:
    """Fields read from one cell of the row; those of the month columns come later."""
    return tuple(f for f in source.fields if not source.is_wide or f.column.name not in WIDE_NAMES)


def luhn_is_right(siren: str) -> str:
    """SQL of a right Luhn key, for nine digits."""
    digits = [f"CAST(substr({siren}, {rank}, 1) AS INTEGER)" for rank in range(1, 10)]
    doubled = [f"(2 * {d} - CASE WHEN {d} > 4 THEN 9 ELSE 0 END)" if rank % 2 else d for rank, d in enumerate(digits)]
    return f"(({' + '.join(doubled)}) % 10 = 0)"


def checks_of(source: Source, *, is_synthetic: bool) -> list[Check]:
    """Every check of a source, in the order of its columns."""
    checks: list[Check] = []
    for field in own_fields(source):
        if not field.cell:
            continue
        value = f'"{field.column.name}"'
        blank = "" if field.is_mandatory else f"{raw(field.cell)} <> '' AND "
        sql = field.fault_sql or f"{blank}{value} IS NULL"
        checks.append(Check(field.cell, field.fault, field.expected, field.drops_row, sql))
    if is_synthetic:
        key = next(f.cell for f in source.fields if f.column.name in ("siret", "siren") and f.cell)
        checks.append(Check(key, Fault.REAL_SIREN, "un SIREN inventé, de clé fausse", True, luhn_is_right("siren")))
    return checks


def drop_mask(checks: list[Check]) -> int:
    """Bits of the checks that reject the row."""
    return sum(1 << rank for rank, check in enumerate(checks) if check.drops_row)


def accepted_sql(checks: list[Check]) -> str:
    """Condition of a row of `typed` that is kept, but for repeated rows."""
    return f"(filtered = 0 AND (faults & {drop_mask(checks)}) = 0)"


def load(engine: Engine, source: Source, checks: list[Check], records: list[Records]) -> list[int]:
    """Make `typed` from clean files, in order.

    Returns
    -------
    list of int
        Rank in `typed` of the first row of each file.
    """
    firsts: list[int] = []
    months = sorted({month for r in records if r.header for month in r.header.months})
    for rank, record in enumerate(records):
        sql = _typed_sql(source, checks, record, months, rank)
        if not rank:
            engine.run(f"CREATE OR REPLACE TABLE typed AS {sql}")
            firsts.append(0)
        else:
            firsts.append(int(engine.rows("SELECT count(*) FROM typed")[0][0]))
            engine.run(f"INSERT INTO typed {sql}")
    return firsts


def _typed_sql(source: Source, checks: list[Check], records: Records, months: list[int], file_rank: int) -> str:
    header = records.header
    if header is None:
        raise ValueError("a file without a header was not refused")
    cells = [
        f"coalesce(c{header.ranks[c.name]}, '') AS {raw(c.name)}" if c.name in header.ranks else f"'' AS {raw(c.name)}"
        for c in source.raw_columns
    ]
    cells += [
        f"c{header.months[m]} AS m_{m}" if m in header.months else f"CAST(NULL AS VARCHAR) AS m_{m}" for m in months
    ]
    values = [f'{field.sql} AS "{field.column.name}"' for field in own_fields(source)]
    names = [f'"{field.column.name}"' for field in own_fields(source)] + [f"m_{m}" for m in months]
    bits = " + ".join(f"CASE WHEN {check.sql} THEN {1 << rank} ELSE 0 END" for rank, check in enumerate(checks)) or "0"
    filters = " ".join(f"WHEN {f.sql} THEN {rank}" for rank, f in enumerate(source.filters, start=1))
    filtered = f"CASE {filters} ELSE 0 END" if filters else "0"
    found = ", ".join(f"left({raw(check.cell)}, {FOUND_CHARACTERS})" for check in checks)
    return f"""
        SELECT {", ".join(names)}, faults, filtered, {file_rank} AS file_rank,
               CASE WHEN faults <> 0 THEN [{found}] END AS found
        FROM (
            SELECT *, CAST({bits} AS BIGINT) AS faults, CAST({filtered} AS INTEGER) AS filtered
            FROM (
                SELECT *, {", ".join(values)}
                FROM (SELECT {", ".join(cells)} FROM {_read_csv(source, records, header)})
            )
        )"""


def _read_csv(source: Source, records: Records, header: Header) -> str:
    columns = ", ".join(f"'c{rank}': 'VARCHAR'" for rank in range(len(header.names)))
    quote = "'\"'" if records.has_quotes else "''"
    return (
        f"read_csv({literal(str(records.path))}, delim = {literal(source.separator)}, "
        f"quote = {quote}, escape = {quote}, header = false, auto_detect = false, new_line = '\\n', "
        f"max_line_size = 8388608, parallel = {'false' if records.has_newlines else 'true'}, columns = {{{columns}}})"
    )
