"""How sure the displayed risk is, and what it is at nearer horizons."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from signaux_faibles.web.releases.models import Release, Score
from web.pages import text_of
from web.release_sample import CATALOGUE, OCTOBER, WITHOUT_CURVE, Company

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
ALERTED, UNKNOWN, IN_PROCEDURE, BARE = (CATALOGUE[rank - 1] for rank in (2, 5, 11, WITHOUT_CURVE))
"""At 41 % between 33 and 51 %; at 14 % between 4 and 56 %; without score; without bounds nor curve."""


def read(client: Client, company: Company) -> str:
    response = client.get(f"/entreprises/{company.siren}/")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    text = text_of(html[html.index("<main") :])
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def section(html: str, anchor: str) -> str:
    start = html.index(f'aria-labelledby="{anchor}"')
    return html[start : html.index("</section>", start)]


def test_risk_is_shown_with_its_interval_and_what_it_means(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), ALERTED))
    assert "41 % de risque à 18 mois entre 33 et 51 % Le passé ne permet pas d’être plus précis" in text
    assert "9 fois sur 10, le risque réel d’un tel score est dans cet intervalle." in text
    assert "D’une borne à l’autre" not in text


def test_interval_that_crosses_a_threshold_says_that_the_level_is_not_sure(sign_in: SignIn) -> None:
    text = words(read(sign_in("21"), UNKNOWN))
    assert "entre 4 et 56 %" in text
    assert "D’une borne à l’autre, le niveau irait de « pas d’alerte » à « alerte élevée »." in text
    assert "Peu d’informations" in text
    assert "son risque peut être celui de 9 entreprises sur 10" in text
    assert "Le passé ne permet pas" not in text


def test_release_without_interval_nor_curve_says_so(sign_in: SignIn) -> None:
    html = read(sign_in("21"), BARE)
    text = words(html)
    assert "La publication ne dit pas à combien de points près." in text
    assert "Risque à 18 mois seulement" in text
    assert "9 fois sur 10" not in text
    assert "<figure" not in section(html, "echeances")


def test_curve_has_its_figures_in_a_table_and_in_words(sign_in: SignIn) -> None:
    html = section(read(sign_in("21"), ALERTED), "echeances")
    rows = [text_of(row) for row in re.findall(r"<tr>.*?</tr>", html)]
    assert rows == [
        "Échéance Risque Intervalle à 90\u202f%",
        "3\u00a0mois 6,6\u202f% –",
        "6\u00a0mois 14\u202f% –",
        "12\u00a0mois 29\u202f% –",
        "18\u00a0mois 41\u202f% entre 33 et 51\u202f%",
    ]
    label = re.search(r'role="img" aria-label="([^"]*)"', html)
    assert label is not None
    for row in ("6,6\u202f% à 3", "14\u202f% à 6", "29\u202f% à 12", "41\u202f% à 18", "entre 33 et 51\u202f%"):
        assert row in label[1]
    assert "Le risque s’étale sur les 18\u00a0mois" in html
    assert 'tabindex="0" role="region" aria-label="Tableau\u00a0: Risque selon l’échéance"' in html
    assert "<script" not in html


def test_horizon_that_the_model_does_not_tell_is_left_out(sign_in: SignIn) -> None:
    Score.objects.filter(release__list_month=OCTOBER, siren=ALERTED.siren).update(probability_3m=None)
    html = section(read(sign_in("21"), ALERTED), "echeances")
    assert "3\u00a0mois</th>" not in html
    assert "6\u00a0mois</th>" in html
    assert html.count("<circle") == 3


def test_company_without_score_has_no_curve(sign_in: SignIn) -> None:
    assert 'id="echeances"' not in read(sign_in("89"), IN_PROCEDURE)


def test_agent_out_of_the_zone_reads_neither(sign_in: SignIn) -> None:
    html = read(sign_in("75"), ALERTED)
    assert 'id="echeances"' not in html
    assert "9\u00a0fois sur" not in html
    assert "entre 33 et 51" not in html


def test_change_among_the_variables_has_its_sign(sign_in: SignIn) -> None:
    """The list says that a variable is a change by its name; a level has no sign."""
    html = read(sign_in("21"), ALERTED)
    row = re.search(r"Variable effectif_change_12m_ratio.*?</tr>", html, re.S)
    assert row is not None
    assert "+0,8\u202f%" in row[0]
    row = re.search(r"Variable debt_share.*?</tr>", html, re.S)
    assert row is not None
    assert ">38\u202f%" in row[0]


def test_list_by_places_says_so_and_draws_no_threshold(sign_in: SignIn) -> None:
    release = Release.objects.get(list_month=OCTOBER)
    client = sign_in("21")
    sentence = "10 alertes élevées, 30 modérées au plus"
    assert sentence not in words(read(client, UNKNOWN))
    assert "sf-cas-seuil" in read(client, UNKNOWN)
    Release.objects.filter(pk=release.pk).update(manifest=release.manifest | {"capacity": {"eleve": 10, "alerts": 40}})
    html = read(client, UNKNOWN)
    assert sentence in words(html)
    assert "entre 4 et 56 %" in words(html)
    assert "D’une borne à l’autre" not in words(html), "no threshold gave the level"
    assert "sf-cas-seuil" not in html
    assert sentence in words(client.get(f"/listes/{OCTOBER}/").content.decode())
    Score.objects.filter(release=release, siren=UNKNOWN.siren).update(niveau="aucun")
    text = words(read(client, UNKNOWN))
    assert "L’entreprise n’est pas en alerte dans cette liste" in text
    assert "sous les seuils" not in text
