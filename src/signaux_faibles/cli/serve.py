"""`signaux serve`: the service, on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles.cli.options import DEFAULT_LAKE, LakeOption
from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.lake import Lake, open_lake
from signaux_faibles.lake.journal import read_journal
from signaux_faibles.release.manifest import read_manifest
from signaux_faibles.web.ops.serve import serve as serve_web

SERVE_HELP = """Load the releases of the lake into PostgreSQL and serve them.

Without `DATABASE_URL`, a PostgreSQL of its own is started inside the lake. Example: `signaux serve --demo-agents`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help=SERVE_HELP)(serve)


def latest_releases(lake: Lake) -> list[Path]:
    """The last release made of each list month, oldest month first.

    The journal says which one was made last; without it, the last name. Dates of files say nothing after a copy.

    Raises
    ------
    ReleaseError
        If the lake holds none.
    LakeError
        If the journal of the lake cannot be read.
    """
    journal = read_journal(lake).select(["action", "details"]).to_pylist()
    made = [json.loads(line["details"]).get("release_id") for line in journal if line["action"] == "release"]
    rank = {release_id: number for number, release_id in enumerate(made, start=1)}
    by_month: dict[str, Path] = {}
    folders = [path.parent for path in lake.releases.glob("*/manifest.json") if not path.parent.name.startswith(".")]
    for folder in sorted(folders, key=lambda f: (rank.get(f.name, 0), f.name)):
        by_month[read_manifest(folder).list_month] = folder
    if not by_month:
        raise ReleaseError(f"No release in {lake.releases}.", todo="Make one with `signaux release`.")
    return [by_month[month] for month in sorted(by_month)]


def serve(
    lake: LakeOption = DEFAULT_LAKE,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    demo_agents: Annotated[
        bool, typer.Option("--demo-agents", help="Make three agents to sign in with (synthetic only).")
    ] = False,
    database_url: Annotated[
        str, typer.Option(envvar="DATABASE_URL", help="PostgreSQL to use.", show_default=False)
    ] = "",
) -> None:
    """Serve the releases."""
    opened = open_lake(lake)
    serve_web(
        opened.root,
        latest_releases(opened),
        host=host,
        port=port,
        demo_agents=demo_agents,
        announce=typer.echo,
        database_url=database_url,
    )
