"""Backtests that a lake keeps, and which of them may be set side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import format_month
from signaux_faibles.evaluation.backtest import Backtest, read_backtest
from signaux_faibles.evaluation.evaluate import evaluation_of, read_evaluation
from signaux_faibles.lake import Lake
from signaux_faibles.model.card import differing, inputs_of
from signaux_faibles.model.recipes import RECIPES


def origins_of(made: Backtest) -> tuple[str, ...]:
    """Months of the origins of a backtest, `YYYY-MM`."""
    return tuple(str(origin["month"]) for origin in made.origins)


def kept_backtests(lake: Lake) -> list[Backtest]:
    """Backtests with figures, the last one made first."""
    cards = lake.backtest("*").parent.glob("[!.]*/card.json")
    paths = [path for path in cards if (path.parent / "evaluation.json").is_file()]
    order = sorted(paths, key=lambda path: (-path.stat().st_mtime_ns, path.parent.name))
    return [read_backtest(lake, path.parent.name) for path in order]


def figures_of(lake: Lake, made: Backtest) -> dict[str, Any]:
    """Figures of a backtest, as they were written by `evaluate`.

    Raises
    ------
    LakeError
        If they are damaged.
    """
    return read_evaluation(lake.backtest(made.backtest_id) / "evaluation.json", _checked)


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    evaluation_of(content)
    return dict(content)


def judged(lake: Lake, recipe: str, as_of: int) -> Backtest | None:
    """Backtest of a recipe as of a month that the reports speak of; None if there is none.

    Of those that would be made the same now, the one of most origins: the times of files, which a copy changes, decide
    nothing. When there is none, the last one made.
    """
    own = [made for made in kept_backtests(lake) if (made.recipe, made.as_of) == (recipe, as_of)]
    current = [made for made in own if not out_of_date(lake, made)]
    if current:
        return max(current, key=lambda made: (len(made.origins), made.backtest_id))
    return own[0] if own else None


def side_by_side(lake: Lake, recipes: Sequence[str], as_of: int | None = None) -> list[Backtest]:
    """Latest backtests of recipes on one panel and the same origins: those of the latest one of the first recipe.

    Parameters
    ----------
    recipes : sequence of str
        The first one is compared with the others; alone, it is with every recipe that has such a backtest.
    as_of : int, optional
        Month of the panel; by default that of the latest backtest of the first recipe.

    Raises
    ------
    StageError
        If the first recipe, or one asked for, has no such backtest, or there is nothing to compare with.
    """
    kept = kept_backtests(lake)
    own = [made for made in kept if made.recipe == recipes[0] and as_of in (None, made.as_of)]
    if not own:
        when = f" as of {format_month(as_of)}" if as_of is not None else ""
        raise StageError(
            f"No backtest of {recipes[0]}{when} in {lake.root}.", todo=f"Make it with `signaux backtest {recipes[0]}`."
        )
    month = max(made.as_of for made in own)
    first = next(made for made in own if made.as_of == month)
    same: dict[str, Backtest] = {}
    for made in kept:
        if made.as_of == first.as_of and origins_of(made) == origins_of(first):
            same.setdefault(made.recipe, made)
    wanted = recipes[1:] or sorted(set(same) - {first.recipe})
    if lacking := [name for name in wanted if name not in same] or ([] if wanted else ["another recipe"]):
        origins = ",".join(origins_of(first))
        raise StageError(
            f"No backtest of {', '.join(lacking)} on the origins of {first.backtest_id} ({origins}).",
            todo=f"Make it with `signaux backtest RECIPE --as-of {format_month(first.as_of)} --origins {origins}`.",
        )
    return [first, *(same[name] for name in wanted)]


def made_otherwise(made: Backtest, inputs: Mapping[str, object]) -> tuple[str, ...]:
    """What a backtest does not share with the inputs of a model: its figures are then not quite those of the model.

    Parameters
    ----------
    inputs : mapping
        Of the card of the model.
    """
    return differing(made.inputs, inputs)


def out_of_date(lake: Lake, made: Backtest) -> tuple[str, ...]:
    """What changed in the lake or the code since a backtest was made: it would be made otherwise now."""
    if made.recipe not in RECIPES:
        return ("recipe",)
    try:
        return made_otherwise(made, inputs_of(lake, RECIPES[made.recipe], made.as_of))
    except StageError:  # its panel is no longer there
        return ("panel",)
