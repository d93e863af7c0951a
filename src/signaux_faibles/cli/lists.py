"""`signaux list` and `signaux release`: what agents will see."""

from __future__ import annotations

import typer

from signaux_faibles.cli.options import DEFAULT_LAKE, AsOfOption, ForceOption, LakeOption, month_option
from signaux_faibles.cli.panel import last_imported
from signaux_faibles.cli.progress import bars
from signaux_faibles.lake import open_lake

LIST_HELP = """Make the detection list of a month: levels, changes since the list before, reasons.

Example: `signaux list --as-of 2026-10`.
"""
RELEASE_HELP = """Make the release of a month's list: the folder that the service loads, with the hash of every file.

Example: `signaux release --as-of 2026-10`.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list", help=LIST_HELP)(list_)
    app.command("release", help=RELEASE_HELP)(release)


def list_(
    lake: LakeOption = DEFAULT_LAKE,
    as_of: AsOfOption = None,
    model_id: str = typer.Option("", "--model", help="Model; the latest of recipe boosting by default."),
    force: ForceOption = False,
) -> None:
    """Make a list."""
    from signaux_faibles.model.recipes import BOOSTING
    from signaux_faibles.model.train import latest_model, read_model
    from signaux_faibles.pipeline.run import make_list, make_panel

    opened = open_lake(lake)
    month = month_option(as_of, last_imported(opened))
    model = read_model(opened, model_id) if model_id else latest_model(opened, BOOSTING, month)
    with bars() as drawn:
        make_panel(opened, month, reporter=drawn)
        drawn.stage("List")
        summary = make_list(opened, model, month, force=force)
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(summary.counts.items()))
    typer.echo(f"List {summary.list_id} by {model.model_id}, previous list {summary.previous_id or 'none'}: {counts}.")


def release(lake: LakeOption = DEFAULT_LAKE, as_of: AsOfOption = None, force: ForceOption = False) -> None:
    """Make a release."""
    from signaux_faibles.pipeline.run import make_release

    opened = open_lake(lake)
    month = month_option(as_of, last_imported(opened))
    with bars() as drawn:
        drawn.stage("Release")
        manifest = make_release(opened, month, force=force)
    typer.echo(
        f"Release {manifest.release_id}: {len(manifest.files)} files in {opened.releases / manifest.release_id}."
    )
