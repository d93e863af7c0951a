"""`prepare_service`: migrate, collect the static files, load releases, make the demonstration agents."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from signaux_faibles.domain.errors import UserError
from signaux_faibles.web.ops.agents import demo_password, save_demo_agents
from signaux_faibles.web.releases.services import load_release


class Command(BaseCommand):
    """Brings the database and the static files up to date; answers on its last line with JSON."""

    help = "Migrate, collect static files, load releases and, when asked, make the demonstration agents."
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command."""
        parser.add_argument("--release", action="append", default=[], type=Path, metavar="FOLDER")
        parser.add_argument("--demo-agents", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say on one line what was done or what the user can put right."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            loaded = [load_release(folder).pk for folder in options["release"]]
            answer: dict[str, Any] = {"loaded": loaded, "agents": [], "password": ""}
            if options["demo_agents"]:
                answer["password"] = demo_password(settings.SERVICE_FOLDER)
                answer["agents"] = [asdict(agent) for agent in save_demo_agents(answer["password"])]
        except UserError as error:
            answer = {"error": error.message, "todo": error.todo}
        self.stdout.write(json.dumps(answer))
