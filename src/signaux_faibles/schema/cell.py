"""From a raw cell to a staged value: the SQL of every format that producers use.

A value that cannot be read exactly is NULL, never guessed; the field then says what was expected. Bare casts are too
kind (they trim, accept `1_000` or `2024/2/9`): a pattern comes first. Patterns are ASCII only.
"""

from __future__ import annotations

from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.source import Fault, Field

NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
INTEGER = r"[+-]?[0-9]+"
YEAR = "[12][0-9]{3}"
"""Years 1000 to 2999: beyond, it is a slip of the pen, and engines disagree on what it means."""


def raw(name: str) -> str:
    """SQL name of a raw cell; a cell is a text, empty rather than NULL."""
    return '"raw ' + name.replace('"', '""') + '"'


def matched(cell: str, pattern: str, value: str) -> str:
    """A value when the cell matches a pattern, NULL otherwise."""
    return f"CASE WHEN regexp_full_match({cell}, '{pattern}') THEN {value} END"


def siret(cell: str = "Siret") -> tuple[Field, Field]:
    """Staged `siren` and `siret`, from a cell of 14 digits."""
    whole = matched(raw(cell), "[0-9]{14}", raw(cell))
    return (
        Field(Column("siren", Kind.TEXT, "SIREN", nullable=False), f"left({whole}, 9)"),
        Field(
            Column("siret", Kind.TEXT, "SIRET", nullable=False),
            whole,
            cell,
            Fault.IDENTIFIER,
            "14 chiffres",
            is_mandatory=True,
        ),
    )


def siren(cell: str = "siren") -> Field:
    """Staged `siren`, from a cell of 9 digits."""
    value = matched(raw(cell), "[0-9]{9}", raw(cell))
    column = Column("siren", Kind.TEXT, "SIREN", nullable=False)
    return Field(column, value, cell, Fault.IDENTIFIER, "9 chiffres", is_mandatory=True)


def text(name: str, cell: str, label: str) -> Field:
    """A text kept as it is; an empty one is NULL."""
    return Field(Column(name, Kind.TEXT, label), f"nullif({raw(cell)}, '')")


def integer(name: str, cell: str, label: str, *, unit: str = "", drops_row: bool = True) -> Field:
    """An integer, with or without a sign."""
    value = matched(raw(cell), INTEGER, f"TRY_CAST({raw(cell)} AS INTEGER)")
    column = Column(name, Kind.INTEGER, label, unit)
    return Field(column, value, cell, Fault.NUMBER, "nombre entier", drops_row=drops_row)


def count(name: str, cell: str, label: str) -> Field:
    """A headcount that the producer may write `12.0`: truncated, never negative."""
    number = f"TRY_CAST({raw(cell)} AS DOUBLE)"
    value = matched(raw(cell), NUMBER, f"CASE WHEN {number} >= 0 THEN TRY_CAST(trunc({number}) AS INTEGER) END")
    return Field(
        Column(name, Kind.INTEGER, label, "salariés"),
        value,
        cell,
        Fault.EFFECTIF,
        "effectif positif ou nul",
        compat_sql=matched(raw(cell), NUMBER, f"TRY_CAST(trunc({number}) AS INTEGER)"),
    )


def cell_of_month() -> tuple[Field, Field]:
    """Staged `month` and `effectif_count` of a wide file: the name and the content of one of its columns."""
    return (
        Field(Column("month", Kind.INTEGER, "Mois", nullable=False), "month"),
        Field(Column("effectif_count", Kind.INTEGER, "Effectif", "salariés", nullable=False), "effectif_count"),
    )


def coded(name: str, cell: str, label: str, *, first: int, last: int) -> Field:
    """An integer code between two bounds."""
    code = f"TRY_CAST({raw(cell)} AS INTEGER)"
    value = matched(raw(cell), INTEGER, f"CASE WHEN {code} BETWEEN {first} AND {last} THEN {code} END")
    expected = f"code entre {first} et {last}"
    column = Column(name, Kind.INTEGER, label)
    return Field(column, value, cell, Fault.CODE, expected, drops_row=False, compat_drops_row=True)


