"""What holds for every page: signed in only, strict policy of contents, nothing inline, no cache, French."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from signaux_faibles.web.config import urls
from web.pages import text_of
from web.release_sample import CATALOGUE

pytestmark = pytest.mark.django_db

SIREN = CATALOGUE[0].siren
EXAMPLES = {"list_month": "2026-10", "siren": SIREN, "name": "rapport"}
"""A value for every parameter of the URLs."""

PAGES = [
    "/", "/?q=ouche", "/?q=zzzzzz", "/listes/", "/listes/2026-10/", "/listes/2026-07/?evolution=sortie",
    "/listes/2026-10/?effectif_min=x", f"/entreprises/{SIREN}/", "/entreprises/900000000/", "/nulle-part/", "/modele/",
    "/modele/rapport/", "/modele/rapport_details/", "/modele/fiche_algorithme/",
]  # fmt: skip
POLICY = {
    "default-src": "'none'", "style-src": "'self'", "img-src": "'self'", "script-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
    "object-src": "'none'",
}  # fmt: skip


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """An address for every pattern of the urlconf."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found: EXAMPLES[found[1]], route)


def test_every_address_asks_for_a_sign_in_but_the_sign_in_itself(client: Client) -> None:
    found = sorted(set(addresses(get_resolver())))
    assert "/listes/2026-10/" in found
    assert f"/entreprises/{SIREN}/" in found
    for address in found:
        answers = (client.get(address), client.post(address))
        if address == "/compte/connexion/":
            assert [answer.status_code for answer in answers] == [200, 422]
            continue
        for answer in answers:
            assert (answer.status_code, answer["Location"]) == (302, f"/compte/connexion/?next={address}"), address
            assert answer.content == b""


@pytest.mark.parametrize("address", [*PAGES, "/compte/connexion/"])
@pytest.mark.parametrize("zone", ["21", "58"])
def test_page_is_whole_private_and_without_anything_inline(sign_in, client: Client, address: str, zone: str) -> None:  # type: ignore[no-untyped-def]
    reader = client if address.startswith("/compte/") else sign_in(zone)
    answer = reader.get(address)
    html = answer.content.decode()
    assert {
        part.split(" ", 1)[0]: part.split(" ", 1)[1] for part in answer["Content-Security-Policy"].split("; ")
    } == POLICY
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert '<html lang="fr">' in html
    assert re.findall(r"<(?:script|style|iframe|object|embed|base)\b", html) == []
    assert re.findall(r"<[^>]*\s(?:style|on\w+)\s*=", html) == []
    assert re.findall(r"""(?:src|href|action)\s*=\s*["'](?:javascript:|data:|//)""", html) == []
    assert len(re.findall("<h1", html)) == 1
    assert len(re.findall("<title>", html.split("</head>")[0])) == 1
    assert re.findall(r'id="([^"]+)"', html) == list(dict.fromkeys(re.findall(r'id="([^"]+)"', html)))


@pytest.mark.parametrize("address", PAGES[:5])
def test_synthetic_release_says_so_on_the_page(sign_in, address: str) -> None:  # type: ignore[no-untyped-def]
    text = text_of(sign_in("21").get(address).content.decode())
    assert "Démonstration. Les entreprises et les personnes de cette page sont inventées." in text


def test_real_release_has_no_banner_and_shows_its_freshness(sign_in) -> None:  # type: ignore[no-untyped-def]
    from signaux_faibles.web.releases.models import Release

    Release.objects.update(is_synthetic=False)
    text = text_of(sign_in("21").get("/listes/").content.decode())
    assert "Démonstration" not in text
    assert "Effectif des établissements (Urssaf) juillet\u00a02026" in text
    assert "arrêtées fin septembre\u00a02026" in text


def test_static_files_named_by_the_page_exist(client: Client) -> None:
    from django.contrib.staticfiles import finders

    names = re.findall(r'href="/static/([^"]+)"', client.get("/compte/connexion/").content.decode())
    assert len(names) == 6
    assert [name for name in names if finders.find(name) is None] == []


def _boom(request: object) -> None:
    raise RuntimeError("the details of a company")


def _denied(request: object) -> None:
    raise PermissionDenied("the details of a company")


class FaultyUrls:
    """The service's URLs, and two that fail."""

    urlpatterns = (*urls.urlpatterns, path("panne/", _boom), path("refus/", _denied))
    handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/listes/2026-10/?apres=x", 400, "Demande incorrecte"),
        ("/refus/", 403, "Accès refusé"),
        ("/nulle-part/", 404, "Page introuvable"),
        ("/panne/", 500, "Le service a rencontré une erreur"),
    ],
)
def test_error_pages_are_finished_and_tell_nothing(  # type: ignore[no-untyped-def]
    sign_in, address: str, status: int, title: str
) -> None:
    client = sign_in("21")
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=FaultyUrls):
        answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in html
    assert f"Erreur {status}" in html
    assert "Revenir à l’accueil" in html
    assert "details of a company" not in html


def test_logs_carry_no_identifier() -> None:
    import logging

    from signaux_faibles.web.ui.log import WithoutPath

    record = logging.LogRecord("django", logging.ERROR, "", 0, "Not Found: %s", (f"/entreprises/{SIREN}/",), None)
    assert WithoutPath().filter(record)
    assert record.getMessage() == "Not Found: /entreprises/[identifiant]/"
    try:
        raise ValueError(CATALOGUE[0].siret)
    except ValueError as error:
        failed = logging.LogRecord("django", logging.ERROR, "", 0, "x", (), (ValueError, error, error.__traceback__))
    WithoutPath().filter(failed)
    text = logging.Formatter().format(failed)
    assert CATALOGUE[0].siret not in text
    assert "ValueError: [identifiant]" in text
