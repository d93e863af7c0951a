"""`signaux train`, `signaux evaluate` and `signaux backtest`: learn, and say how good it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import (
    DEFAULT_LAKE,
    AsOfOption,
    DepartementOption,
    EngineConfigOption,
    EngineOption,
    ForceOption,
    LakeOption,
    RegionOption,
    engine_choice,
    month_option,
    open_part,
)
from signaux_faibles.cli.panel import last_imported, say_inherited
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import EngineKind
from signaux_faibles.model.recipes import JUDGED, RECIPES, find_recipe

if TYPE_CHECKING:
    from signaux_faibles.evaluation.bootstrap import Interval
    from signaux_faibles.evaluation.evaluate import Evaluation, Oracle
    from signaux_faibles.evaluation.metrics import Figures
    from signaux_faibles.lake import Lake

TRAIN_HELP = f"""Train a recipe on the panel of a month, and keep the model.

Recipes: {"; ".join(f"`{r.name}`, {r.title[0].lower()}{r.title[1:]}" for r in RECIPES.values())}.
`--engine spark` reads the rows by Spark and grows the trees on its workers: the model is another one, that ranks alike.
Examples: `signaux train boosting --as-of 2026-10`, `signaux train boosting --engine spark --engine-config spark.yaml`.
"""
EVALUATE_HELP = """Judge recipes on the last year whose outcome is known, with and without known proceedings.

Each is learnt as it could have been when that year began, and judged on companies that it never saw. `--oracle` sets
beside it the best that anyone could do, which only a simulation knows. Example:
`signaux evaluate --oracle --truth fake/truth`.
"""
BACKTEST_HELP = """Judge recipes at several origins: learnt again at each on what was known, judged on the year after.

By default the Januaries since 2019. With several recipes, the first is set against each other one on the same rows.
Examples: `signaux backtest boosting foret`, `signaux backtest boosting --origins 2019-01,2020-07`.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train", help=TRAIN_HELP)(train)
    app.command("evaluate", help=EVALUATE_HELP)(evaluate)
    app.command("backtest", help=BACKTEST_HELP)(backtest)


