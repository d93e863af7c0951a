"""Read what a lake says of what it holds: a file damaged by accident ends in a sentence, whatever holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import InputError, LakeError

Content = TypeVar("Content")


def read_json(path: Path, what: str, decode: Callable[[Any], Content], *, todo: str) -> Content:
    """Content of a JSON file of a lake, decoded.

    Parameters
    ----------
    path : Path
    what : str
        What the file is, as an error names it: `the card of a model`.
    decode : callable
        From the JSON content, what is read of it. It only looks into the content: whatever key or value it does not
        find there is one that the file lacks.
    todo : str
        What to do when the file is damaged.

    Raises
    ------
    LakeError
        If the file cannot be opened, is not JSON, or has not what is read of it.
    """
    try:
        raw = path.read_bytes()
        content = json.loads(raw)
    except OSError as error:
        raise _damaged(path, what, error.strerror or "no file that can be opened", todo) from None
    except ValueError:
        raise _damaged(path, what, f"{len(raw):,} bytes that are not JSON", todo) from None
    try:
        return decode(content)
    except KeyError as error:
        raise _damaged(path, what, f"no {error.args[0]} where one was expected", todo) from None
    except (TypeError, ValueError, LookupError, AttributeError, InputError):
        raise _damaged(path, what, "JSON that is not what was written there", todo) from None


def read_parquet(path: Path, what: str, *, columns: Sequence[str] | None = None, todo: str) -> pa.Table:
    """Table of a Parquet file of a lake, or some of its columns.

    Raises
    ------
    LakeError
        If the file cannot be opened, is not Parquet, or lacks a column.
    """
    try:
        return pq.read_table(path, columns=None if columns is None else list(columns))
    except OSError as error:
        raise _damaged(path, what, error.strerror or "no Parquet", todo) from None
    except pa.ArrowException:
        raise _damaged(path, what, "no Parquet, or not of these columns", todo) from None


def restore_or_remake(place: Path, command: str) -> str:
    """What to do about a damaged file: restore it, or remove what a command makes again."""
    return f"Restore it from a copy, or remove {place} and make it again with `{command}`."


def _damaged(path: Path, what: str, found: str, todo: str) -> LakeError:
    return LakeError(f"{path} cannot be read as {what}: found {found}.", todo=todo)
