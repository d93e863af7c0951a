"""`signaux model` and `signaux fiche-algorithme`: which model serves, against which others, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.lake import Lake
from signaux_faibles.lake.writing import write_text

if TYPE_CHECKING:
    from signaux_faibles.evaluation.evaluate import Comparison
    from signaux_faibles.model.train import Model

MODEL_HELP = "Choose the model that serves: candidates, champion, retired."
LIST_HELP = """List the models of the lake: what each is, when it was made, how good its recipe is.

Example: `signaux model list`.
"""
PROMOTE_HELP = """Make a model the champion: `score` and `list` use it unless --model or --recipe says otherwise.

Its recipe must have been judged on the same panel. Example:
`signaux model promote boosting-2026-07-0123456789 --reason "better than the forest, same protocol"`.
"""
ROLLBACK_HELP = """Come back to the champion before the last one promoted.

Example: `signaux model rollback --reason "drift of the scores in October"`.
"""
COMPARE_HELP = """Set a recipe beside the others on the same backtest: both protocols, gains with paired intervals.

Backtests are read, never made. Without recipe: that of the champion, or boosting, against every other one judged on the
same origins. Example: `signaux model compare boosting foret --markdown`.
"""
DIFF_HELP = """Say what differs between the cards of two models: recipe, features, panel, code, counts, thresholds.

Example: `signaux model diff boosting-2026-04-0123456789 boosting-2026-07-0123456789`.
"""
REPORT_HELP = """Write the report of a model in a folder: a page in French with drawings, tables, JSON, and the sheet.

Releases hold the same files. Example: `signaux model report rapport`.
"""
SHEET_HELP = """Write the sheet of the algorithm, in French, from the registry and the card of the model.

Releases hold it too. Example: `signaux fiche-algorithme --output fiche.md`.
"""

DEFAULT_RECIPE = "boosting"

ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="Name of a model: see `signaux model list`.")]
ModelOption = Annotated[str, typer.Option("--model", help="Model. Default: the champion, or the latest boosting.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence that the registry keeps.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    model = typer.Typer(help=MODEL_HELP, no_args_is_help=True)
    model.command("list", help=LIST_HELP)(list_models)
    model.command("promote", help=PROMOTE_HELP)(promote)
    model.command("rollback", help=ROLLBACK_HELP)(rollback)
    model.command("compare", help=COMPARE_HELP)(compare)
    model.command("diff", help=DIFF_HELP)(diff)
    model.command("report", help=REPORT_HELP)(report)
    app.add_typer(model, name="model")
    app.command("fiche-algorithme", help=SHEET_HELP)(fiche_algorithme)


def list_models(
    lake: LakeOption = DEFAULT_LAKE, region: RegionOption = "", departement: DepartementOption = ""
) -> None:
    """List models."""
    from signaux_faibles.evaluation.kept import figures_of, judged, made_otherwise
    from signaux_faibles.model.registry import model_ids, read_card, read_registry

    opened = open_part(lake, region, departement)
    registry, found = read_registry(opened), model_ids(opened)
    table = Table("model", "status", "as of", "rows learnt from", "average precision", "with known proceedings")
    is_marked = False
    for model_id in found:
        card = read_card(opened, model_id)
        inputs = card["inputs"]
        made = judged(opened, inputs["recipe"]["name"], parse_month(inputs["as_of"]))
        figures = figures_of(opened, made) if made else None
        mark = "*" if made and made_otherwise(made, inputs) else ""
        is_marked |= bool(mark)
        table.add_row(
            model_id,
            registry.status(model_id).value,
            inputs["as_of"],
            f"{card['training']['rows_count']:,}",
            *(_precision(figures, protocol) + mark for protocol in ("without_known", "with_known")),
        )
    console = results()
    console.print(table if found else "No model yet.")
    if is_marked:
        console.print("* by a backtest made from other inputs than the model: recipe, panel, catalogue or code.")
    for decision in registry.decisions:
        replaced = f" in place of {decision.replaces}" if decision.replaces else ""
        console.print(f"{decision.action.value}: {decision.model_id}{replaced} ({decision.reason})", highlight=False)


def promote(
    model: ModelArgument,
    reason: ReasonOption,
    unjudged: Annotated[
        bool, typer.Option("--unjudged", help="Accept a recipe that has no backtest, or one made otherwise.")
    ] = False,
    lake: LakeOption = DEFAULT_LAKE,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Promote a model."""
    from signaux_faibles.pipeline.registry import promote_model

    opened = open_part(lake, region, departement)
    decision = promote_model(opened, model, _sentence(reason), is_unjudged=unjudged).decisions[-1]
    replaced = f", in place of {decision.replaces}" if decision.replaces else ""
    typer.echo(f"Champion: {decision.model_id}{replaced}.")


