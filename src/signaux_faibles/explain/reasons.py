"""What the features of a company say today."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from signaux_faibles.explain.comparison import Standing
from signaux_faibles.explain.lines import Ranks, texts_by_feature, words
from signaux_faibles.explain.sentences import sentence_of
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.model.learners import Doubles, Floats


class Reasons:
    """Teller of the values of the companies of a list (see `levels.Teller`).

    Parameters
    ----------
    features : sequence of str, length p
    values : array, shape (n, p)
    standing : Standing, optional
    """

    def __init__(self, features: Sequence[str], values: Floats, standing: Standing | None) -> None:
        self._features = [BY_NAME[name] for name in features]
        self._values = values
        self._standing = standing

    def value(self, company: Ranks, place: Ranks) -> Doubles:
        """Values shown: ratios times 100 where they read as percentages."""
        factor = np.array([100.0 if feature.percent else 1.0 for feature in self._features])
        shown: Doubles = self._values[company, place].astype(np.float64) * factor[place]
        return shown

    def unit(self, place: Ranks) -> pa.Array:
        """Units of the values shown."""
        return words([feature.unit for feature in self._features], place)

    def sentence(self, company: Ranks, place: Ranks) -> pa.Array:
        """Sentence of the value of each feature; a value is put in words once for all who have it."""

        def tell(feature: int, rows: Ranks) -> Sequence[str]:
            found, inverse = np.unique(self._values[company[rows], feature], return_inverse=True)
            told = [sentence_of(self._features[feature], value) for value in found.tolist()]
            return [told[rank] for rank in inverse.tolist()]

        return texts_by_feature(place, tell)

    def comparison(self, company: Ranks, place: Ranks) -> pa.Array:
        """Comparisons with the companies of the same trade."""
        standing = self._standing
        if standing is None:
            return pa.repeat(pa.scalar("", pa.string()), len(place))

        def tell(feature: int, rows: Ranks) -> Sequence[str]:
            values = self._values[company[rows], feature]
            return standing.phrases(company[rows], self._features[feature].name, values)

        return texts_by_feature(place, tell)

    def data_class(self, place: Ranks) -> pa.Array:
        """Class of each feature: that of its sentence and of its comparison."""
        return words([feature.data_class.value for feature in self._features], place)

    def name(self, place: Ranks) -> pa.Array:
        """Names of the features."""
        return words([feature.name for feature in self._features], place)