def train(
    recipe: Annotated[str, typer.Argument(help=f"One of {', '.join(RECIPES)}.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    engine: EngineOption = EngineKind.DUCKDB,
    engine_config: EngineConfigOption = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Train a recipe."""
    from signaux_faibles.pipeline.run import make_model

    wanted, choice = find_recipe(recipe), engine_choice(engine, engine_config)
    opened = open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        model = make_model(opened, wanted, month, choice=choice, force=force, reporter=drawn)
    typer.echo(
        f"Model {model.model_id}: eleve from {model.thresholds.eleve:.4f}, modere from {model.thresholds.modere:.4f}."
    )


RecipesArgument = Annotated[list[str] | None, typer.Argument(help=f"Recipes. Default: {' and '.join(JUDGED)}.")]
OracleOption = Annotated[bool, typer.Option("--oracle", help="Add the oracle of a simulation.")]
TruthOption = Annotated[Path | None, typer.Option(help="Folder `truth/` of the simulation. Default: beside the lake.")]
OriginsOption = Annotated[str, typer.Option(help="Months of the origins, YYYY-MM, separated by commas.")]


def evaluate(
    recipe: RecipesArgument = None,
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    oracle: OracleOption = False,
    truth: TruthOption = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Judge recipes on the last year that can be."""
    from signaux_faibles.evaluation.backtest import last_origin

    opened = open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    _judge(opened, recipe or JUDGED, month, [last_origin(month)], _truth(lake, oracle, truth), force)


def backtest(
    recipe: RecipesArgument = None,
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    origins: OriginsOption = "",
    oracle: OracleOption = False,
    truth: TruthOption = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Judge recipes at several origins."""
    from signaux_faibles.evaluation.backtest import default_origins

    opened = open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    months = [parse_month(text.strip()) for text in origins.split(",")] if origins else default_origins(month)
    _judge(opened, recipe or JUDGED, month, months, _truth(lake, oracle, truth), force)


def _truth(lake: Path, oracle: bool, truth: Path | None) -> Path | None:
    return (truth or lake.parent / "truth") if oracle else None


def _judge(
    lake: Lake, recipes: Sequence[str], month: int, origins: Sequence[int], truth: Path | None, force: bool
) -> None:
    """Make the backtests of recipes, and print their figures side by side."""
    from signaux_faibles.evaluation.evaluate import compare, judge_oracle
    from signaux_faibles.pipeline.run import make_backtest, make_panel
    from signaux_faibles.pipeline.truth import check_truth

    wanted = [find_recipe(name) for name in recipes]
    if truth:
        check_truth(lake, truth)
    with bars() as drawn:
        panel = make_panel(lake, month, reporter=drawn)
        made = [make_backtest(lake, one, month, origins, force=force, reporter=drawn) for one in wanted]
        drawn.stage("Comparing")
        gains = compare(lake, [one for one, _ in made])
        best = judge_oracle(lake, made[0][0], truth) if truth else None
    say_inherited(panel)
    console = results()
    console.print(f"As of {format_month(month)}.", highlight=False)
    for origin in made[0][0].origins:
        console.print(f"  learnt from {origin['train']}, judged on {origin['judged']}", highlight=False)
    for title, protocol in PROTOCOLS.items():
        console.print(_comparison(title, [result for _, result in made], protocol, best))
    for gain in gains:
        console.print(
            f"{gain.recipe} over {gain.against}, same rows, without known proceedings: average precision"
            f" {_interval(gain.average_precision_gain, sign='+')}, AUC {_interval(gain.auc_gain, sign='+')}.",
            highlight=False,
        )
    for _, result in made:
        console.print(_calibration(result.recipe, result.without_known))


PROTOCOLS = {
    "Without companies in proceedings (what nobody knew yet)": "without_known",
    "With companies in proceedings (protocol of the State's published figures)": "with_known",
}


def _comparison(title: str, results: list[Evaluation], protocol: str, best: Oracle | None) -> Table:
    table = Table("figure", *(result.recipe for result in results), title=title, title_justify="left")
    figures: list[Figures] = [getattr(result, protocol) for result in results]
    for label, read in ROWS:
        table.add_row(label, *(read(one) for one in figures))
    for origin in figures[0].average_precision_by_origin:
        label = f"average precision, {format_month(origin)}"
        table.add_row(label, *(f"{one.average_precision_by_origin[origin]:.3f}" for one in figures))
    if protocol == "without_known" and best:
        table.add_row("oracle: average precision", _interval(best.average_precision))
        table.add_row("oracle: AUC", _interval(best.auc))
    return table


def _calibration(recipe: str, figures: Figures) -> Table:
    title = f"Calibration of {recipe}, by tenths, without companies in proceedings"
    table = Table("announced", "observed", "rows", title=title, title_justify="left")
    for part in figures.calibration:
        table.add_row(f"{part.announced:.4f}", f"{part.observed:.4f}", f"{part.rows_count:,}")
    return table


def _interval(interval: Interval, sign: str = "") -> str:
    return f"{interval.value:{sign}.3f} [{interval.low:{sign}.3f}, {interval.high:{sign}.3f}]"


ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("rows", lambda f: f"{f.rows_count:,}"),
    ("companies", lambda f: f"{f.companies_count:,}"),
    ("base rate", lambda f: f"{f.base_rate:.4f}"),
    ("AUC", lambda f: _interval(f.auc)),
    ("average precision", lambda f: _interval(f.average_precision)),
    ("Brier score", lambda f: f"{f.brier:.5f}"),
    ("observed over expected", lambda f: f"{f.observed_over_expected:.2f}"),
    ("eleve: flagged", lambda f: f"{f.eleve.flagged_share:.4f}"),
    ("eleve: precision", lambda f: f"{f.eleve.precision:.3f}"),
    ("eleve: recall", lambda f: f"{f.eleve.recall:.3f}"),
    ("eleve: F0.5", lambda f: f"{f.eleve.f_beta:.3f}"),
    ("eleve: observed over expected", lambda f: f"{f.eleve.observed_over_expected:.2f}"),
    ("eleve: jobs found (share)", lambda f: f"{f.eleve.jobs_found_count:,.0f} ({f.eleve.jobs_recall:.3f})"),
    ("modere: flagged", lambda f: f"{f.modere.flagged_share:.4f}"),
    ("modere: precision", lambda f: f"{f.modere.precision:.3f}"),
    ("modere: recall", lambda f: f"{f.modere.recall:.3f}"),
    ("modere: F2", lambda f: f"{f.modere.f_beta:.3f}"),
    ("modere: observed over expected", lambda f: f"{f.modere.observed_over_expected:.2f}"),
    ("modere: jobs found (share)", lambda f: f"{f.modere.jobs_found_count:,.0f} ({f.modere.jobs_recall:.3f})"),
)
