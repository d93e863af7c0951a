"""What the model in force says of an earlier month: the only fair start for what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import StageError
from signaux_faibles.explain.points import Change, change_of
from signaux_faibles.features.build import current_features
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners import Doubles, Floats
from signaux_faibles.model.ranks import fold_ranks, grid_of
from signaux_faibles.model.score import read_scores, with_contributions
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
    previous, month = months
    told = np.flatnonzero(~np.isnan(displayed))
    wanted = pa.array(np.array(siren, object)[told], pa.string())
    found = _kept(lake, model, previous, wanted) or _made_again(lake, model, month, previous, wanted)
    rank = told[found.place]
    change = change_of(found.contributions, contributions[rank], model.meaning.calibrator)
    return Before(month - previous, rank, found.values, change, displayed[rank])


@dataclass(frozen=True)
class _Told:
    """What the model says of some companies at a month: their places among those wanted, values, contributions."""

    place: npt.NDArray[np.intp]
    values: Floats
    contributions: Doubles


def _kept(lake: Lake, model: Model, month: int, wanted: pa.Array) -> _Told | None:
    """What the model said of the month when it scored it: contributions cost more than all the rest."""
    try:
        scored = read_scores(lake, model, month)
    except StageError:
        return None
    place, is_wanted = _places(pa.array(scored.siren, pa.string()), wanted)
    told = with_contributions(model, scored, is_wanted)
    return _Told(place, told.values[is_wanted], told.contributions[is_wanted])


def _made_again(lake: Lake, model: Model, as_of: int, month: int, wanted: pa.Array) -> _Told:
    """What the model says of a month of a panel."""
    features = model.recipe.features
    # Ranks are among all the companies of the month, whichever of them are told.
    table = _read_month(lake, as_of, month, features, None if model.recipe.has_ranks else wanted)
    values = np.empty((table.num_rows, len(features)), np.float32)
    for column, name in enumerate(features):
        values[:, column] = table.column(name).to_numpy()
    given = np.concatenate([values, grid_of(values).ranks(values)], axis=1) if model.recipe.has_ranks else values
    place, is_wanted = _places(table.column("siren").combine_chunks(), wanted)
    if not len(place):
        return _Told(place, values[:0], np.empty((0, len(features) + 1)))
    # Single precision, as scores are kept: the same month then has the same probability to the last bit.
    folded = fold_ranks(model.recipe, model.fitted.contributions(given[is_wanted])).astype(np.float32)
    return _Told(place, values[is_wanted], folded.astype(np.float64))


def _places(siren: pa.Array, wanted: pa.Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Place among those wanted of the companies that are, and which they are."""
    place = pc.index_in(siren, wanted)
    return place.drop_null().to_numpy(), place.is_valid().to_numpy(zero_copy_only=False)


def _read_month(lake: Lake, as_of: int, month: int, features: Sequence[str], wanted: pa.Array | None) -> pa.Table:
    """Features of a month in a panel, by siren; of some companies, or of all."""
    columns = {"siren": pa.string(), **dict.fromkeys(features, pa.float64())}
    parts = [pa.schema(columns.items()).empty_table()]
    for path in current_features(lake, as_of, names=features, first=month, last=month):
        part = pq.read_table(path, columns=list(columns), filters=[("month", "==", month)])
        parts.append(part if wanted is None else part.filter(pc.is_in(part["siren"], wanted)))
    return pa.concat_tables(parts, promote_options="default").sort_by("siren")
