"""The `signaux` command: its subcommands, and how an error ends it.

A command is imported when it is named, and imports the stages that learn (scikit-learn, XGBoost) when it runs: none
pays for the others.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from threading import Event
from types import FrameType
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from signaux_faibles import __version__
from signaux_faibles.domain.errors import UserError

INTERRUPTED_EXIT_CODE = 130

EPILOG = """Exit codes: 0 done, 2 command line refused, 3 bad file or value, 4 lake, 5 machine, 6 a stage lacks what an
earlier one makes, 7 release, 1 bug. The first hour: `signaux demo`, or `signaux simulate fake --companies 3000` then
`signaux import fake/raw --batch YYMM`, `panel`, `train`, `evaluate`, `list`, `release`, `serve`."""

MODULES = {
    "simulate": "simulate",
    "parse": "parse",
    "import": "ingestion",
    "rejects": "ingestion",
    "panel": "panel",
    "features": "panel",
    "perimeter": "perimeter",
    "vintage": "vintage",
    "target": "target",
    "train": "models",
    "evaluate": "models",
    "backtest": "models",
    "tune": "tuning",
    "model": "registry",
    "fiche-algorithme": "registry",
    "score": "lists",
    "list": "lists",
    "release": "lists",
    "serve": "serve",
    "export": "export",
    "demo": "demo",
    "status": "status",
    "bench": "bench",
}
"""Module of each command, in the order in which `--help` names them."""


class Commands(Mapping[str, Any]):
    """Commands by name, imported when they are asked for."""

    def __getitem__(self, name: str) -> Any:
        module = import_module(f"signaux_faibles.cli.{MODULES[name]}")
        part = typer.Typer(rich_markup_mode="markdown")
        part.callback()(_root)  # without it, a module of one command would be that command
        module.register(part)
        return typer.main.get_group(part).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class OnDemand(TyperGroup):
    """The commands of `Commands`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands()  # type: ignore[assignment]


app = typer.Typer(
    name="signaux",
    cls=OnDemand,
    help="Early detection of company failures: from partner files to a detection list in the browser.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"signaux {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def main() -> None:
    """Run the command line; a user error prints one sentence, a bug prints its traceback, Ctrl+C says what is kept."""
    console, interrupted = Console(stderr=True, highlight=False, soft_wrap=True), Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # ignored on purpose in a background job
        signal.signal(signal.SIGINT, interrupt)
    try:
        app()
    except BaseException as end:
        # An interruption may end as anything: Typer makes it an exit, the engine an error of the query under way.
        if interrupted.is_set() and not (isinstance(end, SystemExit) and not end.code):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            console.print("Interrupted. What was finished is kept: run again to resume.")
            sys.exit(INTERRUPTED_EXIT_CODE)
        if not isinstance(end, UserError):
            raise
        console.print(f"[bold red]Error:[/] {escape(str(end))}")
        sys.exit(end.exit_code)
