"""The demonstration agents: one departement, one region, the whole country. Made only over invented companies."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.domain.territoire import departements, departements_of_region
from signaux_faibles.web.accounts.rules import Zone
from signaux_faibles.web.accounts.services import AgentIdentity, save_agent
from signaux_faibles.web.releases.models import ALERTES, Release, Score
from signaux_faibles.web.releases.selectors import current_release

PASSWORD_NAME = "demo_password"
DEPARTEMENTAL = AgentIdentity("departement@demo.example", "Camille", "Inventée", "Analyste")
REGIONAL = AgentIdentity("region@demo.example", "Dominique", "Fictif", "Chargé de mission")
NATIONAL = AgentIdentity("national@demo.example", "Alix", "Imaginaire", "Équipe nationale")


@dataclass(frozen=True)
class DemoAgent:
    """A demonstration agent, as announced."""

    email: str
    zone: str


def demo_password(folder: Path) -> str:
    """Password of the demonstration agents: drawn once, kept in the service folder, readable by its owner only."""
    path = folder / PASSWORD_NAME
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write("-".join(secrets.token_hex(3) for _ in range(3)))
    return path.read_text(encoding="ascii").strip()


def save_demo_agents(password: str) -> list[DemoAgent]:
    """Create or renew the three agents; the departement is the one of the current list with the most alerts.

    Raises
    ------
    ReleaseError
        If a loaded release is not synthetic: demonstration accounts must not open real data.
    """
    if Release.objects.filter(is_synthetic=False).exists():
        raise ReleaseError(
            "Demonstration agents are refused: a loaded release holds real companies.",
            todo="Serve it without demonstration agents, from a lake of its own.",
        )
    code = _busiest_departement()
    region = departements_of_region(departements()[code].region)
    save_agent(DEPARTEMENTAL, password=password, departements=[code])
    save_agent(REGIONAL, password=password, departements=region)
    save_agent(NATIONAL, password=password, is_national=True)
    zones = (Zone(False, frozenset([code])), Zone(False, frozenset(region)), Zone(True, frozenset()))
    agents = zip((DEPARTEMENTAL, REGIONAL, NATIONAL), zones, strict=True)
    return [DemoAgent(agent.email, zone.label) for agent, zone in agents]


def _busiest_departement() -> str:
    """Departement of the head office of most companies in alert; the first code of all for a list without alert."""
    alerts = Score.objects.filter(release=current_release(), niveau__in=ALERTES)
    alerts = alerts.filter(entreprise__departement__in=list(departements()))
    counts = alerts.values("entreprise__departement").annotate(n=Count("pk")).order_by("-n", "entreprise__departement")
    found = counts.first()
    return str(found["entreprise__departement"]) if found else min(departements())