def hundredths(
    name: str,
    cell: str,
    label: str,
    *,
    unit: str = "centimes",
    has_comma: bool = True,
    is_whole: bool = False,
    is_mandatory: bool = False,
    drops_row: bool = True,
) -> Field:
    """An amount or a number of hours as integer hundredths, rounded half away from zero beyond.

    Parameters
    ----------
    has_comma : bool
        The decimal mark may be a comma as well as a dot.
    is_whole : bool
        The cell is already in hundredths.
    """
    mark = f"replace({raw(cell)}, ',', '.')" if has_comma else raw(cell)
    number = f"TRY_CAST({mark} AS DECIMAL(18,0))" if is_whole else f"TRY_CAST({mark} AS DECIMAL(18,2)) * 100"
    value = matched(mark, NUMBER, f"CAST({number} AS BIGINT)")
    expected = "nombre décimal" + (" (virgule ou point)" if has_comma else " (point)")
    return Field(
        Column(name, Kind.BIGINT, label, unit),
        value,
        cell,
        Fault.AMOUNT,
        expected,
        is_mandatory=is_mandatory,
        drops_row=drops_row,
    )


def decimal(name: str, cell: str, label: str, *, unit: str = "", drops_row: bool = True) -> Field:
    """A decimal number, comma or dot; neither infinite nor `nan`."""
    mark = f"replace({raw(cell)}, ',', '.')"
    number = f"TRY_CAST({mark} AS DOUBLE)"
    value = matched(mark, NUMBER, f"CASE WHEN isfinite({number}) THEN {number} END")
    expected = "nombre décimal (virgule ou point)"
    return Field(Column(name, Kind.DOUBLE, label, unit), value, cell, Fault.NUMBER, expected, drops_row=drops_row)


def boolean(name: str, cell: str, label: str, *, drops_row: bool = True) -> Field:
    """A boolean, in the few spellings that producers use; an empty cell is a fault."""
    value = (
        f"CASE WHEN {raw(cell)} IN ('1', 't', 'T', 'TRUE', 'true', 'True') THEN true "
        f"WHEN {raw(cell)} IN ('0', 'f', 'F', 'FALSE', 'false', 'False') THEN false END"
    )
    column = Column(name, Kind.BOOLEAN, label)
    return Field(column, value, cell, Fault.BOOLEAN, "1, 0, true ou false", is_mandatory=True, drops_row=drops_row)


def is_code(name: str, cell: str, code: str, label: str) -> Field:
    """True when the cell is exactly a code."""
    return Field(Column(name, Kind.BOOLEAN, label, nullable=False), f"({raw(cell)} = '{code}')")


def iso_sql(cell: str) -> str:
    """Day of a `YYYY-MM-DD` cell."""
    return matched(raw(cell), f"{YEAR}-[0-9]{{2}}-[0-9]{{2}}", f"CAST(try_strptime({raw(cell)}, '%Y-%m-%d') AS DATE)")


def compact_sql(cell: str) -> str:
    """Day of a `YYYYMMDD` cell."""
    return matched(raw(cell), f"{YEAR}[0-9]{{4}}", f"CAST(try_strptime({raw(cell)}, '%Y%m%d') AS DATE)")


def date_iso(name: str, cell: str, label: str, *, is_mandatory: bool = True, drops_row: bool = True) -> Field:
    """A day written `YYYY-MM-DD`."""
    column = Column(name, Kind.DATE, label)
    return Field(column, iso_sql(cell), cell, Fault.DATE, "AAAA-MM-JJ", is_mandatory, drops_row)


def date_iso_or_compact(name: str, cell: str, label: str) -> Field:
    """A day written `YYYY-MM-DD` or `YYYYMMDD`."""
    value = f"coalesce({iso_sql(cell)}, {compact_sql(cell)})"
    return Field(Column(name, Kind.DATE, label), value, cell, Fault.DATE, "AAAAMMJJ ou AAAA-MM-JJ", is_mandatory=True)


