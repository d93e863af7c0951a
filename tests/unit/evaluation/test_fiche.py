from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report_sample import sample_report

from signaux_faibles.evaluation.rapport import words
from signaux_faibles.evaluation.rapport.fiche import Sheet, sheet_page
from signaux_faibles.lists.places import Capacity

CARD = {
    "inputs": {
        "recipe": {"title": "Arbres boostés", "fill_missing_with_zero": False},
        "as_of": "2026-07",
        "train": "2016-01 to 2025-01",
    },
    "training": {"rows_count": 169_120, "positives_count": 2_345},
    "meaning": {"calibrator": {"kind": "beta"}, "thresholds": {"eleve": 0.2213, "modere": 0.0804}},
}


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    report = sample_report()
    return Sheet(
        model_id="boosting-2026-07-essai",
        status="en service",
        promoted_for="meilleur que la forêt",
        card=CARD,
        features_by_theme={"Dettes Urssaf": 30, "Effectif": 14},
        sources=["cotisations (Urssaf)", "répertoire Sirene (Insee)"],
        figures=report["figures"],
        backtest_id=report["backtest_id"],
        is_synthetic=True,
    )


def test_the_sheet_answers_what_is_asked_of_a_public_algorithm(sheet: Sheet) -> None:
    text = sheet_page(sheet)
    titles = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert titles == [
        "Identité",
        "À quoi il sert",
        "Les données",
        "Comment il calcule",
        "La place de l'humain",
        "Ce qu'il vaut",
        "Ses limites",
        "Vos droits",
    ]
    for found in (
        "boosting-2026-07-essai, en service",
        "meilleur que la forêt",
        "Le modèle lit 44 variables",
        "169\u202f120 situations",
        "22,1\u00a0%",
        "8,0\u00a0%",
        "courbe bêta",
        "janvier 2016 à janvier 2025",
        "CADA",
    ):
        assert found in text
    for one in sheet.figures.values():  # type: ignore[union-attr]
        assert words.interval(one["average_precision"]) in text


def test_a_model_never_judged_is_said_not_to_be_for_use(sheet: Sheet) -> None:
    text = sheet_page(replace(sheet, figures=None, is_synthetic=False, promoted_for=""))
    assert "n'a pas été évalué" in text
    assert "inventée" not in text
    assert "Motif" not in text


def one_line(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").split())


@pytest.mark.parametrize("is_filled", [False, True])
def test_what_is_unknown_is_said_to_be_what_the_recipe_makes_of_it(sheet: Sheet, is_filled: bool) -> None:
    recipe = {**CARD["inputs"]["recipe"], "fill_missing_with_zero": is_filled}  # type: ignore[dict-item]
    text = one_line(sheet_page(replace(sheet, card={**CARD, "inputs": {**CARD["inputs"], "recipe": recipe}})))
    assert ("jamais remplacée par zéro" in text) is not is_filled
    assert ("une donnée inconnue est remplacée par zéro" in text) is is_filled


@pytest.mark.parametrize(
    ("capacity", "sentence"),
    [
        (Capacity(10, 40), "alerte élevée pour les 10 premières, modérée pour les 30 suivantes."),
        (Capacity(1, 2), "alerte élevée pour la première, modérée pour la suivante."),
        (Capacity(5, 5), "alerte élevée pour les 5 premières, aucune alerte modérée."),
    ],
)
def test_levels_given_by_places_are_said_so_and_no_threshold_is(
    sheet: Sheet, capacity: Capacity, sentence: str
) -> None:
    text = one_line(sheet_page(replace(sheet, capacity=capacity)))
    assert sentence in text
    assert "à partir de 22,1" not in text
    assert "n'ont donné aucun niveau de cette liste" in text
    by_thresholds = one_line(sheet_page(sheet))
    assert "alerte élevée à partir de 22,1" in by_thresholds
    assert "dans chaque département" not in by_thresholds
