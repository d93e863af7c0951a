"""Lines of explanation, made column by column: a list has millions of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from signaux_faibles.explain.selection import Selection
from signaux_faibles.model.learners import Doubles

Ranks = npt.NDArray[np.intp]

SCHEMA = pa.schema(
    [
        ("siren", pa.string()),
        ("rang", pa.int32()),
        ("nature", pa.string()),
        ("theme", pa.string()),
        ("feature", pa.string()),
        ("label", pa.string()),
        ("points", pa.float64()),
        ("told_by", pa.string()),
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("sentence", pa.string()),
        ("comparison", pa.string()),
        ("selection", pa.string()),
        ("direction", pa.string()),
        ("data_class", pa.string()),
    ]
)


@dataclass(frozen=True)
class Lines:
    """Lines of one nature.

    Parameters
    ----------
    nature : str
    company : array of int, shape (m,)
        Rank of the company in the list.
    place : array of int, shape (m,)
        Order among the lines of its company; no two are equal.
    points : array, shape (m,)
        NaN for a line that adds nothing.
    theme, feature, label, data_class, told_by, unit, sentence, comparison : array or str
        One text a line, or one for all.
    value : array, shape (m,), optional
        NaN where there is none.
    mark : array of int, shape (m,), optional
        Place in `Selection`.
    """

    nature: str
    company: Ranks
    place: Ranks
    points: Doubles
    theme: pa.Array | str
    feature: pa.Array | str
    label: pa.Array | str
    data_class: pa.Array | str
    told_by: pa.Array | str = ""
    unit: pa.Array | str = ""
    sentence: pa.Array | str = ""
    comparison: pa.Array | str = ""
    value: Doubles | None = None
    mark: npt.NDArray[np.int8] | None = None

    @property
    def table(self) -> pa.Table:
        """The lines as a table, with `company` and `place` beside the columns of `SCHEMA`."""
        count = len(self.company)
        value = np.full(count, np.nan) if self.value is None else self.value
        mark = np.zeros(count, np.int8) if self.mark is None else self.mark
        direction = np.where(np.isnan(self.points), 2, np.where(self.points > 0, 0, 1))
        columns = {
            "company": pa.array(self.company),
            "place": pa.array(self.place),
            "points": pa.array(self.points, from_pandas=True),
            "value": pa.array(value, from_pandas=True),
            "selection": words([one.value for one in Selection], mark),
            "direction": words(["hausse", "baisse", ""], direction),
        }
        texts = ("nature", "theme", "feature", "label", "data_class", "told_by", "unit", "sentence", "comparison")
        columns |= {name: _column(getattr(self, name), count) for name in texts}
        return pa.table(columns)


def words(vocabulary: Sequence[str], code: npt.NDArray[np.integer]) -> pa.Array:
    """Texts by their place in a vocabulary."""
    return pa.array(vocabulary, pa.string()).take(pa.array(code))


def texts_by_feature(places: Ranks, tell: Callable[[int, Ranks], Sequence[str]]) -> pa.Array:
    """Texts of lines, asked of each feature for all its lines at once.

    Parameters
    ----------
    places : array of int, shape (m,)
        Feature of each line.
    tell : callable
        Of a feature and the ranks of its lines, gives their texts.
    """
    texts = np.empty(len(places), object)
    for place in np.unique(places):
        rows = np.flatnonzero(places == place)
        texts[rows] = tell(int(place), rows)
    return pa.array(texts, pa.string())


def assemble(parts: Sequence[Lines], siren: Sequence[str]) -> pa.Table:
    """Table of lines by company then place, ranked from 0 in each company, with the columns of `SCHEMA`."""
    table = pa.concat_tables([part.table for part in parts])
    table = table.take(pc.sort_indices(table, [("company", "ascending"), ("place", "ascending")]))
    company = table.column("company").to_numpy()
    starts = np.flatnonzero(np.diff(company, prepend=-1))
    rank = np.arange(len(company)) - np.repeat(starts, np.diff(np.append(starts, len(company))))
    table = table.append_column("siren", words(siren, company)).append_column("rang", pa.array(rank.astype(np.int32)))
    return table.select(SCHEMA.names).cast(SCHEMA)


def _column(texts: pa.Array | str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(texts, pa.string()), count) if isinstance(texts, str) else texts
