"""Every feature is declared whole, and its sources exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.build import features_sql
from signaux_faibles.features.catalogue import CATALOGUE, FEATURE_NAMES
from signaux_faibles.features.declare import Feature
from signaux_faibles.features.sets import LEARNT
from signaux_faibles.model.recipes import RECIPES
from signaux_faibles.panel.grid import HISTORY_MONTHS
from signaux_faibles.panel.table import PANEL
from signaux_faibles.sources import SOURCES

UNITS = {
    "eur": "€",
    "months": "mois",
    "days": "jours",
    "years": "ans",
    "h": "heures",
    "ratio": None,
    "count": None,
    "code": "",
    "rank": "",
}


def test_feature_names_are_unique() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES) >= 60


def test_every_theme_has_features() -> None:
    assert {feature.theme for feature in CATALOGUE} == set(Theme)


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_a_feature_is_declared_whole(feature: Feature) -> None:
    suffix = feature.name.rsplit("_", 1)[1]
    assert suffix in UNITS, "a quantity ends with its unit"
    if UNITS[suffix] is not None:
        assert feature.unit == UNITS[suffix]
    assert feature.label
    assert feature.explanation.endswith(".")
    assert feature.sentence.endswith(".")
    assert "{value}" in feature.sentence or feature.unit == ""
    assert feature.sources
    assert set(feature.sources) <= set(SOURCES)
    assert feature.delay_months >= 0
    assert (feature.window_months > 0) >= (feature.lookback_months > 0), "what looks back says over how long"
    assert feature.lookback_months < HISTORY_MONTHS, "a new month is built from itself and the 35 rows before it"


@pytest.mark.parametrize("feature", CATALOGUE, ids=lambda f: f.name)
def test_a_feature_looks_back_only(feature: Feature) -> None:
    assert not re.search(r"\b(LEAD|FOLLOWING)\b", feature.sql, re.IGNORECASE)


def test_features_read_declared_columns_of_the_panel_only() -> None:
    words = set(re.findall(r"[a-z_][a-z0-9_]{3,}", features_sql("panel")))
    names = {
        word for word in words if word.endswith(("_cents", "_centi_h", "_days", "_pct")) and word not in FEATURE_NAMES
    }
    assert names <= set(PANEL.names)


def test_recipes_name_features_of_the_catalogue() -> None:
    for recipe in RECIPES.values():
        assert set(recipe.features) <= set(FEATURE_NAMES)
        assert len(set(recipe.features)) == len(recipe.features)


def test_the_page_of_limits_says_what_consolidated_accounts_are_used_for() -> None:
    page = Path(__file__).parents[2] / "docs/transparence/limites.md"
    (told,) = [item for item in page.read_text(encoding="utf-8").split("\n- ") if item.startswith("**Le groupe**")]
    assert ("le modèle retient" in told) is ("groupe_code" in LEARNT)
    assert "leurs montants sont montrés, pas utilisés" in " ".join(told.split())
