"""The demonstration agents: three zones, one password drawn once, and never over real companies."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.test import Client

from signaux_faibles.domain.errors import ReleaseError
from signaux_faibles.web.accounts.models import User
from signaux_faibles.web.accounts.rules import zone_of
from signaux_faibles.web.ops.agents import demo_password, save_demo_agents
from signaux_faibles.web.releases.models import Release
from web.release_sample import COMPANIES, OCTOBER, niveau

pytestmark = pytest.mark.django_db


def test_zones_are_a_departement_its_region_and_the_country() -> None:
    agents = save_demo_agents("un-mot-de-passe")
    alerts = [c.departement for c in COMPANIES if niveau(c, OCTOBER) in ("eleve", "modere")]
    busiest = max(sorted(set(alerts)), key=alerts.count)
    zones = [zone_of(User.objects.get(email=agent.email)) for agent in agents]
    assert zones[0].codes == {busiest}
    assert zones[1].codes == {"21", "25", "39", "58", "70", "71", "89", "90"}
    assert zones[2].is_national
    assert [agent.zone for agent in agents] == ["Côte-d'Or", "Bourgogne-Franche-Comté", "France entière"]


def test_agents_sign_in_and_making_them_again_adds_none(client: Client) -> None:
    for _ in range(2):
        agents = save_demo_agents("un-mot-de-passe")
    assert User.objects.count() == 3
    for agent in agents:
        answer = client.post("/compte/connexion/", {"email": agent.email, "password": "un-mot-de-passe"})
        assert answer.status_code == 302
        client.post("/compte/deconnexion/")


def test_real_companies_refuse_demonstration_agents() -> None:
    Release.objects.filter(list_month=OCTOBER).update(is_synthetic=False)
    with pytest.raises(ReleaseError, match="refused"):
        save_demo_agents("un-mot-de-passe")
    assert User.objects.count() == 0


def test_password_is_drawn_once_and_private(tmp_path: Path) -> None:
    first = demo_password(tmp_path)
    assert demo_password(tmp_path) == first
    assert len(first) == 20
    (other := tmp_path / "other").mkdir()
    assert demo_password(other) != first
    assert stat.S_IMODE((tmp_path / "demo_password").stat().st_mode) == 0o600
