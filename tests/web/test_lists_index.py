"""The index of the lists: what an agent counts is what the agent may see."""

from __future__ import annotations

import pytest
from django.test import Client

from signaux_faibles.web.releases.models import Release
from web.pages import row_of, text_of
from web.release_sample import COMPANIES, JULY, OCTOBER, Company, evolution, is_first_alert, niveau

pytestmark = pytest.mark.django_db


def in_zone(company: Company, codes: set[str]) -> bool:
    """True when a company has its head office or an active establishment there."""
    return bool(codes & {company.departement, *company.others})


def expected(month: str, codes: set[str] | None) -> list[str]:
    """Cells of a list in the index, worked out from the sample."""
    seen = [c for c in COMPANIES if codes is None or in_zone(c, codes)]
    alerts = [c for c in seen if niveau(c, month) in ("eleve", "modere")]
    entries = sum(evolution(c, month) == "entree" for c in alerts)
    exits = sum(evolution(c, month) == "sortie" for c in seen)
    jobs = sum(c.effectif or 0 for c in alerts)
    return [
        str(sum(niveau(c, month) == "eleve" for c in alerts)),
        str(sum(niveau(c, month) == "modere" for c in alerts)),
        f"{jobs:,}".replace(",", "\u202f"),
        str(sum(is_first_alert(c, month) for c in alerts)),
        f"+{entries}" if entries else "0",
        f"−{exits}" if exits else "0",
    ]


@pytest.mark.parametrize("codes", [None, {"21"}, {"58", "71"}, {"2A"}])
def test_counts_are_those_of_the_zone(sign_in, codes: set[str] | None) -> None:  # type: ignore[no-untyped-def]
    client: Client = sign_in(*(codes or ()), national=codes is None)
    html = client.get("/listes/").content.decode()
    assert row_of(html, "Octobre\u00a02026")[2:] == expected(OCTOBER, codes)
    assert row_of(html, "Juillet\u00a02026")[2:] == expected(JULY, codes)


def test_lists_come_latest_first_and_the_latest_says_so(sign_in) -> None:  # type: ignore[no-untyped-def]
    text = text_of(sign_in(national=True).get("/listes/").content.decode())
    assert text.index("Octobre\u00a02026 La plus récente") < text.index("Juillet\u00a02026 juin\u00a02026")


def test_chart_concludes_and_stacks_both_lists(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = sign_in(national=True).get("/listes/").content.decode()
    assert "Le nombre d’alertes augmente" in html
    assert html.count('class="sf-b--eleve"') == 3  # Two bars and the key.
    assert "25\u00a0modérées" in html


def test_agent_without_zone_counts_nothing_and_is_told_why(sign_in) -> None:  # type: ignore[no-untyped-def]
    html = sign_in().get("/listes/").content.decode()
    assert "Votre compte n’a pas encore de zone" in html
    assert row_of(html, "Octobre\u00a02026")[2:5] == ["0", "0", "0"]


def test_no_list_yet(sign_in) -> None:  # type: ignore[no-untyped-def]
    Release.objects.all().delete()
    answer = sign_in(national=True).get("/listes/")
    assert answer.status_code == 200
    assert "Aucune liste publiée" in answer.content.decode()


def test_queries_do_not_grow_with_the_lists(sign_in, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = sign_in("21")
    client.get("/listes/")
    with django_assert_num_queries(6):
        client.get("/listes/")
    Release.objects.filter(list_month=JULY).delete()
    with django_assert_num_queries(6):
        client.get("/listes/")
