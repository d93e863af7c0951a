from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from tests.lakes import m, new_lake

from signaux_faibles.domain.errors import LakeError, StageError
from signaux_faibles.domain.territoire import departement_of_code
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake
from signaux_faibles.model.learners import fit
from signaux_faibles.model.recipes import Recipe
from signaux_faibles.model.recipes.yardsticks import FORET, LOGISTIQUE
from signaux_faibles.model.registry import (
    Action,
    Status,
    champion,
    differences,
    model_ids,
    promote,
    read_registry,
    rollback,
    serving_registry,
)

APRIL, JULY, OCTOBER = "logistique-2026-04-essai", "logistique-2026-07-essai", "logistique-2026-10-essai"
OLD = "logistique-2026-06-ancien"


def write_model(lake: Lake, model_id: str, catalogue: str = "", recipe: Recipe = LOGISTIQUE) -> None:
    """A model learnt from two rows, made as of the month of its name by a recipe as it is declared."""
    values = np.array([[0.0], [1.0]], np.float32)
    folder = lake.model(model_id)
    folder.mkdir(parents=True)
    fit(replace(recipe, features=("debit_eur",)), values, values[:, 0]).save(folder)
    declared = {**asdict(recipe), "parameters": dict(recipe.parameters)}
    inputs = {
        "recipe": declared,
        "as_of": model_id.removeprefix(f"{recipe.name}-")[:7],
        "catalogue": catalogue or catalogue_version(),
    }
    inputs["train"] = "2016-01 to 2016-12"
    calibrator = {"kind": "platt", "low": 1.0, "high": 1.0, "intercept": 0.0}
    meaning = {"calibrator": calibrator, "bag": [], "thresholds": {"eleve": 0.5, "modere": 0.2}, "losses": {}}
    card = {"inputs": inputs, "meaning": meaning, "training": {"rows_count": 2, "positives_count": 1}}
    (folder / "card.json").write_text(json.dumps(card | {"calibration": {"months": "2016-01 to 2016-12"}}))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = new_lake(tmp_path / "lake")
    for model_id in (APRIL, JULY, OCTOBER):
        write_model(made, model_id)
    write_model(made, OLD, catalogue="ancien")
    return made


def test_a_model_is_a_candidate_then_champion_then_retired(lake: Lake) -> None:
    assert read_registry(lake).champion is None
    assert champion(lake, m("2026-12")) is None
    promote(lake, APRIL, "premier")
    registry = promote(lake, JULY, "meilleur")
    assert [registry.status(name) for name in (APRIL, JULY, OCTOBER)] == [
        Status.RETIRED,
        Status.CHAMPION,
        Status.CANDIDATE,
    ]
    assert read_registry(lake) == registry
    assert registry.decisions[-1].replaces == APRIL


def test_a_rollback_comes_back_and_is_kept_in_the_history(lake: Lake) -> None:
    promote(lake, APRIL, "premier")
    promote(lake, JULY, "meilleur")
    promote(lake, OCTOBER, "plus récent")
    assert rollback(lake, "dérive").champion == JULY
    registry = rollback(lake, "dérive encore")
    assert registry.champion == APRIL
    assert [d.action for d in registry.decisions] == [Action.PROMOTE] * 3 + [Action.ROLLBACK] * 2
    assert registry.status(OCTOBER) is Status.RETIRED
    with pytest.raises(StageError, match="No champion to come back to: 1 promoted"):
        rollback(lake, "trop loin")
    assert promote(lake, OCTOBER, "corrigé").champions == (APRIL, OCTOBER)


def test_a_month_is_served_by_a_champion_that_knows_nothing_after_it(lake: Lake) -> None:
    promote(lake, APRIL, "premier")
    promote(lake, OCTOBER, "meilleur")
    found = {month: champion(lake, m(month)) for month in ("2026-03", "2026-09", "2026-10")}
    assert {month: model and model.model_id for month, model in found.items()} == {
        "2026-03": None,
        "2026-09": APRIL,
        "2026-10": OCTOBER,
    }


