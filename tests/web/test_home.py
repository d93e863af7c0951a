"""The home page: searching everywhere, learning levels in the zone only."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from signaux_faibles.web.releases.models import Release
from web.pages import link_of, text_of
from web.release_sample import CATALOGUE, COMPANIES, OCTOBER, niveau
from web.test_lists_index import in_zone

pytestmark = pytest.mark.django_db


def found(client: Client, q: str) -> list[str]:
    """SIRENs a search shows, in order."""
    answer = client.get("/", {"q": q})
    assert answer.status_code == 200
    return re.findall(r'<a class="sf-resultat" href="/entreprises/([0-9]{9})/"', answer.content.decode())


@pytest.mark.parametrize(
    "q",
    [
        CATALOGUE[1].siren, CATALOGUE[1].siret, "900 102 746", "chaudronnerie", "CHAUDRONNERIE ouche", "l'ouche",
        "chaudronerie imaginaire",
    ],
)  # fmt: skip
def test_company_is_found_by_number_by_name_and_with_a_small_fault(sign_in, q: str) -> None:  # type: ignore[no-untyped-def]
    assert found(sign_in("21"), q)[0] == CATALOGUE[1].siren


@pytest.mark.parametrize("q", ["zzzzzz", "9", "%", "_", "'", "a", "123456789", "900102746x"])
def test_search_that_finds_nothing_or_little_says_so_without_failing(sign_in, q: str) -> None:  # type: ignore[no-untyped-def]
    sirens = found(sign_in("21"), q)
    if q == "9":
        assert len(sirens) == 20
    else:
        assert sirens == []


def test_level_is_shown_in_zone_only(sign_in) -> None:  # type: ignore[no-untyped-def]
    company = CATALOGUE[1]
    inside = text_of(sign_in("21").get("/", {"q": company.siren}).content.decode())
    outside = text_of(sign_in("58").get("/", {"q": company.siren}).content.decode())
    assert "Alerte élevée" in inside
    assert "Hors zone" not in inside
    assert "Dans votre zone\u00a0: Côte-d’Or" in inside
    assert "Chaudronnerie Imaginaire de l’Ouche" in outside
    assert "Hors zone" in outside
    assert "Alerte" not in outside.replace("Listes de détection", "")


def test_too_many_results_are_cut_and_said(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    assert len(found(client, "imaginaire")) == 20
    assert "Les 20 premières entreprises trouvées" in client.get("/", {"q": "imaginaire"}).content.decode()


def test_companies_of_the_zone_come_first_even_when_results_are_cut(sign_in) -> None:  # type: ignore[no-untyped-def]
    mine = {c.siren for c in COMPANIES if "imaginaire" in c.name.lower() and in_zone(c, {"13"})}
    assert len(mine) == 5
    assert set(found(sign_in("13"), "imaginaire")[:5]) == mine


def test_company_without_score_says_so(sign_in) -> None:  # type: ignore[no-untyped-def]
    company = CATALOGUE[11]
    assert "Sans score" in sign_in("69").get("/", {"q": company.siren}).content.decode()


def test_current_list_in_the_zone(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = sign_in("58").get("/").content.decode()
    count = sum(in_zone(c, {"58"}) and niveau(c, OCTOBER) == "modere" for c in COMPANIES)
    assert f"Alertes modérées {count}" in text_of(html)
    assert link_of(html, "Ouvrir la liste") == "/listes/2026-10/"


def test_before_any_release(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    Release.objects.all().delete()
    for address in ("/", "/?q=ouche"):
        assert "Aucune liste publiée" in client.get(address).content.decode()


def test_queries_do_not_grow_with_the_results(sign_in, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    client.get("/")
    for q in (CATALOGUE[1].siren, "imaginaire"):
        with django_assert_num_queries(7):
            client.get("/", {"q": q})
