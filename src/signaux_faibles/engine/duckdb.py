"""Run SQL on DuckDB, with bounded memory and results that do not depend on the run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from signaux_faibles.domain.errors import LakeError, MachineError
from signaux_faibles.engine.parquet import parquet_sql
from signaux_faibles.engine.protocol import FIRST_KEY, Shared

THREADS = 2
"""Fixed, not the machine's count: the number of threads must not change a result."""

MEMORY_LIMIT = "2GB"


PARQUET_OPTIONS = "ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 5000, WRITE_BLOOM_FILTER false"
"""A column of more distinct values than that is not worth a dictionary: looking for one costs two fifths of a write."""

DISK_REFUSALS = ("No space left", "Disk quota exceeded", "File too large")

REFUSED_FILE = re.compile(r'Cannot open file "(.+)": (Permission denied|Read-only file system)')

DAMAGED_FILE = re.compile(
    r"File '(.+)' too small to be a Parquet file"
    r"|No magic bytes found at end of file '(.+)'"
    r'|Failed to read file "(.+)":'
)


@contextmanager
def _machine_errors() -> Iterator[None]:
    """Say in one sentence that the memory or the disk is short, or a file damaged; any other error is a bug."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise MachineError(
            "The data fit neither in the memory allowed nor in the scratch folder of the lake.",
            todo="Free some disk space, or work on fewer companies.",
        ) from None
    except duckdb.IOException as error:
        if found := REFUSED_FILE.search(str(error)):
            raise MachineError(
                f"{found[1]} cannot be opened: {found[2]}.",
                todo="Ask for the right to do it, or give a folder of yours.",
            ) from None
        if not any(refusal in str(error) for refusal in DISK_REFUSALS):
            raise
        raise MachineError("The disk refuses to write any more.", todo="Free some space, then run again.") from None
    except duckdb.InvalidInputException as error:
        if not (damaged := DAMAGED_FILE.search(str(error))):
            raise
        raise LakeError(
            f"{damaged[damaged.lastindex or 0]} cannot be read as Parquet.",
            todo="Run the command that made it again with --force, or restore it from a copy.",
        ) from None


class Engine:
    """One DuckDB connection, in memory, that spills to a scratch folder.

    Parameters
    ----------
    scratch : Path
        Folder for what does not fit in memory; created if absent.
    threads : int
    memory_limit : str
        As DuckDB writes it, such as `2GB`.
    """

    def __init__(self, scratch: Path, *, threads: int = THREADS, memory_limit: str = MEMORY_LIMIT) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._threads = threads
        self._registered: set[str] = set()
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "memory_limit": memory_limit,
                "temp_directory": str(scratch),
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute("SET enable_progress_bar = false")

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and free its memory."""
        self._connection.close()

    @property
    def is_distributed(self) -> bool:
        """False: the caller cuts the work by companies, so that memory is bounded."""
        return False

    def parquet(self, paths: Sequence[Path]) -> str:
        """SQL of a table over one or several Parquet files of the same columns."""
        return parquet_sql(paths)

    def create(self, name: str, sql: str) -> None:
        """Make the table of a query, in the place of another of that name."""
        if name in self._registered:
            self.drop(name)
        self.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def keep(self, name: str) -> None:
        """Do nothing: a table is computed when it is made."""

    def drop(self, name: str) -> None:
        """Forget a table, if there is one of that name."""
        if name in self._registered:
            self._registered.remove(name)
            self._connection.unregister(name)
        else:
            self.run(f"DROP TABLE IF EXISTS {name}")

    def run(self, sql: str, parameters: Sequence[Any] | None = None) -> None:
        """Run a statement whose result is not read."""
        with _machine_errors():
            self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query, as tuples: for counts and other small results."""
        with _machine_errors():
            result: list[tuple[Any, ...]] = self._connection.execute(sql, parameters).fetchall()
        return result

    def arrow(self, sql: str, parameters: Sequence[Any] | None = None) -> pa.Table:
        """Result of a query as an Arrow table."""
        with _machine_errors():
            return self._connection.sql(sql, params=parameters).to_arrow_table()

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable by SQL under a name."""
        self.drop(name)
        self._connection.register(name, table)
        self._registered.add(name)

    def write_parquet(self, sql: str, path: Path, *, compression: str = "zstd", is_ordered: bool = False) -> int:
        """Write the result of a query to a Parquet file; the query must end with a total ORDER BY.

        Parameters
        ----------
        compression : str
            `zstd` for what is kept and read little, `snappy` for what is written and read in bulk: a third larger or
            more, and a fifth of the time less.
        is_ordered : bool
            The rows come in a total order without an ORDER BY. One thread then writes them as they come: two would
            gather them in memory to put them back in order, for twice the processor time.

        Returns
        -------
        int
            Rows written.
        """
        target = str(path).replace("'", "''")
        copy = f"COPY ({sql}) TO '{target}' (FORMAT parquet, COMPRESSION {compression}, {PARQUET_OPTIONS})"
        if not is_ordered:
            return int(self.rows(copy)[0][0])
        self.run("SET threads = 1")
        try:
            return int(self.rows(copy)[0][0])
        finally:
            self.run(f"SET threads = {self._threads}")

    def write_parts(
        self, sql: str, folder: Path, *, key: Sequence[str] = FIRST_KEY, companies: str = "", first_part: int = 0
    ) -> int:
        """Write the result of a query to one file `part-*.parquet`, sorted: see `SqlEngine`."""
        ordered = f"SELECT * FROM ({sql}) AS result ORDER BY {', '.join(key)}"
        return self.write_parquet(ordered, folder / f"part-{first_part:05d}.parquet")

    def map_files(self, paths: Sequence[Path], task: Callable[[Path, Shared], int], shared: Shared) -> list[int]:
        """Apply a function to each of several files, one after the other."""
        return [task(path, shared) for path in paths]
