"""Trials of the parameters of a recipe, as a stage of a lake."""

from __future__ import annotations

from signaux_faibles.domain.periode import format_month
from signaux_faibles.evaluation.tuning import Tuning, tune
from signaux_faibles.lake import Lake
from signaux_faibles.model.recipes import Recipe
from signaux_faibles.pipeline.journaled import journaled
from signaux_faibles.pipeline.reporter import Reporter, Silent


def make_tuning(
    lake: Lake, recipe: Recipe, as_of: int, *, trials_count: int, rows_count: int, reporter: Reporter | None = None
) -> Tuning:
    """Trials of the parameters of a recipe, within what was known at a month."""
    say = reporter or Silent()
    with journaled(lake, "tune", f"{recipe.name} {format_month(as_of)}"):
        return tune(
            lake,
            recipe,
            as_of,
            trials_count=trials_count,
            rows_count=rows_count,
            progress=lambda part: say.stage(f"Tuning {recipe.name}, {part}"),
            told=lambda done, wanted: say.advance(done, wanted, "trials"),
        )
