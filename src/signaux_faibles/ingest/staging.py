"""Read clean files with SQL: values, faults and filters of every row, in one pass.

A scratch table `typed` holds one row per record: its staged values, `faults` (one bit per check), `filtered` (rank of
the filter that leaves it out, 0 for none) and `found`, the raw cells, kept only when something is wrong. A wide record
also has its months, `cells_count` (how many are known) and `bad_cells`, its raw months when one cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.errors import InputError, MachineError
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.ingest.cutter import FOUND_CHARACTERS
from signaux_faibles.ingest.flatten import OTHER
from signaux_faibles.ingest.found import Records
from signaux_faibles.ingest.header import Header
from signaux_faibles.ingest.hoist import hoisted
from signaux_faibles.ingest.opening import PARQUET
from signaux_faibles.ingest.parquet_records import check_pages
from signaux_faibles.schema.cell import raw
from signaux_faibles.schema.source import Fault, Field, Filter, Source

WIDE_NAMES = ("month", "effectif_count")
"""Columns of a wide source that come from the name and the content of its month columns."""

REPEATED, REAL_SIREN = 1 << 61, 1 << 60
"""Bits of the faults that no cell alone shows: a row already seen, a real company among invented ones."""

MAX_MONTHS = 900
"""Months of the files of a wide source: seventy-five years. The engine refuses expressions of a thousand terms."""

THOUSANDS = "[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+"
OTHER_DOCUMENT = Filter("autre_document", f"{raw(OTHER)} = '1'")


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


def own_filters(source: Source) -> tuple[Filter, ...]:
    """Filters of a source, in order; a document of something else is left out last."""
    return source.filters if source.flatten is None else (*source.filters, OTHER_DOCUMENT)


def key_cell(source: Source) -> str:
    """Raw cell that names the company."""
    return next(f.cell for f in source.fields if f.column.name in ("siret", "siren") and f.cell)


def luhn_is_right(siren: str) -> str:
    """SQL of a right Luhn key, for nine digits."""
    digits = [f"CAST(substr({siren}, {rank}, 1) AS INTEGER)" for rank in range(1, 10)]
    doubled = [f"(2 * {d} - CASE WHEN {d} > 4 THEN 9 ELSE 0 END)" if rank % 2 else d for rank, d in enumerate(digits)]
    return f"(({' + '.join(doubled)}) % 10 = 0)"


def checks_of(source: Source) -> list[Check]:
    """Every check of a source, in the order of its columns."""
    checks: list[Check] = []
    for field in own_fields(source):
        if not field.cell:
            continue
        value = f'"{field.column.name}"'
        blank = "" if field.is_mandatory else f"{raw(field.cell)} <> '' AND "
        sql = field.fault_sql or f"{blank}{value} IS NULL"
        checks.append(Check(field.cell, field.fault, field.expected, field.drops_row, sql))
    return checks


def drop_mask(checks: list[Check]) -> int:
    """Bits of the faults that reject the row."""
    return sum(1 << rank for rank, check in enumerate(checks) if check.drops_row) | REPEATED | REAL_SIREN


def load(engine: Engine, source: Source, checks: list[Check], records: list[Records], *, is_compat: bool) -> list[int]:
    """Make `typed` from clean files, in order.

    Returns
    -------
    list of int
        Rank in `typed` of the first row of each file.

    Raises
    ------
    InputError
        If a Parquet file is damaged inside, which its footer does not tell, or if there are too many months.
    """
    firsts: list[int] = []
    months = sorted({month for r in records if r.header for month in r.header.months})
    if len(months) > MAX_MONTHS:
        raise InputError(
            f"{source.name}: found {len(months):,} months in the headers, expected at most {MAX_MONTHS}.",
            todo="Check the headers of its files.",
        )
    for rank, record in enumerate(records):
        firsts.append(int(engine.rows("SELECT count(*) FROM typed")[0][0]) if rank else 0)
        into = "INSERT INTO typed" if rank else "CREATE OR REPLACE TABLE typed AS"
        try:
            sql = _typed_sql(engine, source, checks, record, months, rank, is_compat=is_compat)
            engine.run(f"{into} {sql}")
        except MachineError:
            raise
        except Exception:
            if record.container == PARQUET:
                check_pages(record.path)
            raise
    return firsts


def _typed_sql(
    engine: Engine,
    source: Source,
    checks: list[Check],
    records: Records,
    months: list[int],
    file_rank: int,
    *,
    is_compat: bool,
) -> str:
    header = records.header
    if header is None:
        raise ValueError("a file without a header was not refused")
    fields, filters = own_fields(source), own_filters(source)
    written = [field.sql for field in fields], [check.sql for check in checks], [one.sql for one in filters]
    steps, (values, faults, left_out) = hoisted(written)
    named = [f'{sql} AS "{field.column.name}"' for sql, field in zip(values, fields, strict=True)]
    bits = " + ".join(f"CASE WHEN {sql} THEN {1 << rank} ELSE 0 END" for rank, sql in enumerate(faults)) or "0"
    whens = " ".join(f"WHEN {sql} THEN {rank}" for rank, sql in enumerate(left_out, start=1))
    filtered = f"CASE {whens} ELSE 0 END" if whens else "0"
    found = ", ".join(f"left({raw(check.cell)}, {FOUND_CHARACTERS})" for check in checks)
    sql = f"SELECT {', '.join(_cells(source, header, months))} FROM {_table(engine, source, records, header)}"
    for step in steps:
        sql = f"SELECT *, {step} FROM ({sql})"
    wide, wide_kept = _wide(months, is_compat=is_compat) if source.is_wide else ([], [])
    names = [f'"{field.column.name}"' for field in fields] + wide_kept
    return f"""
        SELECT {", ".join(names)}, faults, filtered, {file_rank} AS file_rank,
               CASE WHEN faults <> 0 THEN [{found}] END AS found
        FROM (
            SELECT *, CAST({bits} AS BIGINT) AS faults, CAST({filtered} AS INTEGER) AS filtered
            FROM (SELECT *, {", ".join(named + wide)} FROM ({sql}))
        )"""


def _cells(source: Source, header: Header, months: list[int]) -> list[str]:
    """Raw cells under the names that declarations use: a text, empty rather than NULL; a month, NULL when empty."""
    names = [column.name for column in source.raw_columns] + ([OTHER] if OTHER in header.ranks else [])
    cells = [
        f"coalesce(c{header.ranks[name]}, '') AS {raw(name)}" if name in header.ranks else f"'' AS {raw(name)}"
        for name in names
    ]
    for month in months:
        cell = f"nullif(c{header.months[month]}, '')" if month in header.months else "CAST(NULL AS VARCHAR)"
        cells.append(f"{cell} AS r_{month}")
    return cells


def _wide(months: list[int], *, is_compat: bool) -> tuple[list[str], list[str]]:
    """Values of the months, made next to the other values, and what is kept of them."""
    made = [f"{headcount(f'r_{month}', is_compat=is_compat)} AS m_{month}" for month in months]
    if is_compat:
        bad = " + ".join(f"CAST(NOT regexp_matches(coalesce(r_{m}, '0'), '[0-9]') AS INTEGER)" for m in months)
    else:
        bad = " + ".join(f"CAST(r_{m} IS NOT NULL AND m_{m} IS NULL AS INTEGER)" for m in months)
    known = " + ".join(f"CAST(m_{m} IS NOT NULL AS INTEGER)" for m in months)
    cells = ", ".join(f"r_{m}" for m in months)
    kept = [f"m_{month}" for month in months]
    return made, [*kept, f"{known} AS cells_count", f"CASE WHEN ({bad}) > 0 THEN [{cells}] END AS bad_cells"]


def headcount(cell: str, *, is_compat: bool) -> str:
    """SQL of the value of a month; the importer before ours kept the digits, and made 0 of nothing."""
    digits = f"regexp_replace({cell}, '[^0-9]', '', 'g')"
    right = f"WHEN regexp_full_match({cell}, '[0-9]{{1,9}}') THEN CAST({cell} AS INTEGER)"
    if is_compat:
        return f"CASE {right} WHEN {cell} IS NOT NULL THEN coalesce(TRY_CAST({digits} AS INTEGER), 0) END"
    return f"CASE {right} WHEN regexp_full_match({cell}, '{THOUSANDS}') THEN TRY_CAST({digits} AS INTEGER) END"


def _table(engine: Engine, source: Source, records: Records, header: Header) -> str:
    """The clean file as a table of texts `c0`, `c1`..."""
    if records.container == PARQUET:
        return _parquet_table(engine, records, header)
    columns = ", ".join(f"'c{rank}': 'VARCHAR'" for rank in range(len(header.names)))
    quote = "'\"'" if records.has_quotes else "''"
    return (
        f"read_csv({literal(str(records.path))}, delim = {literal(source.separator)}, "
        f"quote = {quote}, escape = {quote}, header = false, auto_detect = false, new_line = '\\n', "
        f"max_line_size = 8388608, parallel = {'false' if records.has_newlines else 'true'}, columns = {{{columns}}})"
    )


def _parquet_table(engine: Engine, records: Records, header: Header) -> str:
    table = parquet_sql([records.path])
    # The engine compares names without case and renames those that come twice: its names, not those of the header.
    described = [(str(row[0]), str(row[1])) for row in engine.rows(f"DESCRIBE SELECT * FROM {table}")]
    used = {*header.ranks.values(), *header.months.values()}
    cells = []
    for rank, (name, kind) in enumerate(described):
        if rank in used:
            quoted = '"' + name.replace('"', '""') + '"'
            is_time = kind.startswith("TIMESTAMP")
            text = f"strftime({quoted}, '%Y-%m-%d')" if is_time else f"CAST({quoted} AS VARCHAR)"
            cells.append(f"{text} AS c{rank}")
    return f"(SELECT {', '.join(cells)} FROM {table})"
