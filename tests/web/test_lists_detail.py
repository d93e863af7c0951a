"""One list: who is in it, in which order, on which page, after which filters, and for whom."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from django.test import Client

from signaux_faibles.web.lists.cursor import Cursor, parse_cursor
from signaux_faibles.web.releases.models import Release, Score
from signaux_faibles.web.ui.typography import siren as spaced_siren
from web.pages import cards_of, link_of, row_of, text_of
from web.release_sample import CATALOGUE, COMPANIES, JULY, OCTOBER, Company, evolution, niveau, probability
from web.test_lists_index import in_zone

pytestmark = pytest.mark.django_db

PAGE = "/listes/2026-10/"


def alerts(month: str = OCTOBER, codes: set[str] | None = None) -> list[Company]:
    """Companies in alert of a list, the highest risk first, then by SIREN."""
    found = [c for c in COMPANIES if niveau(c, month) in ("eleve", "modere") and (codes is None or in_zone(c, codes))]
    return sorted(found, key=lambda c: (-(probability(c, month) or 0), c.siren))


def html_of(client: Client, address: str = PAGE, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def all_sirens(client: Client, address: str = PAGE) -> list[str]:
    """SIRENs of every page, following the links."""
    found: list[str] = []
    while True:
        html = html_of(client, address)
        found += [card.siren for card in cards_of(html)]
        if "Les 20 suivantes" not in html:
            return found
        address = urljoin(address, link_of(html, "Les 20 suivantes"))


@pytest.mark.parametrize("month", [JULY, OCTOBER])
def test_national_agent_reads_every_alert_once_in_order_over_the_pages(sign_in, month: str) -> None:  # type: ignore[no-untyped-def]
    found = all_sirens(sign_in(national=True), f"/listes/{month}/")
    assert found == [company.siren for company in alerts(month)]
    assert len(found) > 20


@pytest.mark.parametrize("codes", [{"21"}, {"58"}, {"2A"}, {"21", "974"}, {"33"}])
def test_agent_reads_the_companies_of_the_zone_only(sign_in, codes: set[str]) -> None:  # type: ignore[no-untyped-def]
    assert all_sirens(sign_in(*codes)) == [company.siren for company in alerts(codes=codes)]


def test_company_out_of_zone_leaves_no_trace(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = html_of(sign_in("58")) + html_of(sign_in("58"), f"{PAGE}?q={CATALOGUE[0].siren}")
    hidden = CATALOGUE[0]
    assert (hidden.departement, hidden.debt) == ("21", 486_200.0)
    assert hidden.name not in html
    assert spaced_siren(hidden.siren) not in html
    assert "481\u202f170" not in html


def test_company_is_listed_where_it_has_an_establishment_though_its_head_office_is_elsewhere(sign_in) -> None:  # type: ignore[no-untyped-def]
    company = CATALOGUE[5]
    assert (company.departement, company.others) == ("75", ("21", "58"))
    for code in ("75", "58"):
        assert company.siren in all_sirens(sign_in(code))


def test_previous_page_comes_back_to_the_same_companies(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    first = html_of(client)
    second = html_of(client, urljoin(PAGE, link_of(first, "Les 20 suivantes")))
    assert "21 à 35 sur 35\u00a0entreprises" in text_of(second)
    back = html_of(client, urljoin(PAGE, link_of(second, "Les 20 précédentes")))
    assert cards_of(back) == cards_of(first)
    assert "Les 20 précédentes" not in back
    assert "Les 20 suivantes" in back
    assert "1 à 20 sur 35\u00a0entreprises" in text_of(back)
    assert link_of(second, "Début de la liste") == "?"


def test_pages_keep_the_filters(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    found = all_sirens(client, f"{PAGE}?niveau=modere&effectif_min=1")
    assert found == [c.siren for c in alerts() if niveau(c, OCTOBER) == "modere" and (c.effectif or 0) >= 1]
    assert len(found) > 20


def test_cursor_text_gives_back_the_exact_number() -> None:
    for risk in (0.1 + 0.2, 1 / 3, 0.3000000001, 5e-324, -1.0):
        cursor = Cursor(risk, "900100001")
        assert parse_cursor(cursor.text) == cursor


@pytest.mark.parametrize(
    "text", ["x", "0.3", "0.3_12", "nan_900100001", "inf_900100001", "_900100001", "0.3_900100001x"]
)
def test_cursor_that_is_not_one_is_a_bad_request(sign_in, text: str) -> None:  # type: ignore[no-untyped-def]
    assert parse_cursor(text) is None
    assert "Demande incorrecte" in html_of(sign_in("21"), f"{PAGE}?apres={text}", 400)


def test_card_says_what_is_known_of_a_company(sign_in) -> None:  # type: ignore[no-untyped-def]
    card = next(card for card in cards_of(html_of(sign_in("21"))) if card.siren == CATALOGUE[0].siren)
    assert card.name == "Transports Inventés du Morvan"
    for words in (
        "Alerte élevée", "47\u202f% de risque", "Aggravée depuis juil.",
        "900\u202f101\u202f373 · Saulieu (21) · Transports",
        "La dette Urssaf augmente depuis 11 mois.", "1\u00a0établissement en activité", "Effectif 62",
        "Dette Urssaf 481\u202f170\u202f€", "Liste de juil. 22\u202f% alerte modérée",
    ):  # fmt: skip
        assert words in card.words


@pytest.mark.parametrize(
    ("rank", "words", "absent"),
    [
        (2, "1re alerte", "Aggravée"),
        (3, "Atténuée depuis juil.", "1re alerte"),
        (4, "Liste de juil. – sans score", "22\u202f%"),
        (4, "Dette Urssaf – inconnue", "€"),
        (13, "Dette Urssaf 0\u202f€ aucune dette connue", "inconnue"),
    ],
)
def test_card_of_a_particular_case(sign_in, rank: int, words: str, absent: str) -> None:  # type: ignore[no-untyped-def]
    card = next(card for card in cards_of(html_of(sign_in("21"))) if card.siren == CATALOGUE[rank].siren)
    assert words in card.words
    assert absent not in card.words


def test_unknown_headcount_is_not_zero(sign_in) -> None:  # type: ignore[no-untyped-def]
    card = next(card for card in cards_of(html_of(sign_in("58"))) if card.siren == CATALOGUE[6].siren)
    assert "Effectif – inconnu" in card.words


def test_name_is_escaped(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = html_of(sign_in("58"))
    assert "<b>Inventée" not in html
    assert "Tôlerie &lt;b&gt;Inventée&lt;/b&gt; &amp; Fils" in html


def test_probability_equal_to_a_threshold_reaches_its_level(sign_in) -> None:  # type: ignore[no-untyped-def]
    card = cards_of(html_of(sign_in("974")))[0]
    assert card.siren == CATALOGUE[8].siren
    assert "Alerte modérée" in card.words


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("q=ouche", lambda c: "Ouche" in c.name),
        ("q=TRANSPORTS+INVENTES", lambda c: "Transports Inventés" in c.name),
        ("q=inventes+morvan", lambda c: "Transports Inventés" in c.name),
        ("q=%C3%A9lectricit%C3%A9", lambda c: c.name.startswith("Électricité")),
        (f"q={CATALOGUE[0].siren}", lambda c: c is CATALOGUE[0]),
        ("q=900+101+373", lambda c: c is CATALOGUE[0]),
        (f"q={CATALOGUE[0].siret}", lambda c: c is CATALOGUE[0]),
        ("q=%25", lambda c: False),
        ("q=_", lambda c: False),
        ("niveau=eleve", lambda c: niveau(c, OCTOBER) == "eleve"),
        ("niveau=eleve&niveau=modere", lambda c: True),
        ("departement=2A", lambda c: c.departement == "2A"),
        ("departement=58", lambda c: in_zone(c, {"58"})),
        ("effectif_min=50", lambda c: (c.effectif or 0) >= 50),
        ("effectif_min=1+000", lambda c: False),
        ("effectif_min=0", lambda c: c.effectif is not None),
        ("evolution=aggravation", lambda c: evolution(c, OCTOBER) == "aggravation"),
        ("evolution=amelioration", lambda c: evolution(c, OCTOBER) == "amelioration"),
        ("niveau=modere&departement=21&effectif_min=10", lambda c: c.departement == "21" and (c.effectif or 0) >= 10
         and niveau(c, OCTOBER) == "modere"),
    ],
)  # fmt: skip
def test_filters_and_their_counts(sign_in, query: str, kept) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    expected = [company for company in alerts() if kept(company)]
    assert all_sirens(client, f"{PAGE}?{query}") == [company.siren for company in expected]
    text = text_of(html_of(client, f"{PAGE}?{query}"))
    eleve = sum(niveau(c, OCTOBER) == "eleve" for c in expected)
    jobs = sum(c.effectif or 0 for c in expected)
    plural = "entreprise" if len(expected) < 2 else "entreprises"
    levels = f"{eleve}\u00a0élevée{'s' * (eleve > 1)}, {len(expected) - eleve}\u00a0modérée"
    bar = f"{len(expected)}\u00a0{plural} \u00a0: {levels}"
    assert bar in text
    assert f"{f'{jobs:,}'.replace(',', chr(0x202F))}\u00a0emploi" in text


def test_first_alerts_and_returns_make_the_entries(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    found = all_sirens(client, f"{PAGE}?evolution=premiere") + all_sirens(client, f"{PAGE}?evolution=retour")
    assert sorted(found) == sorted(c.siren for c in alerts() if evolution(c, OCTOBER) == "entree")


def test_return_is_told_from_a_first_alert(sign_in) -> None:  # type: ignore[no-untyped-def]
    Score.objects.filter(release__list_month=OCTOBER, siren=CATALOGUE[2].siren).update(is_first_alert=False)
    client = sign_in("21")
    cards = cards_of(html_of(client, f"{PAGE}?evolution=retour"))
    assert [card.siren for card in cards] == [CATALOGUE[2].siren]
    assert "De retour" in cards[0].words
    assert "1re alerte" not in cards[0].words


def test_exits_are_shown_with_their_reason_even_without_a_score(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = html_of(sign_in("89", "25"), f"{PAGE}?evolution=sortie")
    cards = {card.siren: card.words for card in cards_of(html)}
    expected = [c for c in COMPANIES if in_zone(c, {"89", "25"}) and evolution(c, OCTOBER) == "sortie"]
    assert set(cards) == {company.siren for company in expected}
    assert "Redressement judiciaire" in cards[CATALOGUE[10].siren]
    assert "de risque" not in cards[CATALOGUE[10].siren]
    assert "Pas d’alerte" in cards[CATALOGUE[9].siren]
    assert f"{len(expected)}\u00a0entreprises sorties de la liste" in text_of(html)


def test_changes_since_the_list_before_link_to_their_companies(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    html = html_of(client)
    assert "Ce qui a changé depuis la liste de juillet\u00a02026" in html
    for evolution_name, words in (("aggravation", "aggravées"), ("sortie", "sorties de la liste")):
        count = sum(evolution(c, OCTOBER) == evolution_name for c in COMPANIES)
        link = link_of(html, words)
        assert link == f"?evolution={evolution_name}"
        assert len(all_sirens(client, urljoin(PAGE, link))) == count


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("effectif_min=dix", "Écrivez un nombre entier, par exemple 10."),
        ("effectif_min=-1", "Écrivez un nombre positif ou nul."),
        ("effectif_min=99999999999999999999", "Écrivez un nombre inférieur à un million."),
        ("departement=59", "Ce département n’est pas dans votre zone."),
        ("niveau=rouge", "Ce niveau n’existe pas."),
        ("evolution=zigzag", "Cette évolution n’existe pas."),
        ("q=" + "a" * 101, "Écrivez 100 caractères au plus."),
        ("q=%00", "Filtres à corriger"),
    ],
)
def test_bad_filter_is_said_and_no_company_is_shown(sign_in, query: str, words: str) -> None:  # type: ignore[no-untyped-def]
    html = html_of(sign_in("21"), f"{PAGE}?{query}", 400)
    assert words in html
    assert "Filtres à corriger" in html
    assert cards_of(html) == []


def test_what_was_typed_comes_back_escaped(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = html_of(sign_in("21"), f"{PAGE}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_chip_removes_its_filter_only(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = html_of(sign_in("21"), f"{PAGE}?q=ouche&effectif_min=10&niveau=eleve")
    assert link_of(html, "10\u00a0salariés et plus") == "?q=ouche&niveau=eleve"
    assert link_of(html, "Alerte élevée") == "?q=ouche&effectif_min=10"
    assert "3\u00a0filtres actifs" in html


def test_nothing_found_says_what_to_do(sign_in) -> None:  # type: ignore[no-untyped-def]
    assert "Aucune entreprise ne correspond à ces filtres" in html_of(sign_in("21"), f"{PAGE}?q=zzzz")


def test_zone_without_alert_says_so(sign_in) -> None:  # type: ignore[no-untyped-def]
    assert "Aucune entreprise en alerte dans votre zone" in html_of(sign_in("33"))


def test_after_the_end_of_the_list(sign_in) -> None:  # type: ignore[no-untyped-def]
    assert "Fin de la liste" in html_of(sign_in("21"), f"{PAGE}?apres=0.0001_900100001")


def test_sheet_of_an_older_list_is_linked_with_its_month(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    assert link_of(html_of(client), "Transports Inventés") == f"/entreprises/{CATALOGUE[0].siren}/"
    older = html_of(client, f"/listes/{JULY}/")
    assert link_of(older, "Transports Inventés") == f"/entreprises/{CATALOGUE[0].siren}/?liste={JULY}"


@pytest.mark.parametrize("month", ["2026-09", "2026-13", "octobre", "0"])
def test_unknown_list_is_not_found(sign_in, month: str) -> None:  # type: ignore[no-untyped-def]
    assert "Page introuvable" in html_of(sign_in("21"), f"/listes/{month}/", 404)


def test_counts_of_the_page_are_those_of_the_index(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21", "58")
    eleve, modere, jobs = row_of(html_of(client, "/listes/"), "Octobre\u00a02026")[2:5]
    text = text_of(html_of(client))
    assert f"{eleve}\u00a0élevée" in text
    assert f"{modere}\u00a0modérée" in text
    assert f"{jobs}\u00a0emplois" in text


def test_queries_do_not_grow_with_the_companies(sign_in, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(national=True)
    one, many = f"{PAGE}?q={CATALOGUE[0].siren}", PAGE
    client.get(PAGE)
    assert len(cards_of(html_of(client, one))) == 1
    with django_assert_num_queries(11):
        client.get(one)
    with django_assert_num_queries(11):
        client.get(many)


def test_release_deleted_meanwhile_is_not_found(sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    Release.objects.filter(list_month=OCTOBER).delete()
    assert html_of(client, PAGE, 404)
