"""Weka's attribute-relation files: names and types in a header, then rows separated by commas.

References
----------
ARFF, stable version 3: https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

import pyarrow as pa

ATTRIBUTE = re.compile(r"""@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))\s+\S""", re.IGNORECASE)


def read_arff(text: str, *, missing: Sequence[str]) -> pa.Table:
    """Table of text columns, missing values as null.

    Parameters
    ----------
    text : str
        The whole file.
    missing : sequence of str
        Values that stand for a missing one.

    Raises
    ------
    ValueError
        If the file declares no attribute or no data, has sparse rows, or rows of another width.
    """
    lines = iter(text.splitlines())
    names = _attributes(lines)
    rows = [line for line in lines if line.strip() and not line.lstrip().startswith("%")]
    if any(line.lstrip().startswith("{") for line in rows[:1]):
        raise ValueError("sparse rows, expected a value for every attribute.")
    quote = "'" if "'" in text else '"'
    values = [
        [value.strip() for value in row]
        for row in csv.reader(rows, quotechar=quote, escapechar="\\", skipinitialspace=True)
    ]
    odd = sum(len(row) != len(names) for row in values)
    if odd:
        raise ValueError(f"{odd} rows of {len(values)} do not have {len(names)} values.")
    blank = frozenset(missing)
    columns = ([None if value in blank else value for value in column] for column in zip(*values, strict=True))
    return pa.table([pa.array(column, pa.string()) for column in columns] or [[]] * len(names), names=names)


def _attributes(lines: Iterator[str]) -> list[str]:
    """Names declared before `@data`; the lines are consumed up to it."""
    names: list[str] = []
    for line in lines:
        if line.strip().lower() == "@data":
            break
        if found := ATTRIBUTE.match(line.strip()):
            names.append(next(name for name in found.groups() if name is not None))
    else:
        raise ValueError("no line @data.")
    if not names:
        raise ValueError("no line @attribute.")
    return names
