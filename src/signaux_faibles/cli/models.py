"""`signaux train` and `signaux evaluate`: learn, and say how good it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import (
    DEFAULT_LAKE,
    AsOfOption,
    DepartementOption,
    ForceOption,
    LakeOption,
    RegionOption,
    month_option,
    open_part,
)
from signaux_faibles.cli.panel import last_imported, say_inherited
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.periode import format_month
from signaux_faibles.model.recipes import JUDGED, RECIPES, find_recipe

if TYPE_CHECKING:
    from signaux_faibles.evaluation.evaluate import Evaluation
    from signaux_faibles.evaluation.metrics import Figures, Interval

TRAIN_HELP = f"""Train a recipe on the panel of a month, and keep the model.

Recipes: {"; ".join(f"`{r.name}`, {r.title[0].lower()}{r.title[1:]}" for r in RECIPES.values())}.
Example: `signaux train boosting --as-of 2026-10`.
"""
EVALUATE_HELP = """Judge the recipes out of time, on companies never seen, with and without known proceedings.

What is missing is built and trained first. `--oracle` sets beside them the best that anyone could do, which only a
simulation knows. Example: `signaux evaluate --oracle --truth fake/truth`.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train", help=TRAIN_HELP)(train)
    app.command("evaluate", help=EVALUATE_HELP)(evaluate)


def train(
    recipe: Annotated[str, typer.Argument(help=f"One of {', '.join(RECIPES)}.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Train a recipe."""
    from signaux_faibles.pipeline.run import make_model

    wanted, opened = find_recipe(recipe), open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        model = make_model(opened, wanted, month, force=force, reporter=drawn)
    typer.echo(
        f"Model {model.model_id}: eleve from {model.thresholds.eleve:.4f}, modere from {model.thresholds.modere:.4f}."
    )


def evaluate(
    recipe: Annotated[list[str] | None, typer.Argument(help=f"Recipes. Default: {' and '.join(JUDGED)}.")] = None,
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    oracle: Annotated[bool, typer.Option("--oracle", help="Add the oracle of a simulation.")] = False,
    truth: Annotated[
        Path | None, typer.Option(help="Folder `truth/` of the simulation. Default: beside the lake.")
    ] = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Judge recipes."""
    from signaux_faibles.pipeline.run import make_evaluation, make_model, make_panel
    from signaux_faibles.pipeline.truth import check_truth

    opened, wanted = open_part(lake, region, departement), [find_recipe(name) for name in recipe or JUDGED]
    month = month_option(as_of, last_imported(opened))
    folder = (truth or lake.parent / "truth") if oracle else None
    if folder:
        check_truth(opened, folder)
    with bars() as drawn:
        panel = make_panel(opened, month, reporter=drawn)
        judged = []
        for one in wanted:
            model = make_model(opened, one, month, force=force, reporter=drawn)
            drawn.stage(f"Judging {one.name}")
            judged.append(make_evaluation(opened, model, truth=folder))
    say_inherited(panel)
    console = results()
    console.print(f"As of {format_month(month)}. Folds:", highlight=False)
    for name, text in judged[0].folds.items():
        console.print(f"  {name}: {text}", highlight=False)
    for title, protocol in PROTOCOLS.items():
        console.print(_comparison(title, judged, protocol))
    for result in judged:
        for title, protocol in PROTOCOLS.items():
            console.print(_calibration(title, result.recipe, getattr(result, protocol)))


PROTOCOLS = {
    "Without companies in proceedings (what nobody knew yet)": "without_known",
    "With companies in proceedings (protocol of the State's published figures)": "with_known",
}


def _comparison(title: str, results: list[Evaluation], protocol: str) -> Table:
    table = Table("figure", *(result.recipe for result in results), title=title, title_justify="left")
    figures: list[Figures] = [getattr(result, protocol) for result in results]
    for label, read in ROWS:
        table.add_row(label, *(read(one) for one in figures))
    if protocol == "without_known" and results[0].oracle_average_precision and results[0].oracle_auc:
        table.add_row("oracle: average precision", *(_interval(r.oracle_average_precision) for r in results))
        table.add_row("oracle: AUC", *(_interval(r.oracle_auc) for r in results))
    return table


def _calibration(title: str, recipe: str, figures: Figures) -> Table:
    title = f"Calibration of {recipe}, by tenths. {title}"
    table = Table("announced", "observed", "rows", title=title, title_justify="left")
    for part in figures.calibration:
        table.add_row(f"{part.announced:.4f}", f"{part.observed:.4f}", f"{part.rows_count:,}")
    return table


def _interval(interval: Interval | None) -> str:
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else ""


ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("rows", lambda f: f"{f.rows_count:,}"),
    ("companies", lambda f: f"{f.companies_count:,}"),
    ("base rate", lambda f: f"{f.base_rate:.4f}"),
    ("AUC", lambda f: _interval(f.auc)),
    ("average precision", lambda f: _interval(f.average_precision)),
    ("Brier score", lambda f: f"{f.brier:.5f}"),
    ("eleve: threshold", lambda f: f"{f.eleve.threshold:.4f}"),
    ("eleve: flagged", lambda f: f"{f.eleve.flagged_share:.4f}"),
    ("eleve: precision", lambda f: f"{f.eleve.precision:.3f}"),
    ("eleve: recall", lambda f: f"{f.eleve.recall:.3f}"),
    ("eleve: F0.5", lambda f: f"{f.eleve.f_beta:.3f}"),
    ("eleve: jobs found (share)", lambda f: f"{f.eleve.jobs_found_count:,.0f} ({f.eleve.jobs_recall:.3f})"),
    ("modere: threshold", lambda f: f"{f.modere.threshold:.4f}"),
    ("modere: flagged", lambda f: f"{f.modere.flagged_share:.4f}"),
    ("modere: precision", lambda f: f"{f.modere.precision:.3f}"),
    ("modere: recall", lambda f: f"{f.modere.recall:.3f}"),
    ("modere: F2", lambda f: f"{f.modere.f_beta:.3f}"),
    ("modere: jobs found (share)", lambda f: f"{f.modere.jobs_found_count:,.0f} ({f.modere.jobs_recall:.3f})"),
)
