"""What the service says of the model: the documents of the current release, and nothing that they could smuggle in."""

from __future__ import annotations

import re

import pytest

from signaux_faibles.web.pages.markdown import to_html
from signaux_faibles.web.releases.models import Document, Release
from signaux_faibles.web.releases.services import load_release
from web.pages import text_of
from web.release_sample import OCTOBER, write_list

pytestmark = pytest.mark.django_db


def test_every_document_of_the_release_is_listed_and_opens(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    page = client.get("/modele/").content.decode()
    links = re.findall(r'<h2><a href="(/modele/[^"]+)"', page)
    assert links == [f"/modele/{name}/" for name in ("rapport", "fiche_algorithme", "fiche_modele", "rapport_details")]
    assert [client.get(link).status_code for link in links] == [200] * 4


def test_the_report_shows_both_protocols_and_its_drawings(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    html = client.get("/modele/rapport/").content.decode()
    assert "Sans les procédures déjà connues" in text_of(html)
    assert "Avec les procédures déjà connues" in text_of(html)
    drawings = re.findall(r'<img class="sf-document__dessin" src="([^"]+)" alt="([^"]+)"', html)
    assert len(drawings) == 5
    for address, words in drawings:
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
        assert answer.content.startswith(b"<svg")
        assert len(words) > 40
    assert 'href="/modele/rapport_details/"' in html


@pytest.mark.parametrize("address", ["/modele/inconnu/", "/modele/evaluation/", "/modele/inconnu.svg"])
def test_what_the_release_has_not_is_not_found(sign_in, address: str) -> None:  # type: ignore[no-untyped-def]
    assert sign_in("21").get(address).status_code == 404


def test_a_release_without_report_says_that_there_is_none(sign_in) -> None:  # type: ignore[no-untyped-def]
    Document.objects.all().delete()
    client = sign_in("21")
    assert "Aucun document publié" in text_of(client.get("/modele/").content.decode())
    assert client.get("/modele/rapport/").status_code == 404


def test_documents_follow_their_release(tmp_path, sign_in) -> None:  # type: ignore[no-untyped-def]
    """Loading another release of the same id replaces its documents, and takes none from another."""
    folder = write_list(tmp_path, OCTOBER, release_id="autre")
    load_release(folder)
    before = Document.objects.filter(release="autre").count()
    assert before == 9
    assert Document.objects.filter(release="essai-2026-10").count() == before
    assert Document.objects.filter(release="essai-2026-07").count() == 1
    Release.objects.filter(pk="autre").update(manifest={})
    load_release(folder)
    assert Document.objects.filter(release="autre").count() == before


def test_markdown_brings_nothing_but_its_words() -> None:
    html = str(
        to_html(
            "<script>x</script> [a](javascript:alert(1)) [b](//ailleurs.example) [c](../x.md) ![d](https://e.example/f)\n"
            "\n[e](rapport.md) ![dessin : un](rapport_alertes.svg) <b on=1>\n\n|  | x |\n| --- | ---: |\n| y | 1 |\n"
        )
    )
    assert re.findall(r"<(\w+)", html) == [
        "p", "a", "a", "p", "a", "img", "div", "table", "thead", "tr", "td", "th", "tbody", "tr", "th", "td",
    ]  # fmt: skip
    assert re.findall(r'(?:href|src)="([^"]*)"', html) == ["/modele/rapport/", "/modele/rapport_alertes.svg"]
    assert "style" not in html
    assert 'alt="dessin\u00a0: un"' in html
    assert '<td class="sf-n">1</td>' in html
