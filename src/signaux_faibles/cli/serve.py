"""`signaux serve`: the service, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from signaux_faibles.cli.options import DEFAULT_LAKE, LakeOption
from signaux_faibles.lake import open_lake
from signaux_faibles.pipeline.publish.latest import latest_releases
from signaux_faibles.web.ops.serve import serve as serve_web

SERVE_HELP = """Load the releases of the lake into PostgreSQL and serve them.

Without `DATABASE_URL`, a PostgreSQL of its own is started inside the lake. Example: `signaux serve --demo-agents`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help=SERVE_HELP)(serve)


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
