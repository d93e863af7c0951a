"""The report in French: what it must hold, and what it must never hold."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET

import pytest
from tests.report_sample import sample_drift, sample_report

from signaux_faibles.evaluation.rapport import words
from signaux_faibles.evaluation.rapport.details import details_page
from signaux_faibles.evaluation.rapport.drawing import Drawing, Series, bars, lines
from signaux_faibles.evaluation.rapport.page import Setting, plain_page
from signaux_faibles.evaluation.report import Report

SETTING = Setting("boosting-2026-10-essai", is_synthetic=True, drift=sample_drift())


@pytest.fixture(scope="module")
def report() -> Report:
    return sample_report()


@pytest.fixture(scope="module")
def files(report: Report) -> dict[str, str]:
    return plain_page(report, SETTING) | details_page(report, SETTING)


def test_the_page_tells_both_protocols_with_the_figures_of_the_report(report: Report, files: dict[str, str]) -> None:
    page = files["rapport.md"]
    for protocol, label in words.PROTOCOL_LABELS.items():
        one = report["figures"][protocol]
        assert label in page
        assert words.interval(one["average_precision"]) in page
        assert words.percent(one["eleve"]["precision"]) in page
    assert words.percent(report["lead_times"][0]["caught_share"]) in page
    assert words.percent_interval(report["capacity"]["with_known"][0]["precision"]) in page


def test_every_drawing_and_page_named_is_there_and_has_a_text(files: dict[str, str]) -> None:
    page = files["rapport.md"]
    images = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page)
    assert len(images) == 5
    assert {name for _, name in images} == {name for name in files if name.endswith(".svg")}
    assert all(len(text) > 40 for text, _ in images)
    assert set(re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+\.md)\)", "".join(files.values()))) <= set(files)


def test_drawings_are_whole_and_hold_nothing_inline(files: dict[str, str]) -> None:
    for name, text in files.items():
        if name.endswith(".svg"):
            root = ET.fromstring(text)
            assert root.tag.endswith("svg")
            assert root.find("{http://www.w3.org/2000/svg}title").text  # type: ignore[union-attr]
            assert re.findall(r"\bstyle\b|<script|on\w+=|href", text) == []


def test_an_invented_france_says_so_and_a_real_one_does_not(report: Report) -> None:
    assert "France inventée" in plain_page(report, SETTING)["rapport.md"]
    assert "inventée" not in plain_page(report, Setting("m", is_synthetic=False))["rapport.md"]


def test_a_drift_is_told_on_the_page_and_in_the_tables(report: Report, files: dict[str, str]) -> None:
    assert "**Attention : des variables ont beaucoup changé" in files["rapport.md"]
    assert "## Dérive" in files["rapport_details.md"]
    assert "## Dérive" not in details_page(report, Setting("m", is_synthetic=True))["rapport_details.md"]


def test_slices_name_manufacturing_and_covid_apart(report: Report, files: dict[str, str]) -> None:
    assert "C – Industrie manufacturière" in files["rapport_details.md"]
    assert "crise sanitaire (2020 et 2021)" in files["rapport_details.md"]
    assert "Dans l'industrie manufacturière" in files["rapport.md"]
    assert {one["dimension"] for one in report["slices"]["with_known"]} == {
        "secteur", "taille", "region", "age", "annee", "periode",
    }  # fmt: skip


def test_a_percentage_too_high_is_said_to_be(report: Report) -> None:
    changed = copy.deepcopy(report)
    changed["figures"]["without_known"]["eleve"]["observed_over_expected"] = 0.5
    changed["figures"]["without_known"]["observed_over_expected"] = 2.0
    page = plain_page(changed, SETTING)["rapport.md"]
    assert "0,50 parmi les alertes élevées (**pourcentage affiché trop haut**)" in page
    assert "2,00 sur l'ensemble (**pourcentage affiché trop bas**)" in page


def test_what_is_not_known_never_reads_as_a_number(report: Report) -> None:
    """A backtest without alert, without departement and without attributes is still a page."""
    empty = copy.deepcopy(report)
    for one in empty["figures"].values():
        for level in ("eleve", "modere"):
            one[level] |= {"flagged_share": 0.0, "precision": 0.0, "recall": 0.0, "observed_over_expected": None}
    for one in empty["lead_times"]:
        one |= {"caught_count": 0, "caught_share": 0.0, "lead_median_months": None}
        one |= {"lead_q25_months": None, "lead_q75_months": None, "by_class": dict.fromkeys(one["by_class"], 0)}
    empty |= {"capacity": {"without_known": [], "with_known": []}, "has_attributes": False, "churn": []}
    for protocol, slices in empty["slices"].items():
        empty["slices"][protocol] = [one for one in slices if one["dimension"] in ("taille", "annee")]
    found = plain_page(empty, SETTING) | details_page(empty, SETTING)
    assert "Aucune entreprise jugée n'atteint l'alerte élevée" in found["rapport.md"]
    assert "Aucune défaillance n'a été précédée d'une alerte" in found["rapport.md"]
    assert "Le département du siège n'est pas connu" in found["rapport.md"]
    assert "rapport_secteurs.svg" not in found
    assert re.findall(r"\b(?:nan|None|inf)\b", "".join(found.values())) == []


def test_numbers_are_french() -> None:
    assert words.count(12_345.4) == "12\u202f345"
    assert words.decimal(1_234.5, 1) == "1\u202f234,5"
    assert words.percent(0.0123) == "1,2\u00a0%"
    assert words.percent(0.00001) == "moins de 0,1\u00a0%"
    assert words.percent(0.0) == "0,0\u00a0%"
    assert words.decimal(None) == words.percent(None) == words.interval(None) == "–"
    assert words.out_of_100(0.018) == "1,8"
    assert words.out_of_100(0.25) == "25"
    assert words.table(("a", "b"), [("x|y", "1")]) == "| a | b |\n| --- | ---: |\n| x/y | 1 |\n"


def test_bars_are_as_high_as_their_values() -> None:
    text = bars(Drawing("Titre <1>", ("a", "b"), (Series("une", (10.0, 5.0)),)))
    heights = [float(h) for h in re.findall(r'<rect x="[^"]+" y="[^"]+" width="[^"]+" height="([^"]+)"', text)]
    assert heights[0] == pytest.approx(2 * heights[1])
    assert "Titre &lt;1&gt;" in text


def test_a_value_that_is_not_known_is_not_drawn() -> None:
    text = lines(Drawing("t", ("a", "b"), (Series("une", (1.0, None)), Series("deux", (None, None)))))
    assert text.count("<circle") == 2  # one in the key, one on the curve
    ET.fromstring(text)


def test_each_rule_is_told_by_what_it_changes_and_not_when_the_panel_is_gone(report: Report) -> None:
    tables, page = (details_page(report, SETTING)["rapport_details.md"], plain_page(report, SETTING)["rapport.md"])
    rules = tables.split("## Règles d'experts")[1].split("\n## ")[0]
    none, every = report["rules"]["none"]["eleve"], report["rules"]["every"]["eleve"]
    assert f"| Aucune règle | {words.count(none['alerts_count'])} | {words.percent(none['precision_ratio'])} |" in rules
    assert f"- alertes élevées : {words.count(none['alerts_count'])} sans règle, " in page
    assert words.percent(every["recall_ratio"]) in page
    for rule in report["rules"]["by_rule"]:
        assert f"| {rule['label']} | {words.count(rule['fired_count'])} |" in rules
        assert (f"| {rule['label']}, seule |" in rules) is (rule["alone"] != report["rules"]["none"])
        assert (f"| Toutes sauf : {rule['label']} |" in rules) is (rule["without"] != report["rules"]["every"])
    gone = dict(report) | {"rules": None}
    assert "ne peuvent pas être donnés" in details_page(gone, SETTING)["rapport_details.md"]
    assert "ne peuvent pas être donnés" in plain_page(gone, SETTING)["rapport.md"]


def test_a_judgement_made_otherwise_than_the_model_says_in_what(report: Report) -> None:
    page = plain_page(report, Setting("m", is_synthetic=True, otherwise=("panel", "code")))["rapport.md"]
    assert "ou ne sont pas consignés : les données, le code." in page
    assert "fait comme ce modèle" not in plain_page(report, SETTING)["rapport.md"]
