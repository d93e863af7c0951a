"""Find the columns of a source in the header of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from signaux_faibles.domain.errors import InputError
from signaux_faibles.schema.source import Source

MONTH_CELL = re.compile(r"eff([0-9]{4}|[0-9]{6})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Header:
    """Where everything is in a file.

    Parameters
    ----------
    names : tuple of str
        Header cells, as written.
    ranks : dict of str to int
        Rank from 0 of each raw column found; an optional column may be missing.
    months : dict of int to int
        For a wide file, rank of the column of each month.
    """

    names: tuple[str, ...]
    ranks: dict[str, int]
    months: dict[int, int]


def read_header(source: Source, names: tuple[str, ...], file_name: str) -> Header:
    """Header of a file, checked against its declaration.

    Names are compared without case; the last of two equal names wins, as for the importer before ours.

    Raises
    ------
    InputError
        If a column is missing, or a column of a wide file is not a month.
    """
    by_name = {name.lower(): rank for rank, name in enumerate(names)}
    ranks: dict[str, int] = {}
    missing: list[str] = []
    for column in source.raw_columns:
        rank = by_name.get(column.name.lower()) if column.position is None else column.position
        if rank is not None and rank < len(names):
            ranks[column.name] = rank
        elif not column.is_optional:
            missing.append(column.name)
    if missing:
        raise InputError(
            f"{file_name}: {len(missing)} column(s) missing ({', '.join(missing)}); "
            f"found {len(names)} column(s) separated by {source.separator!r}.",
            todo=f"Ask {source.producer} for the whole file, or check that it is a file of {source.name}.",
        )
    return Header(names, ranks, _months(names, file_name) if source.is_wide else {})


def refuse_lone_returns(file_name: str, names: Iterable[str]) -> None:
    """Refuse a header that holds carriage returns: a file of the old Mac is one line, all header and no row.

    Raises
    ------
    InputError
        If one of its cells holds one.
    """
    if any("\r" in name for name in names):
        raise InputError(
            f"{file_name}: found carriage returns inside the header, expected lines that end with a line feed.",
            todo="Convert the ends of its lines, then import it again.",
        )


def _months(names: tuple[str, ...], file_name: str) -> dict[int, int]:
    months: dict[int, int] = {}
    for rank, name in enumerate(names):
        if not name.lower().startswith("eff"):
            continue
        month = month_of_cell(name)
        if month is None:
            raise InputError(
                f"{file_name}: found column {name!r}, expected effAAAATM with quarter 1 to 4 and month 1 to 3.",
                todo="Ask Urssaf for the right header, or rename the column if it is not a headcount.",
            )
        if month in months:
            raise InputError(
                f"{file_name}: found two columns for the same month ({names[months[month]]!r} and {name!r}).",
                todo="Remove one of them.",
            )
        months[month] = rank
    if not months:
        raise InputError(
            f"{file_name}: found no month column, expected effAAAATM.", todo="Ask Urssaf for the whole file."
        )
    return months


def month_of_cell(name: str) -> int | None:
    """Month of a header cell `effAAAATM` (or `effAATM`), None when it is not one."""
    found = MONTH_CELL.fullmatch(name)
    if not found:
        return None
    code = found[1]
    if len(code) == 4:
        code = ("20" if code < "50" else "19") + code
    year, quarter, month = int(code[:4]), int(code[4]), int(code[5])
    if not (1 <= quarter <= 4 and 1 <= month <= 3):
        return None
    return year * 12 + 3 * (quarter - 1) + month - 1
