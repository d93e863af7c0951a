"""From a file to rows that can be learnt from."""

from __future__ import annotations

from pathlib import Path

from signaux_faibles.bench.models.choices import Event
from signaux_faibles.bench.models.dataset import Dataset, Roles, make_dataset
from signaux_faibles.bench.models.events import at_last_row
from signaux_faibles.bench.models.histories import with_past, with_size
from signaux_faibles.bench.models.reading import read_table


def prepare(path: Path, roles: Roles, event: Event) -> Dataset:
    """Read a file, label its rows, add what each tells of its own size and past.

    Raises
    ------
    InputError
        If the file cannot be read, or is not what its roles say.
    """
    data = make_dataset(read_table(path), roles)
    own_count = len(data.names)
    if roles.scale is not None:
        data = with_size(data, roles.scale)
    data = with_past(data, own_count)
    return data if event is Event.ROW else at_last_row(data, event)
