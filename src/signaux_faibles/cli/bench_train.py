"""`signaux bench train`: what learning, scoring and explaining cost at the size of a nation."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from signaux_faibles.cli.console import results
from signaux_faibles.cli.progress import bars
from signaux_faibles.domain.errors import InputError

HELP = """Time learning, scoring and explaining at the size of a nation, on rows made for it, beside the targets.

Trees are those of the recipe `boosting`. A round is grown on rows read batch after batch; companies are scored from
files of features to files of scores; a company explained has its contributions, points and sentences; the risk at every
horizon is set against that at 18 months learnt from the same rows. Each in a process of its own, whose peak memory is
that of its whole tree. Ten minutes on two cores, 8 GB; less with smaller numbers:

`signaux bench train --rows 500000 --companies 35000 --alerted 7000`
"""


def train(
    rows: Annotated[int, typer.Option(min=1000, help="Rows that trees are grown on.")] = 5_000_000,
    columns: Annotated[int, typer.Option(min=1, help="Columns of these rows.")] = 100,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds grown on them.")] = 20,
    companies: Annotated[int, typer.Option(min=1, help="Companies scored.")] = 350_000,
    alerted: Annotated[int, typer.Option(min=1, help="Companies explained, among those scored.")] = 70_000,
    learnt: Annotated[
        int | None, typer.Option(min=1000, help="Rows of the training at 18 months and at every horizon.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything measured, as JSON.")] = False,
) -> None:
    """Time training."""
    from signaux_faibles.bench.training.measured import Sizes, measure_training
    from signaux_faibles.model.recipes import BOOSTING

    if alerted > companies:
        raise InputError(
            f"Bad --alerted: found {alerted:,} companies explained, expected at most the {companies:,} scored.",
            todo="Raise --companies, or lower --alerted.",
        )
    with bars() as drawn:
        sizes = Sizes(rows, columns, rounds, companies, alerted, learnt or BOOSTING.rows_count)
        costs = measure_training(sizes, drawn.stage)
    if as_json:
        typer.echo(json.dumps([cost.as_json() for cost in costs], indent=1))
        return
    table = Table("what", "measured", "target", "unit", "wall s", "peak MiB")
    for cost in costs:
        figures = (f"{cost.value:.2f}", f"{cost.target:.0f}", cost.unit)
        table.add_row(cost.what, *figures, f"{cost.seconds:.0f}", f"{cost.peak_bytes / 2**20:,.0f}")
    results().print(table)
