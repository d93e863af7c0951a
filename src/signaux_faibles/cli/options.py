"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles.domain.periode import month_of, parse_month

LakeOption = Annotated[
    Path, typer.Option("--lake", envvar="SIGNAUX_LAKE", help="Folder of the lake.", show_default=True)
]
ForceOption = Annotated[bool, typer.Option("--force", help="Do it again even if it was done from the same inputs.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Month after which nothing is known, YYYY-MM. Default: the last month imported."),
]

DEFAULT_LAKE = Path("lake")


def month_option(text: str | None, default: int) -> int:
    """Month of an option, or its default."""
    return parse_month(text) if text else default


def current_month() -> int:
    """Month of today's date."""
    return month_of(date.today())
