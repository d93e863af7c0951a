"""Where the tables of a panel are: blocks of months, each of files of companies.

    panel/as_of=2026-10/manifest.json
    panel/as_of=2026-10/<table>/months=2016-01_2026-09/part-00000.parquet
    panel/as_of=2026-10/<table>/months=2026-10_2026-10/part-00000.parquet

A row is what was known at the end of its month, so that no later batch changes it: the panel of the next month links
the blocks of this one and adds its own.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import LakeError, StageError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel.table import PANEL

PANEL_TABLE, REST_TABLE, EVENTS_TABLE = "panel", "rest", "events"
"""The states; the rows of the last months that are not in the panel but that the next ones look at; the events."""

Block = tuple[int, int]
"""First and last month of a block, included."""


def block_folder(folder: Path, table: str, block: Block) -> Path:
    """Folder of a block of a table."""
    return folder / table / f"months={format_month(block[0])}_{format_month(block[1])}"


def blocks(folder: Path, table: str) -> list[Block]:
    """Blocks of a table, oldest first."""
    names = [path.name.removeprefix("months=").split("_") for path in (folder / table).glob("months=*")]
    return sorted((parse_month(first), parse_month(last)) for first, last in names)


def table_files(folder: Path, table: str, *, first: int | None = None, last: int | None = None) -> list[Path]:
    """Files of the blocks of a table that hold some months, oldest block first."""
    return [
        path
        for block in blocks(folder, table)
        if (last is None or block[0] <= last) and (first is None or block[1] >= first)
        for path in sorted(block_folder(folder, table, block).glob("part-*.parquet"))
    ]


def panel_files(lake: Lake, as_of: int, *, first: int | None = None, last: int | None = None) -> list[Path]:
    """Files of the states of a panel, for some months or for all.

    Raises
    ------
    StageError
        If the panel was not built.
    LakeError
        If none is there.
    """
    panel_fingerprint(lake, as_of)
    folder = lake.panel(as_of)
    if not (files := table_files(folder, PANEL_TABLE, first=first, last=last)):
        raise _damaged(folder, f"{folder / PANEL_TABLE} holds no file of the months wanted")
    return files


def states_sql(lake: Lake, as_of: int, *, first: int | None = None) -> str:
    """SQL of a table of the states of a panel, for some months or for all: a column that was not made is empty.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    made = made_columns(lake, as_of)
    columns = ", ".join(
        c.name if c.name in made else f"CAST(NULL AS {c.kind.value}) AS {c.name}" for c in PANEL.columns
    )
    return f"(SELECT {columns} FROM {parquet_sql(panel_files(lake, as_of, first=first))})"


def made_columns(lake: Lake, as_of: int) -> list[str]:
    """Columns of the states of a panel: those that its features read, unless every state was kept.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    path = panel_files(lake, as_of)[0]
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        raise _damaged(lake.panel(as_of), f"{path} cannot be read as Parquet") from None


def rows_sql(lake: Lake, as_of: int) -> str:
    """Query (siren, month) of the rows in perimeter of a panel.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    panel_fingerprint(lake, as_of)
    folder = lake.panel(as_of)
    derived = (read_manifest(folder) or {}).get("derived")
    if isinstance(derived, dict) and derived:
        return f"SELECT siren, month FROM {parquet_sql(table_files(folder, next(iter(derived))))}"
    return f"SELECT siren, month FROM {parquet_sql(table_files(folder, PANEL_TABLE))} WHERE exclusion IS NULL"


def events_files(lake: Lake, as_of: int) -> list[Path]:
    """Files of the events of a panel.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    panel_fingerprint(lake, as_of)
    return sorted((lake.panel(as_of) / EVENTS_TABLE).glob("part-*.parquet"))


def built_months(lake: Lake) -> list[int]:
    """Months whose panel is finished, oldest first."""
    found = (lake.made / "panel").glob("as_of=*/manifest.json")
    return sorted(parse_month(path.parent.name.removeprefix("as_of=")) for path in found)


def read_manifest(folder: Path) -> dict[str, object] | None:
    """What a finished panel says of itself; None when there is none.

    Raises
    ------
    LakeError
        If it cannot be read.
    """
    path = folder / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if {"fingerprint", "inputs", "rows_count"} <= content.keys():
            return dict(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError):
        pass
    raise _damaged(folder, f"{path} cannot be read as the manifest of a panel")


def check_files(folder: Path) -> None:
    """Refuse a finished panel of which a file was lost or damaged since.

    Raises
    ------
    LakeError
        With the file, or the rows that lack, and what to do.
    """
    rows: dict[str, int] = {}
    for path in sorted(folder.rglob("part-*.parquet")):
        table = path.relative_to(folder).parts[0]
        try:
            rows[table] = rows.get(table, 0) + pq.read_metadata(path).num_rows
        except (pa.ArrowException, OSError):
            raise _damaged(folder, f"{path} cannot be read as Parquet") from None
    done = read_manifest(folder) or {}
    derived, told = done.get("derived"), done.get("rows_count")
    for table in derived if isinstance(derived, dict) and len(derived) == 1 else ():
        if rows.get(table, 0) != told:
            raise _damaged(folder, f"{folder / table} holds {rows.get(table, 0):,} rows, its manifest says {told:,}")


def _damaged(folder: Path, fault: str) -> LakeError:
    """Error of a panel that was damaged; a territory has its panels in a folder of its own."""
    part = folder.parents[1]
    option = f" --{part.name.replace('=', ' ')}" if part.parent.name == "territories" and "=" in part.name else ""
    month = folder.name.removeprefix("as_of=")
    return LakeError(f"{fault}.", todo=f"Build it again with `signaux panel --as-of {month}{option} --force`.")


def panel_fingerprint(lake: Lake, as_of: int) -> str:
    """Fingerprint of a finished panel, for the stages that read it.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    done = read_manifest(lake.panel(as_of))
    if not done:
        raise StageError(
            f"No panel as of {format_month(as_of)} in {lake.root}.",
            todo=f"Build it with `signaux panel --as-of {format_month(as_of)}`.",
        )
    return str(done["fingerprint"])


def link_blocks(source: Path, target: Path, table: str, *, first: int | None = None) -> None:
    """Give a table the blocks of another panel that hold a month or a later one: the same files, not copies."""
    for block in blocks(source, table):
        if first is not None and block[1] < first:
            continue
        place = block_folder(target, table, block)
        place.mkdir(parents=True, exist_ok=True)
        for path in sorted(block_folder(source, table, block).glob("part-*.parquet")):
            if not (place / path.name).exists():
                _link(path, place / path.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        temporary = target.with_suffix(".tmp")  # a run that resumes believes a file that is there
        shutil.copyfile(source, temporary)
        temporary.rename(target)
