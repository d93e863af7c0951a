"""From a notice of the Bodacc to raw cells."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from signaux_faibles.domain.jugement import nature_of
from signaux_faibles.domain.siren import Identifier, siren_kind
from signaux_faibles.sources.bodacc import CELLS, flatten

SAMPLE = Path(__file__).parents[2] / "fixtures/bodacc_liquidations.csv"


def person(number: str, place: str = "numeroImmatriculation", key: str = "numeroIdentification") -> dict[str, object]:
    return {"typePersonne": "pm", place: {key: number, "codeRCS": "RCS"}}


def notice(**changes: object) -> dict[str, object]:
    jugement = {
        "famille": "Jugement d'ouverture",
        "nature": "Jugement d'ouverture de liquidation judiciaire",
        "date": "2024-01-08",
    }
    return {
        "publicationavis": "A",
        "parution": "20240012",
        "dateparution": "2024-01-18",
        "numeroannonce": 345,
        "typeavis": "annonce",
        "familleavis": "collective",
        "numerodepartement": "69",
        "tribunal": "GREFFE DU TRIBUNAL DE COMMERCE DE LYON",
        "listepersonnes": json.dumps({"personne": person("123 456 789")}),
        "jugement": json.dumps(jugement),
        "parutionavisprecedent": None,
    } | changes


def cells(**changes: object) -> dict[str, str]:
    found = flatten(notice(**changes))
    assert found is not None
    assert tuple(found) == CELLS
    return found


def judged(**changes: str) -> dict[str, str]:
    given = json.loads(str(notice()["jugement"])) | changes
    return cells(jugement=json.dumps(given))


def test_an_opening() -> None:
    assert cells() == {
        "sirens": "123456789",
        "sirens_illisibles": "",
        "annonce": "A20240012345",
        "date_parution": "2024-01-18",
        "date_jugement": "2024-01-08",
        "famille": "Jugement d'ouverture",
        "nature": "Jugement d'ouverture de liquidation judiciaire",
        "action": "liquidation",
        "stade": "ouverture",
        "regle": "connue",
        "type_avis": "initial",
        "annonce_precedente": "",
        "tribunal": "GREFFE DU TRIBUNAL DE COMMERCE DE LYON",
        "departement": "69",
        "exclusion": "",
    }


@pytest.mark.parametrize(
    ("people", "sirens", "unreadable"),
    [
        ({"personne": [person("123 456 789"), person("987 654 321")]}, "123456789 987654321", ""),
        ({"personne": person("123\u00a0456 789", "inscriptionRM", "numeroIdentificationRM")}, "123456789", ""),
        ({"personne": [person("123 456 789"), person("123456789"), person("12 34")]}, "123456789", "1234"),
        ({"personne": [person("12 34")]}, "1234", ""),
    ],
)
def test_companies(people: dict[str, object], sirens: str, unreadable: str) -> None:
    for written in (people, json.dumps(people)):
        found = cells(listepersonnes=written)
        assert (found["sirens"], found["sirens_illisibles"], found["exclusion"]) == (sirens, unreadable, "")


@pytest.mark.parametrize("registre", [["123 456 789", "123456789"], "123 456 789,123456789"])
def test_the_register_names_a_company_whose_list_does_not(registre: object) -> None:
    assert (
        cells(listepersonnes=json.dumps({"personne": {"nonInscrit": "x"}}), registre=registre)["sirens"] == "123456789"
    )


@pytest.mark.parametrize("people", ["", "{", None, "[]", '{"personne": 3}', '{"personne": [3, null]}'])
def test_a_notice_without_a_company_is_left_out(people: object) -> None:
    assert cells(listepersonnes=people)["exclusion"] == "sans_siren"


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2020-01-01", "2020-01-01"),
        ("01/02/2020", "2020-02-01"),
        ("1er janvier 2020", "2020-01-01"),
        ("1er\u00a0janvier\u00a02020", "2020-01-01"),
        ("27 Août 2008", "2008-08-27"),
        ("27 dÃ©cembre 2008", "2008-12-27"),
        ("32 brumaire 2008", "32 brumaire 2008"),
        ("0009-01-01", "0009-01-01"),
    ],
)
def test_dates(written: str, iso: str) -> None:
    assert judged(date=written)["date_jugement"] == iso


def test_text_decoded_twice_is_repaired() -> None:
    found = judged(nature="Jugement de clÃ´ture pour insuffisance d'actif", famille="Jugement de clÃ´ture")
    assert (found["nature"], found["famille"], found["stade"]) == (
        "Jugement de clôture pour insuffisance d'actif",
        "Jugement de clôture",
        "fin_procedure",
    )


def test_an_unknown_nature_keeps_its_row_without_an_action() -> None:
    found = judged(nature="Jugement nouveau genre")
    assert (found["action"], found["stade"], found["regle"], found["exclusion"]) == ("", "", "", "")


@pytest.mark.parametrize("famille", ["Avis de dépôt", "Extrait de jugement", "Loi de 1967", "Avis de dÃ©pÃ´t"])
def test_families_that_say_nothing_of_a_proceeding(famille: str) -> None:
    assert judged(famille=famille)["exclusion"] == "famille_exclue"


def test_notices_of_other_kinds_are_left_out() -> None:
    assert cells(familleavis="vente")["exclusion"] == "autre_famille"
    assert cells(familleavis="", familleavis_lib="Procédures collectives")["exclusion"] == ""


PREVIOUS = {"nomPublication": "BODACC A", "numeroParution": "20240010", "numeroAnnonce": "77"}


@pytest.mark.parametrize("written", [PREVIOUS, json.dumps(PREVIOUS), {"parutionAvisPrecedent": PREVIOUS}])
@pytest.mark.parametrize(
    ("type_avis", "found", "action"),
    [("rectificatif", "rectificatif", "liquidation"), ("annulation", "annulation", "")],
)
def test_a_later_notice_names_the_one_it_discards(written: object, type_avis: str, found: str, action: str) -> None:
    read = cells(typeavis=type_avis, parutionavisprecedent=written)
    assert (read["type_avis"], read["annonce_precedente"], read["action"]) == (found, "A2024001077", action)


def test_an_initial_notice_discards_none() -> None:
    assert cells(parutionavisprecedent=json.dumps(PREVIOUS))["annonce_precedente"] == ""


@pytest.mark.parametrize("key", ["famille", "nature"])
def test_a_retraction_discards_as_a_cancellation_does(key: str) -> None:
    given = json.loads(str(notice()["jugement"])) | {key: "Rétractation sur tierce opposition"}
    read = cells(jugement=json.dumps(given), parutionavisprecedent=json.dumps(PREVIOUS))
    assert (read["type_avis"], read["annonce_precedente"], read["action"], read["stade"]) == (
        "annulation",
        "A2024001077",
        "",
        "",
    )


def test_a_cancellation_without_a_judgment_is_no_unknown_nature() -> None:
    assert cells(typeavis="annulation", jugement=None)["regle"] == "connue"


@pytest.mark.parametrize("wrapped", [{"record": {"fields": notice()}}, {"fields": notice()}])
def test_older_forms_of_the_same_interface(wrapped: dict[str, object]) -> None:
    assert flatten(wrapped) == flatten(notice())


def test_a_document_of_another_data_set() -> None:
    assert flatten({"siren": "123456789"}) is None


def test_every_nature_of_a_year_of_liquidations_has_a_rule() -> None:
    with SAMPLE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 544
    assert {siren_kind(row["RCS"]) for row in rows} == {Identifier.FAKE}
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        rule = nature_of(row["NATURE"])
        assert rule is not None, row["NATURE"]
        counts[rule.action, rule.stade] = counts.get((rule.action, rule.stade), 0) + 1
    assert counts == {
        ("liquidation", "conversion"): 261,
        ("liquidation", "ouverture"): 148,
        ("liquidation", "fin_procedure"): 127,
        ("liquidation", "extension"): 5,
        ("redressement", "extension"): 3,
    }
