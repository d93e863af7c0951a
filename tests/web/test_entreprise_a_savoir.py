"""What the sheet says beside the level: flags and expert rules, each only to whoever may read its class."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.entreprises.blocks.sheet import build_sheet
from signaux_faibles.web.entreprises.selectors import read_sheet
from signaux_faibles.web.releases.models import Definition, Entreprise, Release, Score
from web.pages import text_of
from web.release_sample import CATALOGUE, OCTOBER, Company

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
RAISED, PLANNED, YOUNG, MODERATE, UNKNOWN, PLAIN = (CATALOGUE[rank - 1] for rank in (1, 2, 3, 4, 5, 6))
RELEASE = f"essai-{OCTOBER}"
PLAN, TITLE = "Délai de paiement Urssaf en cours", "À savoir à côté du niveau"


def main_of(client: Client, company: Company, query: str = "") -> str:
    """Words of a sheet, from its title on, with plain spaces."""
    response = client.get(f"/entreprises/{company.siren}/{query}")
    assert response.status_code == 200
    html = response.content.decode()
    return text_of(html[html.index("<main") :]).replace("\u00a0", " ").replace("\u202f", " ")


def told_to(company: Company, *hidden: DataClass) -> str:
    """The block, for an agent who may read every class of the company but some; empty without a block."""
    release = Release.objects.get(pk=RELEASE)
    entreprise = Entreprise.objects.get(release=release, siren=company.siren)
    block = build_sheet(read_sheet(release, entreprise, frozenset(DataClass) - set(hidden))).a_savoir
    if block is None:
        return ""
    html = render_to_string("entreprises/blocs/a_savoir.html", {"bloc": block})
    return text_of(html).replace("\u00a0", " ").replace("\u202f", " ")


def change(company: Company, **fields: object) -> None:
    assert Score.objects.filter(release_id=RELEASE, siren=company.siren).update(**fields) == 1


@pytest.mark.parametrize(
    ("company", "label", "reason"),
    [
        (PLANNED, PLAN, "L’Urssaf a accordé un échéancier qui court encore"),
        (YOUNG, "Entreprise créée depuis moins de 3 ans", "Une jeune entreprise a peu d’historique"),
        (UNKNOWN, "Peu d’informations : rien n’est connu que l’identité", "le risque affiché est surtout celui"),
    ],
)
def test_each_flag_is_told_with_its_reason(sign_in: SignIn, company: Company, label: str, reason: str) -> None:
    text = main_of(sign_in("21"), company)
    assert TITLE in text
    assert label in text
    assert reason in text
    assert "Règle d’experts remplie" not in text


def test_company_without_flag_nor_rule_has_no_block(sign_in: SignIn) -> None:
    assert TITLE not in main_of(sign_in("75"), PLAIN)


def test_rules_that_fired_are_told_with_what_they_do(sign_in: SignIn) -> None:
    text = main_of(sign_in("21"), RAISED)
    assert "Règle d’experts remplie Hausse récente de la dette Urssaf" in text
    assert "Relève le niveau d’un cran" in text
    assert "Le modèle seul disait" not in text
    assert "Règles d’experts remplies" in main_of(sign_in("21"), MODERATE)


def test_fiscal_rules_are_one_word(sign_in: SignIn) -> None:
    text = main_of(sign_in("21"), MODERATE)
    assert text.count("Règles fondées sur des données fiscales confidentielles") == 1


def test_level_of_the_model_alone_is_told_when_a_rule_changed_it(sign_in: SignIn) -> None:
    change(RAISED, niveau_avant_regles="modere")
    text = main_of(sign_in("21"), RAISED)
    assert "La règle ci-dessous a relevé le niveau. Le modèle seul disait : alerte modérée." in text
    change(MODERATE, niveau_avant_regles="eleve")
    text = main_of(sign_in("21"), MODERATE)
    assert "Les règles ci-dessous ont abaissé le niveau. Le modèle seul disait : alerte élevée." in text


def test_a_flag_of_urssaf_is_not_told_without_that_right() -> None:
    change(PLANNED, flags=["delai_en_cours", "creation_recente"])
    assert PLAN in told_to(PLANNED)
    text = told_to(PLANNED, DataClass.URSSAF)
    assert "Entreprise créée depuis moins de 3 ans" in text
    assert "Urssaf" not in text
    change(PLANNED, flags=["delai_en_cours"])
    assert told_to(PLANNED, DataClass.URSSAF) == ""


def test_a_rule_is_told_by_its_class_and_the_level_before_only_with_all_of_them() -> None:
    change(MODERATE, niveau_avant_regles="aucun", flags=[])
    text = told_to(MODERATE)
    assert "Activité partielle élevée" in text
    assert "Le modèle seul disait : pas d’alerte." in text
    text = told_to(MODERATE, DataClass.DGEFP)
    assert "Activité partielle" not in text
    assert "Règles fondées sur des données fiscales confidentielles" in text
    assert "Le modèle seul" not in text, "the level before would tell that another rule fired"


def test_a_code_that_the_dictionary_does_not_know_is_told_to_nobody(sign_in: SignIn) -> None:
    assert Definition.objects.filter(release_id=RELEASE, table="flags", column="delai_en_cours").delete()[0] == 1
    text = main_of(sign_in(national=True), PLANNED)
    assert TITLE not in text
    assert "delai_en_cours" not in text


@pytest.mark.parametrize("zone", [("75",), ()])
@pytest.mark.parametrize("company", [RAISED, PLANNED, YOUNG, MODERATE, UNKNOWN])
def test_agent_out_of_the_zone_reads_none_of_it(sign_in: SignIn, company: Company, zone: tuple[str, ...]) -> None:
    text = main_of(sign_in(*zone), company)
    for words in (TITLE, PLAN, "créée depuis moins", "rien n’est connu", "Hausse récente", "données fiscales"):
        assert words not in text


def test_company_in_a_proceeding_keeps_what_is_to_know(sign_in: SignIn) -> None:
    closed = next(company for company in CATALOGUE if company.exclusion == "procedure")
    change(closed, flags=["delai_en_cours"])
    text = main_of(sign_in("89"), closed)
    assert "Pas de score" in text
    assert PLAN in text


def test_a_release_without_flags_says_nothing(sign_in: SignIn) -> None:
    change(PLANNED, flags=None, redressements=None)
    assert TITLE not in main_of(sign_in("21"), PLANNED)
