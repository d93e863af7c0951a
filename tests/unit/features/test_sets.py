"""The named sets hold features of the catalogue, and what they promise."""

from __future__ import annotations

import pytest

from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.catalogue import BY_NAME, FEATURE_NAMES
from signaux_faibles.features.production import PRODUCTION_ONLY
from signaux_faibles.features.sets import CORE, LEARNT, SETS, feature_set
from signaux_faibles.model.recipes import BOOSTING


@pytest.mark.parametrize("name", SETS)
def test_a_set_names_features_of_the_catalogue_once(name: str) -> None:
    names = feature_set(name)
    assert set(names) <= set(FEATURE_NAMES)
    assert len(set(names)) == len(names)


def test_the_core_is_sixty_features_of_every_theme() -> None:
    assert len(CORE) == 60
    assert {BY_NAME[name].theme for name in CORE} == set(Theme)


def test_our_model_does_not_learn_from_raw_amounts_of_production() -> None:
    assert BOOSTING.features == LEARNT
    assert not set(LEARNT) & PRODUCTION_ONLY


def test_our_model_does_not_learn_from_series_that_stop() -> None:
    assert {"ipi_change_12m_ratio", "defaillances_change_12m_ratio"} <= set(FEATURE_NAMES) - set(LEARNT)


def test_a_set_that_does_not_exist_is_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match="expected one of all, learnt"):
        feature_set("everything")
