"""What the model in force says of an earlier month: the only fair start for what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from signaux_faibles.explain.points import Change, change_of
from signaux_faibles.explain.variables import fold_ranks
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners import Doubles, Floats
from signaux_faibles.model.ranks import grid_of
from signaux_faibles.model.train import Model


@dataclass(frozen=True)
class Before:
    """Companies at the month of the previous list, told by the model of this one.

    Parameters
    ----------
    months : int
        Between the two lists.
    rank : array of int, shape (k,)
        Place of each company among those of this list, rising.
    values : array, shape (k, p)
        Features at the earlier month.
    change : Change
        From that month to this one, by the model of this list.
    displayed : array, shape (k,)
        Probability that the previous list displayed.
    """

    months: int
    rank: npt.NDArray[np.intp]
    values: Floats
    change: Change
    displayed: Doubles

    def __len__(self) -> int:
        return len(self.rank)


def read_before(
    lake: Lake, model: Model, months: tuple[int, int], siren: Sequence[str], contributions: Doubles, displayed: Doubles
) -> Before:
    """Companies of a list as they were at an earlier month, by the panel of this one.

    Parameters
    ----------
    months : tuple of int
        Of the previous list and of this one.
    siren : sequence of str, length n
        Companies of this list, sorted.
    contributions : array, shape (n, p + 1)
        To their scores now, ranks folded.
    displayed : array, shape (n,)
        Probability in the previous list; NaN for one whose change is not to be told.
    """
    features, (previous, month) = model.recipe.features, months
    told = np.flatnonzero(~np.isnan(displayed))
    wanted = pa.array(np.array(siren, object)[told], pa.string())
    # Ranks are among all the companies of the month, whichever of them are told.
    table = _read_month(lake, month, previous, features, None if model.recipe.has_ranks else wanted)
    values = np.empty((table.num_rows, len(features)), np.float32)
    for place, name in enumerate(features):
        values[:, place] = table.column(name).to_numpy()
    given = np.concatenate([values, grid_of(values).ranks(values)], axis=1) if model.recipe.has_ranks else values
    place_of = pc.index_in(table.column("siren").combine_chunks(), wanted)
    kept = place_of.is_valid().to_numpy(zero_copy_only=False)
    rank = told[place_of.drop_null().to_numpy()]
    earlier = contributions[:0]
    if len(rank):
        # Single precision, as scores are kept: the same month then has the same probability to the last bit.
        folded = fold_ranks(model.recipe, model.fitted.contributions(given[kept]))
        earlier = folded.astype(np.float32).astype(np.float64)
    change = change_of(earlier, contributions[rank], model.meaning.calibrator)
    return Before(month - previous, rank, values[kept], change, displayed[rank])


def _read_month(lake: Lake, as_of: int, month: int, features: Sequence[str], wanted: pa.Array | None) -> pa.Table:
    """Features of a month in a panel, by siren; of some companies, or of all."""
    columns = {"siren": pa.string(), **dict.fromkeys(features, pa.float64())}
    parts = [pa.schema(columns.items()).empty_table()]
    for path in current_features(lake, as_of, names=features, first=month, last=month):
        part = pq.read_table(path, columns=list(columns), filters=[("month", "==", month)])
        parts.append(part if wanted is None else part.filter(pc.is_in(part["siren"], wanted)))
    return pa.concat_tables(parts, promote_options="default").sort_by("siren")
