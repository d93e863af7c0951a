"""`signaux bench models`: our recipes beside the yardsticks on any labelled table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.bench.models.choices import Event, Protocol, Sharing
from signaux_faibles.cli.console import results
from signaux_faibles.cli.progress import bars

HELP = """Judge our recipes beside the yardsticks on any labelled table, on rows that nothing learnt from.

CSV, ARFF or Parquet, possibly compressed (.gz). Columns of numbers are read as they are, categories are coded, `?` and
blanks are missing. Parameters, calibration and thresholds are chosen on inner folds of the rows learnt from; intervals
of 95 % by bootstrap, of whole groups when there are any. Examples:

`signaux bench models --data 1year.arff --label class --protocol kfold`

`signaux bench models --data panel.csv --label status --positive failed --group company --time year --protocol walk
--event last --scale total_assets --since 2003 --from 2012`
"""

DataOption = Annotated[Path, typer.Option("--data", help="File of the table.")]
LabelOption = Annotated[str, typer.Option("--label", help="Column of what happened.")]
PositiveOption = Annotated[
    str | None, typer.Option("--positive", help="Its value for a failure. Default: 1, true, yes, failed, bankrupt.")
]
GroupOption = Annotated[str | None, typer.Option("--group", help="Column of the company that a row is of.")]
TimeOption = Annotated[str | None, typer.Option("--time", help="Column of its year, month or date.")]
ProtocolOption = Annotated[
    Protocol, typer.Option("--protocol", help="Folds at random, folds of whole groups, or each time after the others.")
]
EventOption = Annotated[
    Event,
    typer.Option(
        "--event",
        help="What the label means: this row fails; or its group does, at its last row (then who leaves before the "
        "last time is left out at its own last row, or kept as a survivor).",
    ),
]
ScaleOption = Annotated[
    str | None, typer.Option("--scale", help="Column of size: every other one is also divided by it.")
]
RecipesOption = Annotated[str, typer.Option("--recipes", help="Names separated by commas. Default: all.")]


def models(
    data: DataOption,
    label: LabelOption,
    positive: PositiveOption = None,
    group: GroupOption = None,
    time: TimeOption = None,
    protocol: ProtocolOption = Protocol.KFOLD,
    folds: Annotated[int, typer.Option(min=2, help="Folds of kfold and grouped.")] = 10,
    first_test: Annotated[float | None, typer.Option("--from", help="First time judged, of walk.")] = None,
    first_train: Annotated[float | None, typer.Option("--since", help="First time learnt from, of walk.")] = None,
    event: EventOption = Event.ROW,
    scale: ScaleOption = None,
    drop: Annotated[str, typer.Option(help="Columns that nothing may learn from, separated by commas.")] = "",
    recipes: RecipesOption = "",
    seed: Annotated[int, typer.Option(help="Seed of the folds.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Everything measured, as JSON.")] = False,
) -> None:
    """Judge recipes on a table."""
    # Learning libraries take a second to load: no other command should wait for them.
    from signaux_faibles.bench.models import report
    from signaux_faibles.bench.models.contenders import find_contenders
    from signaux_faibles.bench.models.dataset import Roles
    from signaux_faibles.bench.models.prepare import prepare
    from signaux_faibles.bench.models.run import judge

    contenders = find_contenders(_names(recipes))
    roles = Roles(label, positive, group, time, dropped=_names(drop), scale=scale)
    table = prepare(data, roles, event)
    sharing = Sharing(protocol, folds, seed, first_test, first_train)
    with bars() as drawn:

        def progress(name: str, done: int, total: int, rows: int) -> None:
            if done == 1:
                drawn.stage(f"Judging {name}")
            drawn.advance(done, total, "rounds", rows)

        judged = judge(table, contenders, sharing, progress=progress)
    if as_json:
        typer.echo(json.dumps(report.as_json(data, table, sharing, judged), indent=1, ensure_ascii=False))
        return
    typer.echo(f"{data.name}: {len(table):,} rows, {int(table.failure.sum()):,} positive, {len(table.names)} columns.")
    _print(report.RANKING_COLUMNS, report.ranking_rows(judged), f"{protocol.value}: rankings")
    _print(report.LEVEL_COLUMNS, report.level_rows(judged), "probabilities and levels")
    if len(judged) > 1:
        _print(report.GAIN_COLUMNS, report.gain_rows(judged), f"above {judged[0].contender.name}, same rows")


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _print(columns: tuple[str, ...], rows: list[tuple[str, ...]], title: str) -> None:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    results().print(table)
