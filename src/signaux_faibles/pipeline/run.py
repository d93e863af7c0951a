"""From a folder of raw batches to releases: every stage called once, in order. Read this file first.

    raw files --import--> staged --panel--> states, features, events --train, on labels made as it reads--> model
      --backtest--> figures --list--> levels and reasons --release--> what the service serves

Each stage reads what the one before wrote in the lake, and is skipped when it was already done from the same inputs.
What learns and judges (scikit-learn, XGBoost) is imported by the stage that needs it: a panel is made without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import EngineChoice
from signaux_faibles.features.build import build_features
from signaux_faibles.ingest.layout import check_layout
from signaux_faibles.lake import Lake
from signaux_faibles.model.recipes import BOOSTING, Recipe
from signaux_faibles.panel.build import PanelSummary
from signaux_faibles.perimeter import PerimeterRules, RuleBook
from signaux_faibles.pipeline.journaled import journaled
from signaux_faibles.pipeline.perimeter import PerimeterReport, report_perimeter
from signaux_faibles.pipeline.reporter import Reporter, Silent, advance, panel_progress
from signaux_faibles.release.manifest import Manifest

if TYPE_CHECKING:
    from signaux_faibles.evaluation.backtest import Backtest
    from signaux_faibles.evaluation.evaluate import Evaluation
    from signaux_faibles.lists.places import Capacity
    from signaux_faibles.lists.rules import Rule
    from signaux_faibles.lists.store import ListCard
    from signaux_faibles.model.score import ScoreSummary
    from signaux_faibles.model.train import Model


def make_panel(
    lake: Lake,
    as_of: int,
    *,
    set_name: str | None = None,
    rules: PerimeterRules | None = None,
    is_whole: bool | None = None,
    force: bool = False,
    choice: EngineChoice | None = None,
    reporter: Reporter | None = None,
) -> PanelSummary:
    """Panel, features and events of a month, chosen as the panel before it where nothing is asked."""
    say = reporter or Silent()
    with journaled(lake, "panel", format_month(as_of)):
        check_layout(lake, as_of)
        say.stage(f"Panel and features as of {format_month(as_of)}")
        return build_features(
            lake,
            as_of,
            set_name=set_name,
            rules=rules,
            is_whole=is_whole,
            force=force,
            choice=choice,
            progress=panel_progress(say),
        )


def make_perimeter(
    lake: Lake, as_of: int, book: RuleBook, *, against: int | None = None, reporter: Reporter | None = None
) -> PerimeterReport:
    """Report of the perimeter of a month, and of what changed since an earlier one."""
    say = reporter or Silent()
    with journaled(lake, "perimeter", format_month(as_of)):
        check_layout(lake, as_of)
        say.stage(f"Perimeter as of {format_month(as_of)}")
        return report_perimeter(lake, as_of, book, against=against, progress=advance(say, "companies"))


def make_model(
    lake: Lake,
    recipe: Recipe,
    as_of: int,
    *,
    choice: EngineChoice | None = None,
    force: bool = False,
    reporter: Reporter | None = None,
) -> Model:
    """Train a recipe, by an engine."""
    from signaux_faibles.model.train import train

    say, title = reporter or Silent(), f"Model {recipe.name} as of {format_month(as_of)}"
    with journaled(lake, "train", f"{recipe.name} {format_month(as_of)}"):
        return train(
            lake, recipe, as_of, choice=choice, force=force, progress=lambda part: say.stage(f"{title}, {part}")
        )


def make_backtest(
    lake: Lake,
    recipe: Recipe,
    as_of: int,
    origins: Sequence[int],
    *,
    force: bool = False,
    reporter: Reporter | None = None,
) -> tuple[Backtest, Evaluation]:
    """A recipe learnt again at each origin, judged on the year after."""
    from signaux_faibles.evaluation.backtest import backtest
    from signaux_faibles.evaluation.evaluate import evaluate

    say, title = reporter or Silent(), f"Backtest of {recipe.name}"
    with journaled(lake, "backtest", f"{recipe.name} {format_month(as_of)}"):
        made = backtest(lake, recipe, as_of, origins, force=force, progress=lambda part: say.stage(f"{title}, {part}"))
        return made, evaluate(lake, made, force=force)


def make_scores(
    lake: Lake, model: Model, month: int, *, choice: EngineChoice | None = None, force: bool = False
) -> ScoreSummary:
    """Scores of a month, by an engine."""
    from signaux_faibles.model.score import score_month

    with journaled(lake, "score", f"{model.model_id} {format_month(month)}"):
        return score_month(lake, model, month, choice=choice, force=force)


def make_list(
    lake: Lake,
    model: Model,
    month: int,
    *,
    rules: Sequence[Rule] = (),
    capacity: Capacity | None = None,
    choice: EngineChoice | None = None,
    force: bool = False,
) -> ListCard:
    """Detection list of a month, by an engine, with the expert rules asked for, and what became of similar cases.

    Its levels are those of the thresholds of the model, or of the places of each departement when a capacity is given.
    """
    from signaux_faibles.evaluation.similar import similar_of
    from signaux_faibles.lists.build import build_list

    with journaled(lake, "list", format_month(month)):
        similar = similar_of(lake, model)
        return build_list(
            lake, model, month, rules=rules, similar=similar, capacity=capacity, choice=choice, force=force
        )


def make_release(lake: Lake, month: int, *, force: bool = False) -> Manifest:
    """Release of a month's list; the journal names it, so that the last one made of a month is known."""
    from signaux_faibles.pipeline.publish.build import build_release

    with journaled(lake, "release", format_month(month)) as details:
        manifest = build_release(lake, month, force=force)
        details["release_id"] = manifest.release_id
    return manifest


def run(
    lake: Lake,
    months: Sequence[int],
    *,
    recipe: Recipe = BOOSTING,
    force: bool = False,
    reporter: Reporter | None = None,
) -> list[Manifest]:
    """Everything after the imports: one model, one list and one release a month.

    The model is trained as of the first month and kept for the others: what changes between two lists is then the
    companies, not the model.

    Parameters
    ----------
    months : sequence of int
        Months of the lists, in order.
    """
    from signaux_faibles.evaluation.backtest import last_origin

    say = reporter or Silent()
    for month in months:
        make_panel(lake, month, force=force, reporter=say)
    model = make_model(lake, recipe, months[0], force=force, reporter=say)
    make_backtest(lake, recipe, months[0], [last_origin(months[0])], force=force, reporter=say)
    manifests = []
    for month in months:
        say.stage(f"List and release of {format_month(month)}")
        make_list(lake, model, month, force=force)
        manifests.append(make_release(lake, month, force=force))
    return manifests
