"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles.domain.periode import month_of, parse_month
from signaux_faibles.domain.territoire import departement_of_code, region_of_code
from signaux_faibles.engine import EngineChoice, EngineKind, SparkConfiguration, read_configuration
from signaux_faibles.lake import Lake, open_lake

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

RegionOption = Annotated[
    str, typer.Option("--region", help="Insee code of a region: only the companies whose head office is there.")
]
DepartementOption = Annotated[
    str, typer.Option("--departement", help="Code of a departement: only the companies whose head office is there.")
]

DEFAULT_LAKE = Path("lake")


def open_part(path: Path, region: str, departement: str) -> Lake:
    """Lake of a run, restricted to a territory if one is given."""
    if region and departement:
        raise typer.BadParameter("Give --region or --departement, not both.")
    lake = open_lake(path)
    if region:
        return lake.over(region_of_code(_code(region)))
    return lake.over(departement_of_code(_code(departement))) if departement else lake


def _code(text: str) -> str:
    """Code as Insee writes it: `01` for `1`, `2A` for `2a`."""
    return text.strip().upper().zfill(2)


def of_part(lake: Lake) -> str:
    """` of Rhône` in a run restricted to a territory, nothing in one of the nation: for the sentences of results."""
    return f" of {lake.territory.libelle}" if lake.territory else ""


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
