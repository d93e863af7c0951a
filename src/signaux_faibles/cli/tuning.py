"""`signaux tune`: parameters of a recipe, chosen by trials within what a month knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.options import (
    DEFAULT_LAKE,
    AsOfOption,
    DepartementOption,
    LakeOption,
    RegionOption,
    month_option,
    open_part,
)
from signaux_faibles.cli.panel import last_imported
from signaux_faibles.cli.progress import bars
from signaux_faibles.model.recipes import find_recipe

if TYPE_CHECKING:
    from signaux_faibles.evaluation.tuning import Trial, Tuning

TUNE_HELP = """Try parameters of a recipe, and say which ranked best.

Each trial learns at the last three origins that --as-of can judge, from two thirds of the companies, and is judged on
the others over the year that followed. A backtest over those years flatters what was chosen on them: report later
years, or another population. The first trial has the parameters declared; Optuna chooses the others. A recipe stays as
it is declared: write the parameters in `model/recipes/` when the gain is worth it. Stopped, it goes on where it was.
Example: `signaux tune boosting --as-of 2024-06 --trials 30`.
"""
SHOWN = 5

TrialsOption = Annotated[int, typer.Option("--trials", min=1, help="Trials in all, the declared parameters included.")]
RowsOption = Annotated[int, typer.Option("--rows", min=1000, help="Most rows learnt from, and judged, at each origin.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tune", help=TUNE_HELP)(tune)


def tune(
    recipe: Annotated[str, typer.Argument(help="Recipe: see `signaux train --help`.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    trials: TrialsOption = 30,
    rows: RowsOption = 100_000,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Try parameters."""
    from signaux_faibles.pipeline.tuning import make_tuning

    wanted, opened = find_recipe(recipe), open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        made = make_tuning(opened, wanted, month, trials_count=trials, rows_count=rows, reporter=drawn)
    console = results()
    console.print(_table(made))
    gain = made.best.mean - made.declared.mean
    if gain <= 0:
        console.print("No trial ranked better than the parameters declared.", highlight=False)
        return
    kept = sum(made.best.average_precision[name] > value for name, value in made.declared.average_precision.items())
    console.print(
        f"Best trial: {gain:+.4f} over the parameters declared, better at {kept} of {len(made.best.average_precision)}"
        " origins.",
        highlight=False,
    )


def _table(made: Tuning) -> Table:
    """Parameters in rows; the declared ones and the best trials in columns."""
    best = sorted(made.trials[1:], key=lambda trial: -trial.mean)[:SHOWN]
    columns: list[tuple[str, Trial]] = [("declared", made.declared)]
    columns += [(f"best {rank}", trial) for rank, trial in enumerate(best, 1)]
    title = f"{made.recipe}, {len(made.trials)} trials"
    table = Table("figure", *(name for name, _ in columns), title=title, title_justify="left")
    table.add_row("mean average precision", *(f"{trial.mean:.4f}" for _, trial in columns))
    for origin in made.declared.average_precision:
        table.add_row(f"after {origin}", *(f"{trial.average_precision[origin]:.4f}" for _, trial in columns))
    for name in made.declared.parameters:
        table.add_row(name, *(f"{trial.parameters[name]:.4g}" for _, trial in columns))
    return table
