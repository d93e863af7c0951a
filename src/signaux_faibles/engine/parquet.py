"""Name Parquet files in SQL, whatever their path holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path


def parquet_sql(paths: Sequence[Path]) -> str:
    """SQL table of one or several Parquet files of the same columns.

    Quotes are doubled, pattern characters taken literally, and folders named `key=value` add no column: a lake may live
    in a folder of any name.

    Raises
    ------
    ValueError
        If no file is given.
    """
    if not paths:
        raise ValueError("no Parquet file is named")
    return f"read_parquet([{', '.join(_literal(path) for path in paths)}], hive_partitioning = false)"


def _literal(path: Path) -> str:
    text = re.sub(r"([*?\[])", r"[\1]", str(path))
    return "'" + text.replace("'", "''") + "'"
