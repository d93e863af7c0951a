"""Read a table of any of the usual formats, every column as it is written."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from signaux_faibles.bench.models.arff import read_arff
from signaux_faibles.domain.errors import InputError

MISSING = ("", "?", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", ".")
"""What stands for a missing value."""

DELIMITERS = ",;\t|"


def read_table(path: Path) -> pa.Table:
    """Table of a file: CSV, ARFF or Parquet, each possibly compressed by gzip.

    Raises
    ------
    InputError
        If the file is missing, damaged, empty, or of another format, or if two columns have one name.
    """
    content = _content(path)
    suffix = Path(path.name.removesuffix(".gz")).suffix.lower()
    try:
        table = _parse(content, suffix)
    except pa.ArrowException as error:
        raise InputError(f"{path.name} cannot be read: {_without_rows(error)}.", todo="Check the file.") from error
    except ValueError as error:
        raise InputError(f"{path.name} cannot be read: {error}", todo="Check the file.") from error
    if table is None:
        raise InputError(
            f"{path.name}: found {suffix or 'no extension'}, expected .csv, .arff or .parquet, or one of them then .gz."
        )
    table = table.rename_columns([name.strip() for name in table.column_names])
    repeated = [name for name, count in Counter(table.column_names).items() if count > 1]
    if repeated:
        raise InputError(f"{path.name}: {len(repeated)} column names stand twice.", todo="Rename the columns.")
    if not table.num_rows:
        raise InputError(f"{path.name} has no row.")
    return table


def _parse(content: bytes, suffix: str) -> pa.Table | None:
    if suffix == ".parquet":
        return pq.read_table(io.BytesIO(content))
    if suffix == ".arff":
        return read_arff(_text(content), missing=MISSING)
    return _read_csv(_text(content)) if suffix in (".csv", ".tsv", ".txt") else None


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.name.endswith(".gz") else content
    except OSError as error:
        reason = error.strerror or "not a whole gzip file"
        raise InputError(f"{path.name} cannot be read: {reason}.", todo="Give another --data.") from error
    except (EOFError, zlib.error) as error:
        raise InputError(f"{path.name} is cut short.", todo="Fetch it again.") from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _read_csv(text: str) -> pa.Table:
    header = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(DELIMITERS, key=header.count)
    names = next(csv.reader([header.strip("\r")], delimiter=delimiter), [])
    if len(names) < 2:
        raise ValueError(f"{len(names)} column, expected at least two, separated by one of {DELIMITERS!r}.")
    convert = arrow_csv.ConvertOptions(null_values=MISSING, strings_can_be_null=True)
    parse = arrow_csv.ParseOptions(delimiter=delimiter)
    return arrow_csv.read_csv(io.BytesIO(text.encode()), parse_options=parse, convert_options=convert)


def _without_rows(error: pa.ArrowException) -> str:
    """What Arrow found, without the row that it quotes."""
    found = re.search(r"[Ee]xpected \d+ columns, got \d+", str(error))
    return found[0] if found else "its content is not what its extension says"
