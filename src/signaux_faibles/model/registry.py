"""Which model serves: candidates, the champion, and those it replaced, with why and in which order.

The registry keeps what was decided and nothing else; who is champion is read from it. Dates are in the journal of the
lake, as everywhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake, write_text
from signaux_faibles.lake.reading import read_json
from signaux_faibles.model.card import CARD_NAME, model_inputs, read_model_card
from signaux_faibles.model.score import check_model_explains
from signaux_faibles.model.splits import read_period
from signaux_faibles.model.train import Model, read_model

FORMAT_VERSION = 1
NAME = "registry.json"


class Status(StrEnum):
    """What a model is."""

    CANDIDATE = "candidate"
    CHAMPION = "champion"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        """French word."""
        return {"candidate": "candidat", "champion": "en service", "retired": "retiré"}[self.value]


class Action(StrEnum):
    """What was decided."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True)
class Decision:
    """A decision of the registry.

    Parameters
    ----------
    action : Action
    model_id : str
        Champion from then on.
    replaces : str or None
        Champion until then.
    reason : str
        In the words of who decided; no name of a person.
    """

    action: Action
    model_id: str
    replaces: str | None
    reason: str


@dataclass(frozen=True)
class Registry:
    """Decisions of a lake, the oldest first."""

    decisions: tuple[Decision, ...] = ()

    @property
    def champions(self) -> tuple[str, ...]:
        """The champion, last, after those that a rollback would come back to."""
        stack: list[str] = []
        for decision in self.decisions:
            if decision.action is Action.PROMOTE:
                stack.append(decision.model_id)
            else:
                stack.pop()
        return tuple(stack)

    @property
    def champion(self) -> str | None:
        """Model that serves; None until one is promoted."""
        return self.champions[-1] if self.champions else None

    def status(self, model_id: str) -> Status:
        """What a model is: one never promoted is a candidate."""
        if model_id == self.champion:
            return Status.CHAMPION
        is_known = any(decision.model_id == model_id for decision in self.decisions)
        return Status.RETIRED if is_known else Status.CANDIDATE


def read_registry(lake: Lake) -> Registry:
    """Registry of a lake, or of the territory of a run; empty when nothing was decided.

    Raises
    ------
    LakeError
        If it cannot be read.
    """
    path = _path(lake)
    if not path.is_file():
        return Registry()
    todo = "Restore it from a copy; the models themselves are not damaged."
    return read_json(path, f"a registry of models of format {FORMAT_VERSION}", _registry, todo=todo)


def _registry(content: Any) -> Registry:
    if content["format_version"] != FORMAT_VERSION:
        raise ValueError
    registry = Registry(tuple(Decision(**line | {"action": Action(line["action"])}) for line in content["decisions"]))
    registry.champions  # noqa: B018 - a rollback of nothing is a damaged registry
    return registry


def serving_registry(lake: Lake) -> Registry:
    """Registry that says what serves a run: that of its territory once it has a champion, else that of the nation."""
    registry = read_registry(lake)
    return read_registry(lake.over(None)) if lake.territory and not registry.champions else registry


def promote(lake: Lake, model_id: str, reason: str) -> Registry:
    """Make a model the champion.

    Raises
    ------
    StageError
        If the lake has no such model, its recipe changed since, it reads features of another catalogue, it cannot
        explain a list, or it is the champion already.
    """
    registry, model = read_registry(lake), read_model(lake, model_id)
    if registry.champion == model_id:
        raise StageError(f"Model {model_id} is the champion already.", todo="See `signaux model list`.")
    if model.catalogue != catalogue_version():
        raise StageError(
            f"Model {model_id} reads features of another catalogue ({model.catalogue}): it cannot score.",
            todo=f"Train it again with `signaux train {model.recipe.name}`.",
        )
    check_model_explains(model)
    return _decide(lake, registry, Decision(Action.PROMOTE, model_id, registry.champion, reason))


def rollback(lake: Lake, reason: str) -> Registry:
    """Come back to the champion before the last one promoted.

    Raises
    ------
    StageError
        If there is none, it is no longer in the lake, or its recipe changed since it was made.
    """
    registry = read_registry(lake)
    if len(registry.champions) < 2:
        raise StageError(
            f"No champion to come back to: {len(registry.champions)} promoted in {lake.root}.",
            todo="Promote another model with `signaux model promote`.",
        )
    before = registry.champions[-2]
    read_model(lake, before)
    return _decide(lake, registry, Decision(Action.ROLLBACK, before, registry.champion, reason))


def champion(lake: Lake, until: int) -> Model | None:
    """Model that serves a month: the last champion that knows nothing after it; None when there is none.

    A run restricted to a territory takes that of the nation when the territory has none of its own.

    Raises
    ------
    StageError
        If the champion is no longer in the lake, or its recipe changed since it was made.
    """
    for model_id in reversed(read_registry(lake).champions):
        if parse_month(read_card(lake, model_id)["inputs"]["as_of"]) <= until:
            return read_model(lake, model_id)
    return champion(lake.over(None), until) if lake.territory else None


def model_ids(lake: Lake) -> list[str]:
    """Models of a lake, or of the territory of a run, by name."""
    return sorted(path.parent.name for path in lake.model("*").parent.glob(f"*/{CARD_NAME}"))


def read_card(lake: Lake, model_id: str) -> dict[str, Any]:
    """Card of a model, as it was written when it was trained.

    Raises
    ------
    StageError
        If the lake has no such model.
    LakeError
        If its card is damaged.
    """
    path = lake.model(model_id) / CARD_NAME
    if lake.territory and not path.is_file():
        return read_card(lake.over(None), model_id)
    if not path.is_file():
        raise StageError(f"No model {model_id} in {lake.root}.", todo="See `signaux model list`.")
    return read_model_card(path.parent, _whole)


def _whole(card: Any) -> dict[str, Any]:
    """A card that says all that commands read of it."""
    model_inputs(card)
    int(card["training"]["rows_count"] + card["training"]["positives_count"])
    read_period(card["inputs"]["train"])
    read_period(card["calibration"]["months"])
    float(card["meaning"]["thresholds"]["eleve"] + card["meaning"]["thresholds"]["modere"])
    dict(card["meaning"]["losses"] | card["meaning"]["calibrator"])
    return dict(card)


def differences(one: dict[str, Any], two: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What differs between two cards: place, value in the first, value in the second; an empty value is an absence.

    Lists of names (features) are compared as sets, entry by entry.
    """
    first, second = (dict(_flat("", card)) for card in (one, two))
    return [
        (place, first.get(place, ""), second.get(place, ""))
        for place in sorted(set(first) | set(second))
        if first.get(place) != second.get(place)
    ]


def _flat(place: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key in value for pair in _flat(f"{place}.{key}" if place else key, value[key])]
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return [(f"{place}[{one}]", "yes") for one in value]
    if isinstance(value, list):
        return [pair for rank, one in enumerate(value) for pair in _flat(f"{place}[{rank}]", one)]
    return [(place, json.dumps(value, ensure_ascii=False))]


def _decide(lake: Lake, registry: Registry, decision: Decision) -> Registry:
    decided = Registry((*registry.decisions, decision))
    content = {"format_version": FORMAT_VERSION, "decisions": [asdict(one) for one in decided.decisions]}
    write_text(_path(lake), json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return decided


def _path(lake: Lake) -> Path:
    return lake.model("*").parent / NAME
