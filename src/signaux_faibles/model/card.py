"""What decides a model and its judgement: said by the card of each, so that one is never taken for that of another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from signaux_faibles import __version__
from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake
from signaux_faibles.lake.reading import Content, read_json, restore_or_remake
from signaux_faibles.model.recipes import Recipe
from signaux_faibles.panel.store import panel_fingerprint

CARD_NAME = "card.json"

LIBRARIES = ("numpy", "scikit-learn", "scipy", "xgboost-cpu")

DECISIVE = ("recipe", "panel", "catalogue", "code")
"""Inputs that a model and a backtest of its recipe share when one speaks of the other."""


def inputs_of(lake: Lake, recipe: Recipe, as_of: int) -> dict[str, object]:
    """Inputs of a recipe learnt from the panel of a month, as a card says them.

    Raises
    ------
    StageError
        If the panel was not built.
    """
    return {
        "recipe": declared(recipe),
        "as_of": format_month(as_of),
        "panel": panel_fingerprint(lake, as_of),
        "catalogue": catalogue_version(),
        "code": f"{__version__} {code_hash('model', 'target')}",
        "libraries": _libraries(),
    }


def _libraries() -> str:
    """Versions of what learns: another version may give other bytes."""
    return ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def declared(recipe: Recipe) -> dict[str, object]:
    """Declaration of a recipe as JSON gives it back."""
    content: dict[str, object] = json.loads(json.dumps({**asdict(recipe), "parameters": dict(recipe.parameters)}))
    return content


def differing(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[str, ...]:
    """Decisive inputs that are not the same in two cards; one that a card does not say is not the same."""
    return tuple(name for name in DECISIVE if name not in one or one[name] != other.get(name))


def read_model_card(folder: Path, decode: Callable[[Any], Content]) -> Content:
    """What is read of the card of a model.

    Raises
    ------
    LakeError
        If it is damaged, or does not say it.
    """
    todo = restore_or_remake(folder, "signaux train")
    return read_json(folder / CARD_NAME, "the card of a model", decode, todo=todo)


def model_inputs(card: dict[str, Any]) -> dict[str, Any]:
    """Inputs that the card of a model says; anything else is no card of a model."""
    inputs = dict(card["inputs"])
    if not isinstance(inputs["recipe"]["name"], str) or not isinstance(inputs["catalogue"], str):
        raise TypeError
    parse_month(inputs["as_of"])
    return inputs
