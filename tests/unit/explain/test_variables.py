"""Features fold to their base variable, ranks to their feature, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.explain.variables import GROUPS, group_of, variables_of
from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE, FEATURE_NAMES
from signaux_faibles.model.ranks import fold_ranks
from signaux_faibles.model.recipes import BOOSTING


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        ("debit_eur", "debit"),
        ("debit_change_12m_months", "debit"),
        ("debit_par_effectif_eur", "debit"),
        ("debit_ouvriere_lag_6m_eur", "debit_ouvriere"),
        ("debit_ouvriere_share_ratio", "debit_ouvriere"),
        ("effectif_change_3m_ratio", "effectif"),
        ("ap_24m_count", "ap_consommee"),
        ("ap_economique_12m_ratio", "ap_autorisee"),
        ("ap_demande_12m_count", "ap_demande"),
        ("retard_max_12m_days", "retard"),
        ("division_naf_code", "activite"),
        ("age_years", "age_years"),
        ("ebit_sur_ca_ratio", "ebit_sur_ca_ratio"),
    ],
)
def test_a_feature_belongs_to_the_group_of_its_longest_prefix(feature: str, code: str) -> None:
    assert group_of(feature).code == code


def test_a_feature_of_no_group_is_a_variable_under_its_own_label() -> None:
    assert group_of("age_years").label == BY_NAME["age_years"].label


def test_every_group_is_of_one_theme_and_one_class() -> None:
    """The sentence of one feature stands for all: an agent who may read it must be allowed to know of the others."""
    found: dict[str, set[tuple[Theme, DataClass]]] = {}
    for feature in CATALOGUE:
        found.setdefault(group_of(feature.name).code, set()).add((feature.theme, feature.data_class))
    assert {code: kinds for code, kinds in found.items() if len(kinds) > 1} == {}
    assert {group.code for group in GROUPS} <= found.keys(), "a group that claims no feature"


def test_no_code_of_a_group_is_the_name_of_a_feature() -> None:
    assert {group.code for group in GROUPS} & set(FEATURE_NAMES) == set()


def test_variables_are_in_the_order_in_which_they_are_met() -> None:
    variables = variables_of(("effectif_count", "debit_eur", "effectif_change_3m_ratio", "age_years"))
    assert [group.code for group in variables.groups] == ["effectif", "debit", "age_years"]
    folded = variables.fold(np.array([[1.0, 10.0, 100.0, 1000.0], [2.0, 0.0, -2.0, 0.5]]))
    assert folded.tolist() == [[101.0, 10.0, 1000.0], [0.0, 0.0, 0.5]]
    assert variables.of_theme(Theme.EFFECTIF).tolist() == [0]


def test_the_contribution_of_a_rank_is_that_of_its_feature() -> None:
    recipe = replace(BOOSTING, features=("debit_eur", "age_years"), has_ranks=True)
    assert recipe.columns == ("debit_eur", "age_years", "rang_debit_eur", "rang_age_years")
    folded = fold_ranks(recipe, np.array([[1.0, 2.0, 10.0, 20.0, -3.0]]))
    assert folded.tolist() == [[11.0, 22.0, -3.0]]


def test_without_ranks_contributions_stay_as_they_are() -> None:
    recipe = replace(BOOSTING, features=("debit_eur", "age_years"))
    assert fold_ranks(recipe, np.array([[1.0, 2.0, -3.0]])).tolist() == [[1.0, 2.0, -3.0]]
