"""Where results are printed."""

from __future__ import annotations

from rich.console import Console

PIPED_WIDTH = 140
"""Columns when the output is not a terminal: a file has no width, and a cut name is useless."""


def results() -> Console:
    """Console of the results of a command, on the standard output."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console