def date_fr(name: str, cell: str, label: str) -> Field:
    """A day written `DD/MM/YYYY`."""
    value = matched(raw(cell), f"[0-9]{{2}}/[0-9]{{2}}/{YEAR}", f"CAST(try_strptime({raw(cell)}, '%d/%m/%Y') AS DATE)")
    return Field(Column(name, Kind.DATE, label), value, cell, Fault.DATE, "JJ/MM/AAAA", is_mandatory=True)


def date_sas(name: str, cell: str, label: str) -> Field:
    """A day written `DDMonYYYY` with the English month, in any case."""
    value = matched(raw(cell), f"[0-9]{{2}}[A-Za-z]{{3}}{YEAR}", f"CAST(try_strptime({raw(cell)}, '%d%b%Y') AS DATE)")
    expected = "JJMoisAAAA avec le mois anglais, comme 26MAY2014"
    return Field(Column(name, Kind.DATE, label), value, cell, Fault.DATE, expected, is_mandatory=True)


def date_urssaf(name: str, cell: str, label: str) -> Field:
    """A day in Urssaf's `(A)AAMMJJ`, counted from 1900."""
    number = f"TRY_CAST({raw(cell)} AS INTEGER)"
    year, month, day = f"(({number} // 10000) + 1900)", f"({number} // 100 % 100)", f"({number} % 100)"
    is_leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
    february = f"CASE WHEN {is_leap} THEN 29 ELSE 28 END"
    last = f"CASE WHEN {month} = 2 THEN {february} WHEN {month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
    is_right = f"{year} <= 9999 AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND {last}"
    value = matched(raw(cell), "[+]?[0-9]{1,8}", f"CASE WHEN {is_right} THEN make_date({year}, {month}, {day}) END")
    expected = "AAAMMJJ compté depuis 1900, comme 1240120"
    return Field(Column(name, Kind.DATE, label), value, cell, Fault.DATE, expected, is_mandatory=True)


def periode(cell: str) -> tuple[Field, Field]:
    """Staged `start_month` and `end_month` (excluded) of Urssaf's `AAQM` or `AAAAQM`.

    `62` is the whole year, `Q0` a quarter, `QM` one month; anything else is out of range, where the importer before
    ours runs over into other years.
    """
    code = f"TRY_CAST({raw(cell)} AS INTEGER)"
    century = f"CASE WHEN length({raw(cell)}) = 6 THEN 0 WHEN {code} // 100 < 50 THEN 2000 ELSE 1900 END"
    year = f"({code} // 100 + {century})"
    quarter, month = f"(({code} // 10) % 10)", f"({code} % 10)"
    is_year = f"({code} % 100 = 62)"
    is_right = (
        f"({is_year} OR ({quarter} BETWEEN 1 AND 4 AND {month} BETWEEN 0 AND 3)) AND {year} BETWEEN 1900 AND 2199"
    )
    offset = f"CASE WHEN {is_year} THEN 0 ELSE 3 * ({quarter} - 1) + greatest({month} - 1, 0) END"
    length = f"CASE WHEN {is_year} THEN 12 WHEN {month} = 0 THEN 3 ELSE 1 END"
    anywhere = f"({year} * 12 + {offset})"
    start = f"CASE WHEN {is_right} THEN {anywhere} END"
    shape = "[0-9]{4}([0-9]{2})?"
    return (
        Field(
            Column("start_month", Kind.INTEGER, "Premier mois de la période", "mois"),
            matched(raw(cell), shape, start),
            cell,
            Fault.PERIODE,
            "AAAATM : trimestre 1 à 4, mois 0 à 3, ou 62 pour l'année",
            is_mandatory=True,
            compat_sql=matched(raw(cell), shape, anywhere),
        ),
        Field(
            Column("end_month", Kind.INTEGER, "Mois qui suit la période", "mois"),
            matched(raw(cell), shape, f"{start} + {length}"),
            compat_sql=matched(raw(cell), shape, f"{anywhere} + {length}"),
        ),
    )
