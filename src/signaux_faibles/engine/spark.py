"""Run the portable SQL on Spark: on threads of this machine, or on a cluster, with the same values."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import MachineError
from signaux_faibles.engine.configuration import SparkConfiguration
from signaux_faibles.engine.parquet import parquet_sql
from signaux_faibles.engine.protocol import FIRST_KEY, Shared
from signaux_faibles.engine.spark_session import spark_session

PART = "signaux_part"
"""Column of the number of the file of a row, while it is written."""

REFUSALS = {
    "OutOfMemoryError": "Spark lacks memory",
    "No space left": "A disk that Spark writes to is full",
    "Disk quota exceeded": "A disk that Spark writes to is full",
    "ExecutorLostFailure": "Spark lost a worker more often than it tries again",
}


@contextmanager
def _machine_errors() -> Iterator[None]:
    """Say in one sentence that memory, a disk or a worker is short; any other error is a bug and goes through."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        text = str(error)
        for refusal, sentence in REFUSALS.items():
            if refusal in text:
                raise MachineError(
                    f"{sentence}.", todo="Give more in the file of --engine-config (`memory`, `scratch`, workers)."
                ) from None
        raise


class SparkEngine:
    """One Spark session, that spills to a scratch folder; tables are computed when a result needs them, once.

    Each table is planned by itself and its rows are kept, in memory and then on disk, once they are computed. A view
    would instead carry the plans of all those that it reads, at each of its uses: a panel of 150 steps was still being
    planned after six minutes.

    Parameters
    ----------
    scratch : Path
        Folder of what does not fit in memory, and of Spark's log.
    configuration : SparkConfiguration, optional
    """

    def __init__(self, scratch: Path, configuration: SparkConfiguration | None = None) -> None:
        self._configuration = configuration or SparkConfiguration()
        self._session = spark_session(self._configuration, scratch)
        self._tables: dict[str, Any] = {}
        self._kept: list[Any] = []

    @property
    def is_distributed(self) -> bool:
        """True: one statement runs over all companies."""
        return True

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget every table; the session waits for the next engine of the process."""
        for name in list(self._tables):
            self.drop(name)
        for frame in self._kept:
            frame._jdf.queryExecution().analyzed().rdd().unpersist(False)
        self._kept.clear()

    def parquet(self, paths: Sequence[Path]) -> str:
        """SQL of a table over Parquet files, as every engine writes it: the translation names it."""
        return parquet_sql(paths)

    def create(self, name: str, sql: str) -> None:
        """Make the table of a query, in the place of another of that name."""
        with _machine_errors():
            frame = self._frame(sql).localCheckpoint(eager=False)
        self._kept.append(frame)
        self._name(name, frame)

    def keep(self, name: str) -> None:
        """Compute a table now."""
        with _machine_errors():
            self._tables[name.lower()].count()

    def drop(self, name: str) -> None:
        """Forget a table, if there is one of that name; its rows stay until the engine is closed, for its readers."""
        if self._tables.pop(name.lower(), None) is not None:
            self._session.catalog.dropTempView(name)

    def _name(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._tables[name.lower()] = frame

    def register(self, name: str, table: pa.Table) -> None:
        """Make a small Arrow table readable by SQL under a name."""
        from pyspark.sql.pandas.types import from_arrow_schema

        schema = from_arrow_schema(table.schema)
        self._name(name, self._session.createDataFrame(table if table.num_rows else [], schema))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a small result, such as counts."""
        with _machine_errors():
            return [tuple(row) for row in self._frame(sql).collect()]

    def arrow(self, sql: str) -> pa.Table:
        """Small result, as an Arrow table."""
        with _machine_errors():
            table: pa.Table = self._frame(sql).toArrow()
        return table

    def write_parts(
        self, sql: str, folder: Path, *, key: Sequence[str] = FIRST_KEY, companies: str = "", first_part: int = 0
    ) -> int:
        """Write the result of a query to files `part-*.parquet`: see `SqlEngine`."""
        with _machine_errors():
            frame = self._frame(sql, is_ordered=False)
            number = _part_sql(key[0], self._bounds(companies or f"({sql})", key[0]))
            columns = list(frame.columns)
            cut = frame.selectExpr("*", f"{number} AS {PART}").repartitionById(self._configuration.partitions, PART)
            temporary = folder / ".spark"
            shutil.rmtree(temporary, ignore_errors=True)
            cut.sortWithinPartitions(*key).select(*columns).write.parquet(_address(temporary))
        return _number_parts(temporary, folder, first_part)

    def map_files(self, paths: Sequence[Path], task: Callable[[Path, Shared], int], shared: Shared) -> list[int]:
        """Apply a function to each of several files, by the workers: see `SqlEngine`."""
        if not paths:
            return []
        context = self._session.sparkContext
        sent = context.broadcast(shared)
        try:
            with _machine_errors():
                names = context.parallelize([str(path) for path in paths], len(paths))
                return [int(count) for count in names.map(lambda name: task(Path(name), sent.value)).collect()]
        finally:
            sent.destroy()

    @property
    def workers_count(self) -> int:
        """Workers that grow trees together."""
        return self._configuration.workers_count

    def grow_trees(
        self, sql: str, columns: Sequence[str], parameters: Mapping[str, float | int | str], *, rounds: int
    ) -> bytes:
        """Trees that the workers grow together on the rows of a query: see `spark_trees.grow_trees`."""
        from signaux_faibles.engine.spark_trees import grow_trees

        with _machine_errors():
            frame = self._frame(sql, is_ordered=False)
            return grow_trees(frame, columns, parameters, rounds=rounds, workers=self.workers_count)

    def _frame(self, sql: str, *, is_ordered: bool = True) -> Any:
        from signaux_faibles.engine.translation import translate

        translation = translate(sql, is_ordered=is_ordered)
        for name, paths in translation.files:
            if name not in self._tables:
                self._open(name, [Path(path) for path in paths])
        return self._session.sql(translation.sql)

    def _open(self, name: str, paths: Sequence[Path]) -> None:
        """Name Parquet files; the first one tells the columns, without a job of Spark to find them."""
        from pyspark.sql.pandas.types import from_arrow_schema

        schema = from_arrow_schema(pq.read_schema(paths[0]))
        reader = self._session.read.schema(schema).option("__globPaths__", "false")
        self._name(name, reader.parquet(*(_address(path) for path in paths)))

    def _bounds(self, companies: str, column: str) -> list[Any]:
        """Values of a column that cut a table in equal parts: the first of each part but the first one."""
        parts = self._configuration.partitions
        ranked = f"""
            SELECT {column}, (ROW_NUMBER() OVER (ORDER BY {column}) - 1) * {parts} // COUNT(*) OVER () AS part
            FROM (SELECT DISTINCT {column} FROM {companies} AS t) AS named"""
        found = self._frame(f"SELECT part, MIN({column}) AS bound FROM ({ranked}) AS cut GROUP BY part ORDER BY part")
        return [row["bound"] for row in found.collect()[1:]]


def _address(path: Path) -> str:
    """Address of a path of this machine, or of a folder that every worker has; Hadoop takes its characters as is."""
    return f"file://{path.absolute()}"


def _part_sql(column: str, bounds: Sequence[Any]) -> str:
    """Number of the part of a row, by halves: a part is told in a few comparisons, however many there are."""
    if not bounds:
        return "0"

    def between(low: int, high: int) -> str:
        if low == high:
            return str(low)
        middle = (low + high + 1) // 2
        bound = bounds[middle - 1]
        literal = "'" + bound.replace("'", "\\'") + "'" if isinstance(bound, str) else str(bound)
        return f"CASE WHEN {column} < {literal} THEN {between(low, middle - 1)} ELSE {between(middle, high)} END"

    return between(0, len(bounds))


def _number_parts(written: Path, folder: Path, first_part: int) -> int:
    """Move the files that Spark wrote under the names of parts, and count their rows from their footers."""
    rows = 0
    for rank, path in enumerate(sorted(written.glob("part-*.parquet"))):
        rows += pq.read_metadata(path).num_rows
        path.replace(folder / f"part-{first_part + rank:05d}.parquet")
    shutil.rmtree(written)
    return rows
