"""What a stage asks of an engine, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

import pyarrow as pa

Shared = TypeVar("Shared")

FIRST_KEY = ("siren", "month")
"""Key of the tables of the pipeline, unless a stage says otherwise."""


class SqlEngine(Protocol):
    """Runs statements of the portable dialect (see `portable`); tables live as long as the engine.

    Nothing but counts and small tables comes to the program: large results go from Parquet files to Parquet files.
    """

    @property
    def is_distributed(self) -> bool:
        """True when one statement may run over all companies: the engine cuts the work itself."""

    def __enter__(self) -> SqlEngine:
        """Use the engine in a `with` block, that closes it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the engine."""

    def close(self) -> None:
        """Free what the tables hold."""

    def parquet(self, paths: Sequence[Path]) -> str:
        """SQL of a table over one or several Parquet files of the same columns.

        Raises
        ------
        ValueError
            If no file is given.
        """

    def create(self, name: str, sql: str) -> None:
        """Make the table of a query, in the place of another of that name."""

    def keep(self, name: str) -> None:
        """Compute a table now, once for all."""

    def drop(self, name: str) -> None:
        """Forget a table, if there is one of that name."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make a small Arrow table readable by SQL under a name."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a small result, such as counts."""

    def arrow(self, sql: str) -> pa.Table:
        """Small result, as an Arrow table."""

    def write_parts(
        self, sql: str, folder: Path, *, key: Sequence[str] = FIRST_KEY, companies: str = "", first_part: int = 0
    ) -> int:
        """Write the result of a query to files `part-*.parquet`, in the order of its key, over the files too.

        An ORDER BY at the end of the query is of no use: the key decides.

        Parameters
        ----------
        key : sequence of str
            Columns that name a row; the first one decides the file.
        companies : str
            SQL of a table with the first column of the key, whose values are shared equally between the files; the
            result itself by default, which an engine that writes several files then computes twice.
        first_part : int
            Number of the first file.

        Returns
        -------
        int
            Rows written.
        """

    def map_files(self, paths: Sequence[Path], task: Callable[[Path, Shared], int], shared: Shared) -> list[int]:
        """Apply a function to each of several files, where the engine works.

        Parameters
        ----------
        task : callable
            Named at the top of a module that the workers have. Reads one file, writes what it makes, gives a count.
        shared : object
            Second argument of every call, sent once to each worker.

        Returns
        -------
        list of int
            Counts, in the order of the files.
        """


class TreeEngine(SqlEngine, Protocol):
    """An engine whose workers grow trees together, each on its share of the rows."""

    def grow_trees(
        self, sql: str, columns: Sequence[str], parameters: Mapping[str, float | int | str], *, rounds: int
    ) -> bytes:
        """Trees grown on the rows of a query, in XGBoost's open JSON.

        Parameters
        ----------
        sql : str
            With the columns `label`, `weight`, those learnt from, and two that cut the rows: `part`, the worker of a
            row from 0 to `workers_count` - 1, and `place`, its place among all of them.
        columns : sequence of str
            Learnt from, in order; a null is a missing value.
        parameters : mapping
            As XGBoost names them.
        rounds : int
        """

    @property
    def workers_count(self) -> int:
        """Workers that grow trees together."""
