"""Columns that a row gains from its size and from its own past: never from another row's future.

Amounts over the size of the company, change of each column since the time before, how long the company has been seen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from signaux_faibles.bench.models.columns import Doubles
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.domain.errors import InputError


def with_size(data: Dataset, scale: str) -> Dataset:
    """Every other amount divided by the column of size, beside it; missing where the size is not above zero.

    Raises
    ------
    InputError
        If that column is not one of numbers that vary.
    """
    if scale not in data.names[: data.amounts_count]:
        raise InputError(f"Size {scale}: the column does not hold numbers that vary.", todo="Change --scale.")
    size = data.values[:, [data.names.index(scale)]]
    others = [rank for rank, name in enumerate(data.names[: data.amounts_count]) if name != scale]
    ratios = data.values[:, others] / np.where(size > 0, size, np.nan)
    return _with(data, tuple(f"{data.names[rank]} / {scale}" for rank in others), ratios)


def with_past(data: Dataset, own_count: int) -> Dataset:
    """Change of each column since the row before of its group, and time since its first one, sorted by group and time.

    Rows of a table that has no group or no time are left as they are. A change is told only from one time to the next.
    Amounts change by a share of their past size, ratios by a difference; categories are left aside.

    Parameters
    ----------
    own_count : int
        Columns of the table itself; those after them are ratios.
    """
    if data.group is None or data.time is None:
        return data
    order = np.lexsort((data.time, data.group))
    group, time = data.group[order], data.time[order]
    ordered = replace(data, values=data.values[order], failure=data.failure[order], group=group, time=time)
    rank = np.unique(time, return_inverse=True)[1]
    starts = np.append(True, group[1:] != group[:-1])
    follows = ~starts & (np.diff(rank, prepend=0) == 1)
    changing = [*range(data.amounts_count), *range(own_count, len(data.names))]
    now = ordered.values[:, changing]
    before = np.full_like(now, np.nan)
    before[follows] = now[np.flatnonzero(follows) - 1]
    changes = now - before
    with np.errstate(divide="ignore", invalid="ignore"):
        changes[:, : data.amounts_count] /= np.abs(before[:, : data.amounts_count])
    changes[~np.isfinite(changes)] = np.nan
    seen = time - time[np.maximum.accumulate(np.where(starts, np.arange(len(time)), 0))]
    names = (*(f"change of {data.names[place]}" for place in changing), "time since the first row")
    return _with(ordered, names, np.column_stack([changes, seen]))


def _with(data: Dataset, names: tuple[str, ...], values: Doubles) -> Dataset:
    return replace(data, names=(*data.names, *names), values=np.column_stack([data.values, values]))


def ranks_within_times(data: Dataset) -> Doubles:
    """Share of the known values of the same time that each value reaches, shape (n, p); shape (n, 0) without times.

    A rank stands through a crisis that moves everyone. It is read from rows of its own time only, and from no label.
    """
    if data.time is None:
        return np.empty((len(data), 0))
    ranks = np.full_like(data.values, np.nan)
    for time in np.unique(data.time):
        rows = np.flatnonzero(data.time == time)
        for place in range(data.values.shape[1]):
            column = data.values[rows, place]
            is_known = ~np.isnan(column)
            if is_known.any():
                ranks[rows[is_known], place] = _shares(column[is_known])
    return ranks


def _shares(known: Doubles) -> Doubles:
    """Middle of the ranks of each value, over their number."""
    _, place, count = np.unique(known, return_inverse=True, return_counts=True)
    shares: Doubles = ((np.cumsum(count) - (count - 1) / 2) / len(known))[place]
    return shares
