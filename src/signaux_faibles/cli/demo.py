"""`signaux demo`: from nothing to a page in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signaux_faibles.cli.ingestion import import_progress
from signaux_faibles.cli.options import ForceOption, current_month, month_option
from signaux_faibles.cli.progress import bars
from signaux_faibles.lake import open_lake
from signaux_faibles.web.ops.gunicorn import check_port_is_free
from signaux_faibles.web.ops.serve import serve as serve_web

DEMO_HELP = """Simulate a small France, run the whole pipeline on it, and serve two detection lists.

Stays in the foreground; Ctrl+C stops it. Running it again resumes: what is done is not done again. A folder that holds
another demonstration is refused, unless `--force` replaces it; anything else is never touched.
Example: `signaux demo --companies 1000 --port 8080`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help=DEMO_HELP)(demo)


def demo(
    folder: Annotated[Path, typer.Option(help="Folder of the demonstration.")] = Path("demo"),
    companies: Annotated[int, typer.Option(min=1, help="Number of companies.")] = 3000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 1,
    until: Annotated[
        str | None, typer.Option(help="Last month, YYYY-MM. Default: the folder's, or this month.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve at the end.")] = True,
    rehearse: Annotated[bool, typer.Option("--rehearse", help="Stop as soon as the service has answered.")] = False,
    database_url: Annotated[
        str, typer.Option(envvar="DATABASE_URL", help="PostgreSQL to use.", show_default=False)
    ] = "",
    force: ForceOption = False,
) -> None:
    """Run the demonstration."""
    from signaux_faibles.demo import DemoPlan, prepare_demo

    if serve:
        check_port_is_free(host, port)
    plan = DemoPlan(companies, seed, month_option(until, current_month()))
    with bars() as drawn:
        manifests = prepare_demo(
            folder,
            plan,
            reporter=drawn,
            import_progress=lambda key: import_progress(drawn, key),
            is_until_given=until is not None,
            force=force,
        )
    lake = open_lake(folder / "lake")
    releases = [lake.releases / manifest.release_id for manifest in manifests]
    if not serve:
        typer.echo(f"Ready: {len(releases)} releases in {lake.releases}.")
        return
    serve_web(
        lake.root,
        releases,
        host=host,
        port=port,
        demo_agents=True,
        announce=typer.echo,
        block=not rehearse,
        database_url=database_url,
    )
