"""What a list tells of its reasons is on the sheet: first reasons, comparisons, past cases, what happened since."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from signaux_faibles.web.entreprises.blocks.terms import told
from signaux_faibles.web.releases.models import Explication, Release
from web.release_sample import CATALOGUE, OCTOBER

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
ALERTED = CATALOGUE[1]
"""At 35 % in July, at 41 % in October."""


def read(client: Client) -> str:
    response = client.get(f"/entreprises/{ALERTED.siren}/")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html[html.index("<main") :])
    return re.sub(r"(&nbsp;|[\s\u00a0\u202f])+", " ", text)


def add(rang: int, nature: str, **other: object) -> None:
    release = Release.objects.get(release_id=f"essai-{OCTOBER}")
    fields = {"data_class": "urssaf", "theme": "dette_urssaf", "direction": "hausse"} | other
    Explication.objects.create(release=release, siren=ALERTED.siren, rang=rang, nature=nature, **fields)


@pytest.mark.parametrize(
    ("sentence", "comparison", "expected"),
    [
        ("L'entreprise a 3 ans.", "", "L’entreprise a 3 ans."),
        ("La dette est de 5 €.", "plus que 95\u202f% des entreprises du secteur",
         "La dette est de 5\u202f€\u00a0: plus que 95\u202f% des entreprises du secteur."),
        ("Marge brute : 2 %.", "moins que 80\u202f% des entreprises de la branche",
         "Marge brute\u00a0: 2\u202f%, moins que 80\u202f% des entreprises de la branche."),
    ],
)  # fmt: skip
def test_a_sentence_and_its_comparison_are_one(sentence: str, comparison: str, expected: str) -> None:
    assert told(sentence, comparison) == expected


def test_first_reasons_are_read_apart_heaviest_first(sign_in: SignIn) -> None:
    text = words(read(sign_in("21")))
    assert "Ce qui préoccupe" not in text
    assert "Ce qui rassure" not in text
    add(50, "variable", feature="debit", label="Dette", points=0.03, selection="preoccupant", sentence="Phrase une.")
    add(51, "variable", feature="retard", label="Retard", points=0.09, selection="preoccupant", sentence="Phrase deux.",
        comparison="plus que 91\u202f% des entreprises du secteur")  # fmt: skip
    add(52, "variable", feature="age", label="Âge", points=-0.021, selection="rassurant", sentence="Phrase trois.")
    add(53, "variable", feature="effectif", label="Effectif", points=-0.001, selection="", sentence="Phrase quatre.")
    html = read(sign_in("21"))
    text = words(html)
    first = text[text.index("Ce qui préoccupe") : text.index("Le détail par thème")]
    assert " ".join(first.split()) == (
        "Ce qui préoccupe Retard +9,0 pts Phrase deux : plus que 91 % des entreprises du secteur. Dette +3,0 pts"
        " Phrase une. Ce qui rassure Âge \u22122,1 pts Phrase trois."
    )
    assert "Phrase quatre" not in first


def test_what_a_variable_says_is_in_the_detail_of_its_theme(sign_in: SignIn) -> None:
    add(50, "variable", feature="debit", label="Dette", points=0.03, sentence="La dette est de 5 €.", value=5.0,
        unit="€", comparison="plus que 95\u202f% des entreprises du secteur")  # fmt: skip
    text = words(read(sign_in("21")))
    assert "Dette. La dette est de 5 € : plus que 95 % des entreprises du secteur. 5 € +3,0" in text


def test_past_cases_are_told_beside_the_risk(sign_in: SignIn) -> None:
    assert "Ce que montre le passé" not in words(read(sign_in("21")))
    add(90, "similaires", theme="", data_class="score", sentence="Sur 100 entreprises, 37 ont connu une défaillance.")
    text = words(read(sign_in("21")))
    assert "Ce que montre le passé : Sur 100 entreprises, 37 ont connu une défaillance." in text


def test_a_company_of_which_nothing_is_known_is_told_so(sign_in: SignIn) -> None:
    Explication.objects.filter(release_id=f"essai-{OCTOBER}", siren=ALERTED.siren, nature="base").update(
        sentence="Rien n'est connu de cette entreprise."
    )
    assert "Rien n’est connu de cette entreprise." in words(read(sign_in("21")))


def change(points: float, rang: int, label: str, sentence: str, **other: object) -> None:
    add(rang, "evolution", label=label, points=points, sentence=sentence, **other)


def test_what_happened_since_the_list_before_adds_up_to_the_change(sign_in: SignIn) -> None:
    change(0.0811, 60, "Dettes Urssaf", "La dette est passée de 1 € à 9 €.",
           comparison="plus que 95\u202f% des entreprises du secteur")  # fmt: skip
    change(-0.0206, 61, "Effectif", "L'effectif est passé de 9 à 8 salariés.", theme="effectif", data_class="public",
           comparison="baisse plus forte que pour 80\u202f% des entreprises du secteur")  # fmt: skip
    change(-0.0005, 62, "Santé financière", "Rien.", theme="sante_financiere", data_class="public")
    html = read(sign_in("21"))
    table = html[html.index('aria-labelledby="changements"') :]
    table = table[: table.index("</table>")]
    text = re.sub(r"(&nbsp;|[\s\u00a0\u202f])+", " ", re.sub(r"<[^>]+>", " ", table))
    assert "La dette est passée de 1 € à 9 €. C’est aujourd’hui plus que 95 % des entreprises du secteur." in text
    assert "L’effectif est passé de 9 à 8 salariés. \u2212" in text, "a comparison of a change is not one of today"
    effects = [
        Decimal(re.sub(r"[^\d,\-]", "", cell.replace("\u2212", "-")).replace(",", "."))
        for cell in re.findall(r'data-titre="Effet">(.*?)</td>', re.sub(r"</?(strong|span)[^>]*>", "", table))
    ]
    assert effects[0] == Decimal("6.0")
    assert sum(effects[1:]) == effects[0]
    assert "+18,6 pts" not in text, "points of each list are those of the lists, not what happened"


def test_changes_that_do_not_add_up_are_not_shown(sign_in: SignIn) -> None:
    """One of the lines is of a class that the agent may not see: the table of both lists stands."""
    change(0.08, 60, "Dettes Urssaf", "La dette est passée de 1 € à 9 €.")
    text = words(read(sign_in("21")))
    assert "La dette est passée" not in text
    assert re.search(r"Dettes Urssaf\s+\+18,6 pts\s+\+22,2 pts\s+\+3,6 pts", text)


def test_an_agent_out_of_the_zone_reads_none_of_it(sign_in: SignIn) -> None:
    add(50, "variable", feature="debit", label="Dette", points=0.03, selection="preoccupant", sentence="Phrase une.")
    add(90, "similaires", theme="", data_class="score", sentence="Sur 100 entreprises, 37 ont connu une défaillance.")
    change(0.06, 60, "Dettes Urssaf", "La dette est passée de 1 € à 9 €.")
    text = words(read(sign_in("75")))
    assert not [found for found in ("Phrase une", "Sur 100 entreprises", "La dette est passée") if found in text]