def test_a_territory_takes_the_champion_of_the_nation_unless_it_has_its_own(lake: Lake) -> None:
    part = lake.over(departement_of_code("69"))
    promote(lake, APRIL, "premier")
    assert champion(part, m("2026-12")).model_id == APRIL  # type: ignore[union-attr]
    assert serving_registry(part).status(APRIL) is Status.CHAMPION
    promote(part, JULY, "meilleur ici")
    assert serving_registry(part).champion == JULY
    assert champion(part, m("2026-12")).model_id == JULY  # type: ignore[union-attr]
    assert champion(lake, m("2026-12")).model_id == APRIL  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("model_id", "sentence"),
    [("logistique-2026-01-absent", "No model"), (OLD, "another catalogue"), (APRIL, "is the champion already")],
)
def test_what_cannot_serve_is_not_promoted(lake: Lake, model_id: str, sentence: str) -> None:
    promote(lake, APRIL, "premier")
    with pytest.raises(StageError, match=sentence):
        promote(lake, model_id, "essai")
    assert len(read_registry(lake).decisions) == 1


def test_a_model_that_cannot_explain_a_list_is_not_promoted(lake: Lake) -> None:
    write_model(lake, "foret-2026-04-essai", recipe=FORET)
    promote(lake, APRIL, "premier")
    with pytest.raises(StageError, match="makes no list: contributions of the recipe foret do not add up") as refused:
        promote(lake, "foret-2026-04-essai", "la référence")
    assert "signaux train boosting" in refused.value.todo
    assert read_registry(lake).champion == APRIL


def test_a_champion_whose_recipe_changed_since_is_refused_with_what_to_do(lake: Lake) -> None:
    promote(lake, APRIL, "premier")
    promote(lake, JULY, "meilleur")
    for model_id in (APRIL, JULY):
        path = lake.model(model_id) / "card.json"
        path.write_text(path.read_text().replace('"seed": ', '"seed": 9'))
    for refused in (
        lambda: champion(lake, m("2026-12")),
        lambda: rollback(lake, "dérive"),
        lambda: promote(lake, APRIL, "essai"),
    ):
        with pytest.raises(StageError, match="as it was declared before"):
            refused()
    assert read_registry(lake).champion == JULY


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"format_version": 9, "decisions": []}',
        '{"format_version": 1, "decisions": [{"action": "rollback", "model_id": "a", "replaces": null, "reason": ""}]}',
        '{"format_version": 1, "decisions": [{"action": "erase", "model_id": "a", "replaces": null, "reason": ""}]}',
    ],
)
def test_a_damaged_registry_is_said_to_be(lake: Lake, text: str) -> None:
    (lake.root / "models" / "registry.json").write_text(text)
    with pytest.raises(LakeError, match="cannot be read as a registry"):
        read_registry(lake)


def test_the_registry_is_not_a_model(lake: Lake) -> None:
    promote(lake, APRIL, "premier")
    assert model_ids(lake) == sorted([APRIL, JULY, OCTOBER, OLD])


def test_two_cards_differ_by_value_and_by_name() -> None:
    one = {"inputs": {"as_of": "2026-04", "recipe": {"features": ["a", "b"], "seed": 1}}, "bag": [{"x": 1.0}]}
    two = {"inputs": {"as_of": "2026-07", "recipe": {"features": ["b", "c"], "seed": 1}}, "bag": [{"x": 2.0}]}
    assert differences(one, two) == [
        ("bag[0].x", "1.0", "2.0"),
        ("inputs.as_of", '"2026-04"', '"2026-07"'),
        ("inputs.recipe.features[a]", "yes", ""),
        ("inputs.recipe.features[c]", "", "yes"),
    ]
    assert differences(one, one) == []
