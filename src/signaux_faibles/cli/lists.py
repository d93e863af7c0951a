"""`signaux score`, `signaux list` and `signaux release`: what agents will see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from signaux_faibles.cli.list_words import compared, counted, not_companies, place_words
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
from signaux_faibles.cli.panel import last_imported, say_inherited, warn_missing
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.errors import InputError
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import EngineKind
from signaux_faibles.lake import Lake

if TYPE_CHECKING:
    from signaux_faibles.lists.places import Capacity
    from signaux_faibles.model.train import Model

SCORE_HELP = """Score the companies of a month: probability, values, contributions of alerts, in `scores` of the lake.

`signaux list` does it when it is not done. Example: `signaux score --as-of 2026-10 --engine spark`.
"""

LIST_HELP = """Make the detection list of a month: levels, changes since the list before, reasons.

Levels are those of the thresholds of the model. With `--capacity`, they are as many as the agents of a departement can
meet in a quarter: `--capacity 10,40` puts the 10 riskiest of each departement at `eleve` and the 30 after them at
`modere`. A later list of the quarter gives its places first to the companies already alerted in it; one whose
proceeding is known takes none. `--against` compares the list with an earlier one instead, once both are made.
Examples: `signaux list --as-of 2026-10`, `signaux list --as-of 2026-10 --capacity 10,40`,
`signaux list --as-of 2026-10 --against 2026-07`.
"""
RELEASE_HELP = """Make the release of a month's list: the folder that the service loads, with the hash of every file.

Example: `signaux release --as-of 2026-10`.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("score", help=SCORE_HELP)(score)
    app.command("list", help=LIST_HELP)(list_)
    app.command("release", help=RELEASE_HELP)(release)


RECIPE = "boosting"
RecipeOption = Annotated[
    str, typer.Option(help=f"Recipe whose latest model scores. Default: the champion, or {RECIPE} when there is none.")
]
ModelOption = Annotated[str, typer.Option("--model", help="Model that scores, rather than the champion.")]
ExpertRuleOption = Annotated[
    list[str] | None,
    typer.Option(help="Expert rule applied after the model, or `all` in force: repeat, or use commas. Default: none."),
]
CapacityOption = Annotated[
    str,
    typer.Option(
        metavar="K[,ALL]",
        help="Companies of each departement to meet in a quarter: the K first by score are `eleve`, the next ones up to"
        " ALL `modere` (none without ALL). Default: the thresholds of the model.",
    ),
]
AgainstOption = Annotated[
    str | None, typer.Option(help="Compare the list made with that of an earlier month, YYYY-MM; makes nothing.")
]


