from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report_sample import sample_report

from signaux_faibles.evaluation.rapport import words
from signaux_faibles.evaluation.rapport.fiche import Sheet, sheet_page

CARD = {
    "inputs": {"recipe": {"title": "Arbres boostés"}, "as_of": "2026-07", "train": "2016-01 to 2025-01"},
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
