"""Flags and expert rules in the lists: on the cards, in the filters, in the counts, to whoever may read their class."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from django.test import Client

from signaux_faibles.web.lists.cards import build_cards
from signaux_faibles.web.lists.selectors import leave_out
from signaux_faibles.web.releases.codes import FLAGS, Code, codes_of
from signaux_faibles.web.releases.models import Definition, Release, Score
from web.pages import cards_of, link_of, text_of
from web.release_sample import CATALOGUE, COMPANIES, OCTOBER, niveau

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
PAGE = f"/listes/{OCTOBER}/"
RELEASE = f"essai-{OCTOBER}"
RAISED, PLANNED, YOUNG, MODERATE, UNKNOWN = CATALOGUE[:5]
PLAN = "Délai de paiement Urssaf en cours"


def html_of(client: Client, query: str = "", status: int = 200) -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == status
    return answer.content.decode()


def sirens(client: Client, query: str = "") -> list[str]:
    """SIRENs of every page, following the links."""
    address, found = urljoin(PAGE, query or "?"), []
    while True:
        html = client.get(address).content.decode()
        found += [card.siren for card in cards_of(html)]
        if "Les 20 suivantes" not in html:
            return found
        address = urljoin(address, link_of(html, "Les 20 suivantes"))


def alerts_without(*flags: str) -> set[str]:
    alerts = [company for company in COMPANIES if niveau(company, OCTOBER) in ("eleve", "modere")]
    return {company.siren for company in alerts if not set(flags) & set(company.flags)}


def test_card_tells_flags_and_rules(sign_in: SignIn) -> None:
    cards = {card.siren: card.words.replace("\u00a0", " ") for card in cards_of(html_of(sign_in("21")))}
    assert f"À savoir : {PLAN}" in cards[PLANNED.siren]
    assert "Règles d’experts remplies : Hausse récente de la dette Urssaf" in cards[RAISED.siren]
    assert (
        f"À savoir : {PLAN} Règles d’experts remplies : Activité partielle élevée ·"
        " Règles fondées sur des données fiscales confidentielles" in cards[MODERATE.siren]
    )
    assert "À savoir" not in cards[CATALOGUE[5].siren]
    assert "Règles d’experts" not in cards[CATALOGUE[5].siren]


@pytest.mark.parametrize(
    "flags", [("delai_en_cours",), ("creation_recente",), ("delai_en_cours", "peu_d_informations")]
)
def test_companies_with_a_flag_can_be_left_out(sign_in: SignIn, flags: tuple[str, ...]) -> None:
    client = sign_in(national=True)
    query = "?" + "&".join(f"sans={flag}" for flag in flags)
    expected = alerts_without(*flags)
    assert set(sirens(client, query)) == expected
    assert len(expected) < len(alerts_without())
    assert f"{len(expected)}\u00a0entreprises" in text_of(html_of(client, query))


def test_filter_keeps_companies_of_a_release_without_flags(sign_in: SignIn) -> None:
    Score.objects.filter(release_id=RELEASE).update(flags=None)
    assert set(sirens(sign_in(national=True), "?sans=delai_en_cours")) == alerts_without()


def test_chip_names_the_filter_and_removes_it(sign_in: SignIn) -> None:
    html = html_of(sign_in("21"), "?sans=delai_en_cours&effectif_min=10")
    assert link_of(html, f"Sans\u00a0: {PLAN}") == "?effectif_min=10"
    assert re.search(r'value="delai_en_cours" checked', html)
    assert not re.search(r'value="creation_recente" checked', html)


@pytest.mark.parametrize("flag", ["zigzag", "solvabilite_faible", "confidentiel"])
def test_unknown_flag_is_said(sign_in: SignIn, flag: str) -> None:
    assert "Ce critère n’existe pas dans cette liste." in html_of(sign_in("21"), f"?sans={flag}", 400)


def test_agent_without_zone_is_not_even_offered_what_he_may_not_read(sign_in: SignIn) -> None:
    html = html_of(sign_in())
    assert "Délai de paiement" not in html
    assert "rien n’est connu" not in html
    assert "Entreprise créée depuis moins de 3 ans" in html
    assert "Ce critère n’existe pas" in html_of(sign_in(), "?sans=delai_en_cours", 400)


def test_a_flag_that_the_dictionary_does_not_know_is_nowhere(sign_in: SignIn) -> None:
    Definition.objects.filter(release_id=RELEASE, table="flags", column="delai_en_cours").delete()
    html = html_of(sign_in(national=True))
    assert "Délai de paiement" not in html
    assert "delai_en_cours" not in html
    assert "Ce critère n’existe pas" in html_of(sign_in(national=True), "?sans=delai_en_cours", 400)


def test_what_may_not_be_read_does_not_change_who_is_counted(make_agent: Callable[..., object]) -> None:
    """Of a company out of the zone, the flag of Urssaf leaves it in the count, the public one does not."""
    scores = Score.objects.filter(release_id=RELEASE)
    codes = codes_of(Release.objects.get(pk=RELEASE))
    plan, young = codes[FLAGS, "delai_en_cours"], codes[FLAGS, "creation_recente"]

    def left(user: object, code: Code) -> set[str]:
        kept = leave_out(scores, user, code).values_list("siren", flat=True)  # type: ignore[arg-type]
        return {company.siren for company in COMPANIES} - set(kept)

    inside, outside = make_agent("21"), make_agent("58", email="hors@essai.example")
    assert left(inside, plan) == {PLANNED.siren, MODERATE.siren}
    assert left(outside, plan) == set()
    assert left(inside, young) == left(outside, young) == {YOUNG.siren}


def test_card_of_a_company_out_of_the_zone_tells_public_flags_only(make_agent: Callable[..., object]) -> None:
    release = Release.objects.get(pk=RELEASE)
    codes = codes_of(release)
    scores = list(
        Score.objects.filter(release=release, siren__in=[PLANNED.siren, YOUNG.siren, RAISED.siren, UNKNOWN.siren])
        .select_related("entreprise")
        .order_by("siren")
    )
    cards = build_cards(make_agent("58"), release, scores, "", codes)  # type: ignore[arg-type]
    assert [card.rules for card in cards] == [""] * 4
    assert {card.score.siren: card.to_know for card in cards} == {
        PLANNED.siren: "", YOUNG.siren: "Entreprise créée depuis moins de 3 ans", RAISED.siren: "", UNKNOWN.siren: "",
    }  # fmt: skip