def score(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    recipe: RecipeOption = "",
    model_id: ModelOption = "",
    engine: EngineOption = EngineKind.DUCKDB,
    engine_config: EngineConfigOption = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Score a month."""
    from signaux_faibles.pipeline.run import make_panel, make_scores

    opened, choice = open_part(lake, region, departement), engine_choice(engine, engine_config)
    month = month_option(as_of, last_imported(opened))
    model = _model(opened, month, recipe, model_id)
    with bars() as drawn:
        panel = make_panel(opened, month, choice=choice, reporter=drawn)
        drawn.stage("Scores")
        summary = make_scores(opened, model, month, choice=choice, force=force)
    typer.echo(
        f"Scores of {format_month(month)} by {model.model_id}: {summary.rows_count:,} companies in {summary.folder}"
        f"{'' if summary.is_new else ' (already made)'}."
    )
    say_inherited(panel)


def list_(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    recipe: RecipeOption = "",
    model_id: ModelOption = "",
    expert_rule: ExpertRuleOption = None,
    capacity: CapacityOption = "",
    against: AgainstOption = None,
    engine: EngineOption = EngineKind.DUCKDB,
    engine_config: EngineConfigOption = None,
    force: ForceOption = False,
    region: RegionOption = "",
    departement: DepartementOption = "",
) -> None:
    """Make a list, or compare it with an earlier one."""
    from signaux_faibles.lists.compare import compare_lists
    from signaux_faibles.lists.rules import choose_rules
    from signaux_faibles.pipeline.run import make_list, make_panel

    opened, choice = open_part(lake, region, departement), engine_choice(engine, engine_config)
    month = month_option(as_of, last_imported(opened))
    rules = choose_rules(
        [name.strip() for text in expert_rule or () for name in text.split(",") if name.strip()], month
    )
    places = _capacity(capacity)
    if against is not None:
        if rules or places or model_id or force:
            raise typer.BadParameter(
                "--against makes no list: leave --expert-rule, --capacity, --model and --force out."
            )
        typer.echo(compared(compare_lists(opened, format_month(parse_month(against)), format_month(month))))
        return
    if rules and places:
        raise typer.BadParameter("--expert-rule moves levels whatever the places: give it or --capacity, not both.")
    model = _model(opened, month, recipe, model_id)
    with bars() as drawn:
        panel = make_panel(opened, month, choice=choice, reporter=drawn)
        drawn.stage("List")
        summary = make_list(opened, model, month, rules=rules, capacity=places, choice=choice, force=force)
    typer.echo(
        f"List {summary.list_id} by {model.model_id}, previous list {summary.previous_id or 'none'}:"
        f" {counted(summary.counts)}."
    )
    if summary.rules:
        typer.echo(f"Expert rules applied: {', '.join(summary.rules)}.")
    if summary.capacity:
        typer.echo(f"Levels by places: {place_words(summary.capacity)}.")
        if unplaced := summary.counts["unplaced"]:
            typer.echo(f"Warning: {unplaced:,} companies without known departement take no place.", err=True)
    if summary.previous_id:
        for warning in not_companies(compare_lists(opened, summary.previous_id, summary.list_id)):
            typer.echo(f"Warning: {warning}", err=True)
    if summary.unknown_flags:
        typer.echo(f"Warning: the panel cannot tell {', '.join(summary.unknown_flags)}.", err=True)
    say_inherited(panel)
    warn_missing(opened, month)


def release(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    region: RegionOption = "",
    departement: DepartementOption = "",
    force: ForceOption = False,
) -> None:
    """Make a release."""
    from signaux_faibles.pipeline.publish.documents import drift_warning
    from signaux_faibles.pipeline.run import make_release

    opened = open_part(lake, region, departement)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        drawn.stage("Release")
        manifest = make_release(opened, month, force=force)
    typer.echo(
        f"Release {manifest.release_id}: {len(manifest.files)} files in {opened.releases / manifest.release_id}."
    )
    if warning := drift_warning(opened.releases / manifest.release_id):
        typer.echo(f"Warning: {warning}", err=True)


def _capacity(text: str) -> Capacity | None:
    """Places asked for: `10` or `10,40`.

    Raises
    ------
    InputError
        If the text is anything else.
    """
    if not text:
        return None
    from signaux_faibles.lists.places import Capacity

    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) > 2 or not all(part.isascii() and part.isdigit() for part in numbers):
        raise InputError(
            f"Bad --capacity: found {text!r}, expected one or two numbers.",
            todo="Write `--capacity 10`, or `--capacity 10,40` for 10 at eleve and 40 in all.",
        )
    return Capacity(int(numbers[0]), int(numbers[-1]))


def _model(lake: Lake, month: int, recipe: str, model_id: str) -> Model:
    """Model that scores a month, checked before the panel that it would read is built.

    Without a model or a recipe asked for, it is the champion of the registry, or the latest of `RECIPE`.
    """
    from signaux_faibles.model.recipes import find_recipe
    from signaux_faibles.model.registry import champion
    from signaux_faibles.model.score import check_model_fits
    from signaux_faibles.model.train import latest_model, read_model

    if model_id:
        model = read_model(lake, model_id)
    else:
        serving = None if recipe else champion(lake, month)
        model = serving or latest_model(lake, find_recipe(recipe or RECIPE), month)
    check_model_fits(model, month)
    return model
