"""What is told of each company of a list, in which order, and of which class."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from signaux_faibles.explain.before import Before
from signaux_faibles.explain.comparison import Standing
from signaux_faibles.explain.explain import SCHEMA, UNKNOWN, Beside, Detail, explain
from signaux_faibles.explain.points import Points, change_of
from signaux_faibles.explain.similar import SimilarBin
from signaux_faibles.model.calibrate import Beta

FEATURES = ("debit_eur", "debit_change_6m_months", "effectif_count", "age_years", "ebe_sur_ca_ratio")
A, B, C = "900000004", "900000012", "900000020"
NAN = float("nan")
VALUES = np.array([[41_000, 5, 30, 12, -0.05], [0, 0, 10, 3, NAN], [NAN] * 5], np.float32)
BY_FEATURE = np.array([
    [0.10, 0.20, 0.03, -0.02, 0.0001],
    [-0.01, 0.002, -0.02, 0.01, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0],
])  # fmt: skip
POINTS = Points(0.05, BY_FEATURE, 0.05 + BY_FEATURE.sum(axis=1))


def lines(kinds: list[Detail], beside: Beside | None = None, siren: str = A, nature: str = "") -> list[dict[str, Any]]:
    table = explain(FEATURES, [A, B, C], VALUES, POINTS, kinds, beside)
    assert table.schema == SCHEMA
    found = [row for row in table.to_pylist() if row["siren"] == siren]
    assert [row["rang"] for row in found] == list(range(len(found)))
    return [row for row in found if nature in ("", row["nature"])]


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def test_base_then_themes_then_variables_by_theme() -> None:
    found = lines([Detail.FEATURES] * 3)
    assert [(row["nature"], row["theme"], row["feature"]) for row in found] == [
        ("base", "", ""),
        ("theme", "dette_urssaf", ""),
        ("theme", "effectif", ""),
        ("theme", "sante_financiere", ""),
        ("theme", "identite", ""),
        ("variable", "dette_urssaf", "debit"),
        ("variable", "effectif", "effectif"),
        ("variable", "sante_financiere", "autres"),
        ("variable", "identite", "age_years"),
    ]
    assert [row["direction"] for row in found[:5]] == ["hausse", "hausse", "hausse", "hausse", "baisse"]


def test_a_variable_is_told_by_the_feature_that_pulls_most() -> None:
    debt = lines([Detail.FEATURES] * 3, nature="variable")[0]
    assert (debt["label"], debt["told_by"], debt["value"], debt["unit"]) == (
        "Dette Urssaf", "debit_change_6m_months", 5.0, "mois"
    )  # fmt: skip
    assert debt["points"] == pytest.approx(0.30)
    assert plain(debt["sentence"]) == "En 6 mois, la dette Urssaf a varié de +5 mois de cotisations."
    theme = lines([Detail.FEATURES] * 3, nature="theme")[0]
    assert (theme["sentence"], theme["told_by"], theme["value"]) == (debt["sentence"], debt["told_by"], None)
    lowered = lines([Detail.FEATURES] * 3, siren=B, nature="variable")[-1]
    assert (lowered["told_by"], lowered["points"]) == ("effectif_count", pytest.approx(-0.02))
    owes_nothing = next(row for row in lines([Detail.FEATURES] * 3, siren=B) if row["feature"] == "debit")
    assert owes_nothing["sentence"] == "L'entreprise n'a pas de dette Urssaf.", "told by what pulls its way"


def test_a_ratio_is_shown_in_percent() -> None:
    points = Points(0.05, BY_FEATURE * [[0, 0, 0, 0, 1000]], np.full(3, 0.05))
    rows = explain(FEATURES, [A, B, C], VALUES, points, [Detail.FEATURES] * 3).to_pylist()
    shown = next(row for row in rows if row["feature"] == "ebe_sur_ca")
    assert (shown["value"], shown["unit"]) == (pytest.approx(-5.0), "%")


def test_a_company_is_explained_as_far_as_asked() -> None:
    kinds = [Detail.FEATURES, Detail.THEMES, Detail.NONE]
    assert {row["nature"] for row in lines(kinds, siren=B)} == {"base", "theme"}
    assert lines(kinds, siren=C) == []
    assert explain(FEATURES, [A], VALUES[:1], POINTS, [Detail.NONE]).num_rows == 0


def test_every_line_has_the_class_of_what_tells_it() -> None:
    found = {(row["nature"], row["theme"]): row["data_class"] for row in lines([Detail.FEATURES] * 3)}
    assert found[("base", "")] == "score"
    assert found[("theme", "dette_urssaf")] == found[("variable", "dette_urssaf")] == "urssaf"
    assert found[("theme", "sante_financiere")] == found[("theme", "effectif")] == "public"


def test_concerning_and_reassuring_variables_are_marked() -> None:
    found = {row["feature"]: row["selection"] for row in lines([Detail.FEATURES] * 3, nature="variable")}
    assert found == {"debit": "preoccupant", "effectif": "preoccupant", "autres": "", "age_years": "rassurant"}


def test_a_comparison_is_told_where_its_feature_is() -> None:
    shares = np.array([[0.96]])
    standing = Standing(np.array([0, -1, -1]), ("debit_change_6m_months",), shares, 1 - shares, np.array([False]))
    found = lines([Detail.FEATURES] * 3, Beside(standing=standing))
    told = [(row["nature"], row["told_by"]) for row in found if row["comparison"]]
    assert told == [("theme", "debit_change_6m_months"), ("variable", "debit_change_6m_months")]
    assert found[1]["comparison"] == "hausse plus forte que pour 96\u202f% des entreprises du secteur"
    assert found[1]["data_class"] == "urssaf", "a comparison tells something of the debt"
    assert not any(row["comparison"] for row in lines([Detail.FEATURES] * 3, Beside(standing=standing), siren=B))


def test_similar_cases_are_told_of_detailed_companies_only() -> None:
    beside = Beside(similar=(SimilarBin(0.0, 300, 50, 0.02), SimilarBin(0.3, 300, 50, 0.37)))
    kinds = [Detail.FEATURES, Detail.THEMES, Detail.FEATURES]
    (one,) = lines(kinds, beside, nature="similaires")
    assert one["sentence"].startswith("Sur 100 entreprises ayant eu un tel score, 37 ont connu")
    assert (one["points"], one["value"], one["data_class"], one["direction"]) == (None, 37.0, "score", "")
    assert lines(kinds, beside, B, "similaires") == []
    assert lines(kinds, beside, C, "similaires")[0]["value"] == 2.0


def test_a_company_of_which_nothing_is_known_is_told_so() -> None:
    found = lines([Detail.FEATURES] * 3, Beside(is_unknown=np.array([False, False, True])), siren=C)
    low, high = np.quantile(POINTS.probability, [0.05, 0.95])
    assert plain(found[0]["sentence"]) == UNKNOWN.format(
        low=f"{100 * low:.1f} %".replace(".", ","), high=f"{100 * high:.1f} %".replace(".", ",")
    )
    assert [row["points"] for row in found] == [0.05, 0, 0, 0, 0]
    assert not [row for row in found if row["points"] is None or np.isnan(row["points"])]
    known = lines([Detail.FEATURES] * 3, Beside(is_unknown=np.array([False, False, True])), siren=A)
    assert known[0]["sentence"] == ""


def changed() -> Beside:
    """Company A, three months before: less debt, the same headcount."""
    old = np.array([[12_000, 1, 30, 11.75, -0.05]], np.float32)
    now = np.array([[0.8, 0.1, 0.2, 0.1, 0.0, -3.0]])
    before = np.array([[0.1, 0.2, 0.1, 0.0, 0.0, -3.0]])
    return Beside(Before(3, np.array([0]), old, change_of(before, now, Beta(1, 1, 0)), np.array([0.07])))


def test_what_changed_is_told_by_the_quantity_itself() -> None:
    found = lines([Detail.FEATURES, Detail.THEMES, Detail.THEMES], changed())
    themes = {row["theme"]: row for row in found if row["nature"] == "evolution"}
    assert list(themes) == ["", "dette_urssaf", "effectif", "identite", "sante_financiere"]
    assert plain(themes["dette_urssaf"]["sentence"]) == (
        "La dette Urssaf est passée de 12 000 € à 41 000 € en trois mois."
    )
    assert themes["dette_urssaf"]["data_class"] == "urssaf"
    variables = {row["feature"]: row for row in found if row["nature"] == "evolution_variable"}
    assert plain(variables["age_years"]["sentence"]) == "Âge de l'entreprise : 12 ans, comme il y a trois mois."
    assert (variables["debit"]["value"], variables["debit"]["told_by"]) == (41_000.0, "debit_eur")


def test_what_has_not_moved_is_told_with_the_rest() -> None:
    """The headcount is the same: it only weighs more beside a larger debt."""
    found = lines([Detail.FEATURES, Detail.THEMES, Detail.THEMES], changed())
    of_headcount = [row for row in found if row["nature"] == "evolution_variable" and row["theme"] == "effectif"]
    assert [row["feature"] for row in of_headcount] == ["autres"]
    assert of_headcount[0]["points"] > 0.0005


def test_another_model_is_a_line_of_its_own() -> None:
    found = lines([Detail.FEATURES, Detail.THEMES, Detail.THEMES], changed(), nature="evolution")
    assert (found[0]["feature"], found[0]["label"]) == ("modele", "Changement de modèle ou de données")
    told = 1 / (1 + np.exp(2.6))
    assert found[0]["points"] == pytest.approx(told - 0.07)
    assert plain(found[0]["sentence"]) == (
        "À la date de la liste précédente, le modèle et les données d'aujourd'hui donnent 6,9 % ; la liste affichait"
        " 7,0 %."
    )


def test_a_company_absent_from_the_list_before_has_no_change() -> None:
    assert not [row for row in lines([Detail.FEATURES] * 3, changed(), siren=B) if row["nature"].startswith("evol")]