def rollback(
    reason: ReasonOption,
    lake: LakeOption = DEFAULT_LAKE,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Come back to the champion before."""
    from signaux_faibles.pipeline.registry import rollback_model

    decision = rollback_model(open_part(lake, region, departement), _sentence(reason)).decisions[-1]
    typer.echo(f"Champion: {decision.model_id}, again; {decision.replaces} is retired.")


def compare(
    recipe: Annotated[list[str] | None, typer.Argument(help="Recipes; the first is set against the others.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Set recipes side by side."""
    from signaux_faibles.evaluation.evaluate import compare as gains_of
    from signaux_faibles.evaluation.kept import figures_of, origins_of, out_of_date, side_by_side
    from signaux_faibles.model.recipes import find_recipe
    from signaux_faibles.model.registry import read_card, serving_registry

    opened = open_part(lake, region, departement)
    best = serving_registry(opened).champion
    default = read_card(opened, best)["inputs"]["recipe"]["name"] if best else DEFAULT_RECIPE
    names = [find_recipe(name).name for name in recipe or [default]]
    made = side_by_side(opened, names, parse_month(as_of) if as_of else None)
    figures, gains = [figures_of(opened, one) for one in made], gains_of(opened, made)
    typer.echo(
        f"As of {format_month(made[0].as_of)}, origins {', '.join(origins_of(made[0]))}; intervals at 90 %, by company;"
        f" gains of {made[0].recipe} on the same rows and draws, without known proceedings.\n"
    )
    rows = [(one["recipe"], *_figures(one), *_gains(gain)) for one, gain in zip(figures, [None, *gains], strict=True)]
    _print(COLUMNS, rows, is_markdown=markdown)
    for one in made:
        if changed := out_of_date(opened, one):
            typer.echo(f"Warning: {one.backtest_id} was made from another {' and another '.join(changed)}.", err=True)


def diff(
    one: ModelArgument,
    two: ModelArgument,
    lake: LakeOption = DEFAULT_LAKE,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Compare two cards."""
    from signaux_faibles.model.registry import differences, read_card

    opened = open_part(lake, region, departement)
    found = differences(read_card(opened, one), read_card(opened, two))
    if not found:
        typer.echo("The two cards say the same.")
        return
    table = Table("what", one, two)
    for place, first, second in found:
        table.add_row(place, first or "-", second or "-")
    results().print(table)


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write in: new or empty.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    model_id: ModelOption = "",
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Write the report of a model."""
    from signaux_faibles.pipeline.publish.documents import documents

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(f"{folder} is not an empty folder.", todo="Give a new or empty one.")
    opened = open_part(lake, region, departement)
    found = documents(opened, _model(opened, as_of, model_id))
    for name, text in found.items():
        write_text(folder / name, text)
    judged = "" if "rapport.md" in found else " The recipe was not judged: `signaux backtest` makes its report."
    typer.echo(f"{len(found)} file(s) in {folder}.{judged}")


def fiche_algorithme(
    output: Annotated[Path | None, typer.Option(help="File to write. Default: the standard output.")] = None,
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    model_id: ModelOption = "",
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Write the sheet of the algorithm."""
    from signaux_faibles.pipeline.publish.documents import sheet

    opened = open_part(lake, region, departement)
    text = sheet(opened, _model(opened, as_of, model_id))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
        typer.echo(f"Sheet in {output}.")


def _model(lake: Lake, as_of: str | None, model_id: str) -> Model:
    """Model named, or the one that serves the month."""
    from signaux_faibles.model.recipes import find_recipe
    from signaux_faibles.model.registry import champion
    from signaux_faibles.model.train import latest_model, read_model

    if model_id:
        return read_model(lake, model_id)
    month = month_option(as_of, last_imported(lake))
    return champion(lake, month) or latest_model(lake, find_recipe(DEFAULT_RECIPE), month)


def _sentence(reason: str) -> str:
    """Reason on one line.

    Raises
    ------
    InputError
        If it says nothing.
    """
    if not (text := " ".join(reason.split())):
        raise InputError("--reason is empty.", todo="Say in a sentence why this model serves: the registry keeps it.")
    return text


COLUMNS = (
    "recipe",
    "average precision",
    "AUC",
    "with known: average precision",
    "with known: AUC",
    "observed / expected",
    "gain of the first, average precision",
    "gain of the first, AUC",
)


def _figures(one: dict[str, Any]) -> list[str]:
    free, known = one["without_known"], one["with_known"]
    shown = [_interval(protocol[name]) for protocol in (free, known) for name in ("average_precision", "auc")]
    return [*shown, f"{free['observed_over_expected']:.2f}"]


def _gains(gain: Comparison | None) -> list[str]:
    if gain is None:
        return ["", ""]
    return [_interval(vars(one), "+") for one in (gain.average_precision_gain, gain.auc_gain)]


def _precision(figures: dict[str, Any] | None, protocol: str) -> str:
    return _interval(figures[protocol]["average_precision"]) if figures else "not judged"


def _interval(found: dict[str, float], sign: str = "") -> str:
    return f"{found['value']:{sign}.3f} [{found['low']:{sign}.3f}, {found['high']:{sign}.3f}]"


def _print(columns: tuple[str, ...], rows: list[tuple[str, ...]], *, is_markdown: bool) -> None:
    if is_markdown:
        for line in (columns, ("---",) * len(columns), *rows):
            typer.echo(f"| {' | '.join(line)} |")
        return
    table = Table("figure", *(row[0] for row in rows))
    for rank, name in enumerate(columns[1:], start=1):
        table.add_row(name, *(row[rank] for row in rows))
    results().print(table)
