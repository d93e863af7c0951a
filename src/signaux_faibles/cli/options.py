"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles.domain.periode import month_of, parse_month
from signaux_faibles.engine import EngineChoice, EngineKind, SparkConfiguration, read_configuration

LakeOption = Annotated[
    Path, typer.Option("--lake", envvar="SIGNAUX_LAKE", help="Folder of the lake.", show_default=True)
]
ForceOption = Annotated[bool, typer.Option("--force", help="Do it again even if it was done from the same inputs.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Month after which nothing is known, YYYY-MM. Default: the last month imported."),
]

EngineOption = Annotated[
    EngineKind,
    typer.Option("--engine", help="Engine that runs the queries: the values are the same. Spark is for big lakes."),
]
EngineConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--engine-config", help="YAML file of Spark: master, memory, partitions, scratch, python, any spark.* setting."
    ),
]

DEFAULT_LAKE = Path("lake")


def engine_choice(kind: EngineKind, path: Path | None) -> EngineChoice:
    """Engine of the options `--engine` and `--engine-config`."""
    if path is not None and kind is not EngineKind.SPARK:
        raise typer.BadParameter("--engine-config goes with --engine spark.")
    return EngineChoice(kind, read_configuration(path) if path else SparkConfiguration())


def month_option(text: str | None, default: int) -> int:
    """Month of an option, or its default."""
    return parse_month(text) if text else default


def current_month() -> int:
    """Month of today's date."""
    return month_of(date.today())
