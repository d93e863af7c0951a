"""Decide which model serves, hold the lake while it is written, and leave a line in the journal."""

from __future__ import annotations

import time

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.evaluation.kept import judged, made_otherwise
from signaux_faibles.lake import Lake
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.lock import writing
from signaux_faibles.model.registry import Registry, promote, read_card, rollback
from signaux_faibles.model.train import Model, read_model


def promote_model(lake: Lake, model_id: str, reason: str, *, is_unjudged: bool = False) -> Registry:
    """Make a model the champion; one whose recipe was never judged on its panel, or otherwise, only on request.

    Raises
    ------
    StageError
        If it has no figures, or may not be promoted.
    """
    started = time.monotonic()
    with writing(lake):
        model = read_model(lake, model_id)
        if not is_unjudged:
            _check_judged(lake, model)
        registry = promote(lake, model_id, reason)
        _journal(lake, "promote", registry, time.monotonic() - started)
    return registry


def _check_judged(lake: Lake, model: Model) -> None:
    made, month = judged(lake, model.recipe.name, model.as_of), format_month(model.as_of)
    todo = f"Judge it with `signaux backtest {model.recipe.name} --as-of {month}`, or add --unjudged."
    if made is None:
        name = model.recipe.name
        raise StageError(f"Model {model.model_id} has no figures: {name} was not judged as of {month}.", todo=todo)
    if otherwise := made_otherwise(made, read_card(lake, model.model_id)["inputs"]):
        raise StageError(
            f"Model {model.model_id} has no figures of its own: {made.backtest_id} was made from another"
            f" {' and another '.join(otherwise)}.",
            todo=todo,
        )


def rollback_model(lake: Lake, reason: str) -> Registry:
    """Come back to the champion before."""
    started = time.monotonic()
    with writing(lake):
        registry = rollback(lake, reason)
        _journal(lake, "rollback", registry, time.monotonic() - started)
    return registry


def _journal(lake: Lake, action: str, registry: Registry, seconds: float) -> None:
    decision = registry.decisions[-1]
    details = {"replaces": decision.replaces, "reason": decision.reason}
    append_journal(lake, action, decision.model_id, seconds=seconds, details=details)
