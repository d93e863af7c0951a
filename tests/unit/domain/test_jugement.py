"""What the wording of a judgment says."""

from __future__ import annotations

import pytest

from signaux_faibles.domain.jugement import nature_of, natures, plain, repaired
from signaux_faibles.domain.procol import ACTIONS


def test_every_rule_is_reached_by_its_own_example() -> None:
    for rank, rule in enumerate(natures()):
        found = nature_of(rule.exemple, rule.complement.pattern)
        assert found is rule, f"rule {rank}: {rule.exemple!r} meets {found and found.motif.pattern!r} first"


def test_rules_speak_of_known_kinds_only() -> None:
    assert len(natures()) > 45
    assert {rule.action for rule in natures()} == {"", *ACTIONS}


@pytest.mark.parametrize(
    ("wording", "action", "stade"),
    [
        ("Jugement d'ouverture d'une procédure de redressement judiciaire", "redressement", "ouverture"),
        ("JUGEMENT D’OUVERTURE DE LIQUIDATION\u00a0JUDICIAIRE", "liquidation", "ouverture"),
        ("Jugement prononçant la liquidation judiciaire", "liquidation", "ouverture"),
        ("Jugement d'ouverture d'une procédure de sauvegarde financière accélérée", "sauvegarde", "ouverture"),
        (
            "Jugement de conversion en liquidation judiciaire de la procédure de sauvegarde financière accélérée",
            "liquidation",
            "conversion",
        ),
        ("Jugement de clÃ´ture pour insuffisance d'actif", "liquidation", "fin_procedure"),
        (
            "Jugement de clôture pour insuffisance d'actif et autorisant la reprise des poursuites individuelles",
            "liquidation",
            "fin_procedure",
        ),
        ("Jugement modifiant le plan de continuation", "redressement", "plan_continuation"),
        ("Jugement arrêtant le plan de sauvegarde accélérée", "sauvegarde", "plan_continuation"),
        (
            "Jugement prononçant la résolution du plan de sauvegarde accélérée et la liquidation judiciaire",
            "liquidation",
            "ouverture",
        ),
        (
            "Jugement prononçant la résolution du plan de traitement de sortie de crise et le redressement judiciaire",
            "redressement",
            "ouverture",
        ),
        ("Jugement de faillite personnelle Loi de 1985", "", ""),
        (
            "Liste des créances nées après le jugement d'ouverture d'une procédure de liquidation judiciaire",
            "",
            "",
        ),
        ("Autre jugement prononçant", "", ""),
        ("Autre arrêt de la Cour d'Appel", "", ""),
        ("Jugement mettant fin à la procédure de sauvegarde financière accélérée", "sauvegarde", "fin_procedure"),
    ],
)
def test_wordings(wording: str, action: str, stade: str) -> None:
    found = nature_of(wording)
    assert found is not None
    assert (found.action, found.stade) == (action, stade)


@pytest.mark.parametrize("wording", ["", "Vente de fonds de commerce", "Jugement"])
def test_an_unknown_wording_is_not_guessed(wording: str) -> None:
    assert nature_of(wording) is None


@pytest.mark.parametrize(
    ("found", "right"),
    [("clÃ´ture", "clôture"), ("procÃ©dure Ã\u00a0 Lyon", "procédure à Lyon"), ("Ância", "Ância"), ("côté", "côté")],
)
def test_text_decoded_twice(found: str, right: str) -> None:
    assert repaired(found) == right


def test_plain_text() -> None:
    assert plain("  Procédure\u00a0 d’Été ") == "procedure d'ete"
