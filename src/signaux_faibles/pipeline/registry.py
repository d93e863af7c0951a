"""Decide which model serves, hold the lake while it is written, and leave a line in the journal."""

from __future__ import annotations

import time

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.evaluation.kept import judged
from signaux_faibles.lake import Lake
from signaux_faibles.lake.journal import append_journal
from signaux_faibles.lake.lock import writing
from signaux_faibles.model.registry import Registry, promote, rollback
from signaux_faibles.model.train import read_model


def promote_model(lake: Lake, model_id: str, reason: str, *, is_unjudged: bool = False) -> Registry:
    """Make a model the champion; one whose recipe was never judged on its panel only on request.

    Raises
    ------
    StageError
        If it has no figures, or may not be promoted.
    """
    started = time.monotonic()
    with writing(lake):
        model = read_model(lake, model_id)
        if not is_unjudged and judged(lake, model.recipe.name, model.as_of) is None:
            month = format_month(model.as_of)
            raise StageError(
                f"Model {model_id} has no figures: {model.recipe.name} was not judged as of {month}.",
                todo=f"Judge it with `signaux backtest {model.recipe.name} --as-of {month}`, or add --unjudged.",
            )
        registry = promote(lake, model_id, reason)
        _journal(lake, "promote", registry, time.monotonic() - started)
    return registry


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
