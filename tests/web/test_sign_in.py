"""Signing in: the right answer, the same wrong answers for known and unknown addresses, a pause after five failures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from signaux_faibles.web.accounts.models import SignInAttempt, User
from signaux_faibles.web.accounts.services import MAX_FAILURES, AgentIdentity, save_agent
from web.pages import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "/compte/connexion/"


def post(client: Client, email: str = "agent@essai.example", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post(PAGE, {"email": email, "password": password, **more})


def refusal(text: str) -> str:
    """Words of the refusal, without what surrounds them."""
    return text.split("Connexion refusée")[1].split("</div>")[0]


def test_right_password_opens_the_page_first_asked_for(client: Client, make_agent) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    answer = client.get("/listes/2026-10/")
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}?next=/listes/2026-10/"
    signed = post(client, email=" Agent@Essai.example ", next="/listes/2026-10/")
    assert (signed.status_code, signed["Location"]) == (302, "/listes/2026-10/")
    assert client.get("/listes/2026-10/").status_code == 200


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_target_elsewhere_is_ignored(client: Client, make_agent, target: str) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    assert post(client, next=target)["Location"] == "/"


def test_known_and_unknown_addresses_get_the_same_answers(client: Client, make_agent) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    for left in range(MAX_FAILURES - 1, -1, -1):
        known = refusal(post(client, password="faux").content.decode())
        unknown = refusal(post(client, email="inconnu@essai.example", password="faux").content.decode())
        assert known == unknown
        assert (f"Il reste {left}\u00a0essai" in known) == (left > 0)
    assert "Attendez 15\u00a0minutes" in known


def test_pause_refuses_the_right_password_then_ends(client: Client, make_agent) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    for _ in range(MAX_FAILURES):
        post(client, password="faux")
    assert "Attendez 15\u00a0minutes" in post(client).content.decode()
    SignInAttempt.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert "Il reste 4\u00a0essais" in post(client, password="faux").content.decode()
    assert post(client).status_code == 302
    assert SignInAttempt.objects.count() == 0


def test_failures_are_forgotten_after_an_hour(client: Client, make_agent) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    for _ in range(MAX_FAILURES - 1):
        post(client, password="faux")
    SignInAttempt.objects.update(last_failure_at=timezone.now() - timedelta(hours=2))
    assert "Il reste 4\u00a0essais" in post(client, password="faux").content.decode()


def test_attempts_keep_no_address(client: Client) -> None:
    post(client, email="prenom.nom@essai.example", password="faux")
    kept = SignInAttempt.objects.get()
    assert len(kept.address_hash) == 64
    assert "prenom" not in str(kept.__dict__)


def test_closed_account_is_refused(client: Client, make_agent) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    User.objects.update(is_active=False)
    assert post(client).status_code == 422


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("", PASSWORD, "Écrivez votre adresse électronique."),
        ("agent", PASSWORD, "Cette adresse n’est pas complète."),
        ("agent@essai.example", "", "Écrivez votre mot de passe."),
    ],
)
def test_incomplete_form_says_what_is_missing(client: Client, email: str, password: str, words: str) -> None:
    answer = post(client, email=email, password=password)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert SignInAttempt.objects.count() == 0


def test_password_never_comes_back_and_the_address_is_escaped(client: Client) -> None:
    text = post(client, email='"><script>@x.example', password="secret-tapé").content.decode()
    assert "secret-tapé" not in text
    assert "<script" not in text


def test_sign_out_is_by_post_and_closes_the_session(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    assert client.get("/compte/deconnexion/").status_code == 405
    assert client.get("/listes/").status_code == 200
    assert client.post("/compte/deconnexion/")["Location"] == PAGE
    assert client.get("/listes/").status_code == 302


def test_form_without_its_token_is_refused_in_french(make_agent) -> None:  # type: ignore[no-untyped-def]
    make_agent("21")
    answer = post(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "Formulaire expiré" in answer.content.decode()


def test_saving_an_agent_again_keeps_the_session_unless_the_password_changes(make_agent, client: Client) -> None:  # type: ignore[no-untyped-def]
    client.force_login(make_agent("21"))
    identity = AgentIdentity("agent@essai.example", "Camille", "Inventée", "Cheffe")
    save_agent(identity, password=PASSWORD, departements=["58"])
    assert "Cheffe · Nièvre" in client.get("/listes/").content.decode()
    save_agent(identity, password="un-autre-mot-de-passe", departements=["58"])
    assert client.get("/listes/").status_code == 302
