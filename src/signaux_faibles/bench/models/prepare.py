"""From a file to rows that can be learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from signaux_faibles.bench.models.choices import Event
from signaux_faibles.bench.models.dataset import Dataset, Roles, make_dataset
from signaux_faibles.bench.models.events import at_last_row
from signaux_faibles.bench.models.histories import with_past, with_size
from signaux_faibles.bench.models.reading import read_table
from signaux_faibles.domain.errors import InputError


@dataclass(frozen=True)
class Prepared:
    """Rows, and how many of their columns are those of the file.

    Parameters
    ----------
    data : Dataset
    own_count : int
    """

    data: Dataset
    own_count: int


def prepare(path: Path, roles: Roles, event: Event) -> Prepared:
    """Read a file, label its rows, add what each tells of its own size and past.

    Raises
    ------
    InputError
        If the file cannot be read, or is not what its roles say.
    """
    data = make_dataset(read_table(path), roles)
    own_count = len(data.names)
    if roles.scale is not None:
        if roles.scale not in data.names:
            raise InputError(f"Size {roles.scale}: the column is not a number that varies.", todo="Change --scale.")
        data = with_size(data, roles.scale)
    data = with_past(data, own_count)
    return Prepared(data if event is Event.ROW else at_last_row(data, event), own_count)
