"""Each expert rule on hand-made companies, and what the rules do together to a level."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import pytest

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.errors import InputError, StageError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.catalogue import BY_NAME
from signaux_faibles.lists.build import build_list
from signaux_faibles.lists.rules import CONFIDENTIEL, RULES, Rule, RuleRows, adjust, choose_rules, masked
from signaux_faibles.pipeline.run import make_list

ELEVE, MODERE, AUCUN = Niveau.ELEVE, Niveau.MODERE, Niveau.AUCUN
EVERY = tuple(RULES.values())
FEATURES = sorted({feature for rule in EVERY for feature in rule.features})
NAN = float("nan")
OCTOBER = parse_month("2026-10")


def rows(*companies: dict[str, float], urssaf: float | None = None, others: float = 0.0) -> RuleRows:
    """Companies whose features are missing unless given, with the contributions of their themes if there are any."""
    values = {name: np.array([company.get(name, NAN) for company in companies]) for name in FEATURES}
    if urssaf is None:
        return RuleRows(values)
    themes = {theme: np.full(len(companies), others) for theme in Theme}
    return RuleRows(values, themes | {Theme.DETTE_URSSAF: np.full(len(companies), urssaf)})


WEAK = {"capacite_de_remboursement_ratio": 4.1}
EMPTY = {"autonomie_financiere_ratio": -0.1}
LOSING = {"ebe_sur_ca_ratio": -0.05, "chiffre_d_affaires_change_ratio": -0.2}
REPAID = {"debit_sur_max_24m_ratio": 0.0, "debit_sur_cotisation_months": 0.0, "debit_change_12m_months": -1.3}
SHORT_TIME = {"ap_economique_12m_ratio": 0.2, "ap_exceptionnel_12m_ratio": 0.14}
RISING = {"debit_change_3m_months": 1.3}


@pytest.mark.parametrize(
    ("name", "company", "fires"),
    [
        ("solvabilite_faible", WEAK, True),
        ("solvabilite_faible", {"capacite_de_remboursement_ratio": 4.0}, False),
        ("solvabilite_faible", WEAK | {"dgfip_dette_nette_sur_caf_ratio": 1.0}, False),
        ("solvabilite_faible", {"dgfip_dette_nette_sur_caf_ratio": 9.0}, True),
        ("k_propres_negatifs", EMPTY, True),
        ("k_propres_negatifs", {"autonomie_financiere_ratio": 0.0}, False),
        ("k_propres_negatifs", EMPTY | {"dgfip_k_propres_sur_k_social_ratio": 2.0}, False),
        ("rentabilite_faible", LOSING, True),
        ("rentabilite_faible", LOSING | {"chiffre_d_affaires_change_ratio": -0.21}, False),
        ("rentabilite_faible", {"ebe_sur_ca_ratio": -0.05}, False),
        ("rentabilite_faible", LOSING | {"dgfip_ebe_sur_ca_ratio": 0.1}, False),
        ("hausse_dette_urssaf_recente", RISING, True),
        ("hausse_dette_urssaf_recente", {"debit_change_3m_months": 1.2}, False),
        ("baisse_dette_urssaf_ancienne", REPAID, True),
        ("baisse_dette_urssaf_ancienne", {"debit_sur_max_24m_ratio": 0.1}, False),
        ("dette_urssaf_ancienne", REPAID, True),
        ("dette_urssaf_ancienne", REPAID | {"debit_change_12m_months": -1.2}, False),
        ("activite_partielle_elevee", SHORT_TIME, True),
        ("activite_partielle_elevee", {"ap_economique_12m_ratio": 0.32}, False),
    ],
)
def test_a_rule_fires_from_its_threshold_on(name: str, company: dict[str, float], fires: bool) -> None:
    assert RULES[name].fires(rows(company)).tolist() == [fires]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.name)
def test_what_is_not_known_fires_no_rule(rule: Rule) -> None:
    assert not rule.fires(rows({}, {})).any()


@pytest.mark.parametrize(("urssaf", "others", "fires"), [(0.2, 0.1, True), (0.1, 0.1, True), (0.1, 0.2, False)])
def test_the_debt_comes_first_when_no_theme_weighs_more(urssaf: float, others: float, fires: bool) -> None:
    assert RULES["dette_urssaf_preponderante"].fires(rows({}, urssaf=urssaf, others=others)).tolist() == [fires]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.name)
def test_a_rule_reads_the_features_that_it_declares_and_no_other(rule: Rule) -> None:
    assert set(rule.features) <= BY_NAME.keys()
    own = {name: np.array([1.0]) for name in rule.features}
    assert rule.fires(RuleRows(own)).shape in ((1,), (0,))
    for name in rule.features:
        with pytest.raises(StageError, match=name):
            rule.fires(RuleRows({other: value for other, value in own.items() if other != name}))


@pytest.mark.parametrize(
    ("company", "before", "after"),
    [
        ({}, MODERE, MODERE),
        (WEAK, AUCUN, AUCUN),
        (WEAK | EMPTY, AUCUN, MODERE),
        (WEAK | EMPTY | LOSING, AUCUN, MODERE),
        (WEAK | EMPTY, ELEVE, ELEVE),
        (RISING, AUCUN, MODERE),
        (RISING | SHORT_TIME | WEAK | EMPTY, AUCUN, MODERE),
        (REPAID, ELEVE, MODERE),
        (REPAID, AUCUN, AUCUN),
        (REPAID | SHORT_TIME, MODERE, MODERE),
        (REPAID | WEAK | EMPTY | LOSING, MODERE, ELEVE),
        ({"debit_sur_max_24m_ratio": 0.0}, ELEVE, ELEVE),
    ],
)
def test_the_rules_together_move_a_level_by_one_step_at_most(
    company: dict[str, float], before: Niveau, after: Niveau
) -> None:
    assert adjust(EVERY, rows(company), [before]).niveaux == [after]


def test_a_rising_debt_adds_nothing_to_a_score_that_it_already_makes() -> None:
    told = adjust(EVERY, rows(RISING, urssaf=0.3), [AUCUN])
    assert told.niveaux == [AUCUN]
    assert told.redressements == [["hausse_dette_urssaf_recente", "dette_urssaf_preponderante"]]


def test_no_rule_leaves_every_level_and_tells_nothing() -> None:
    told = adjust((), RuleRows({}), [ELEVE, None, AUCUN])
    assert told.niveaux == [ELEVE, None, AUCUN]
    assert told.redressements == told.data_classes == [[], [], []]


def test_a_company_without_level_gets_none_and_no_rule_fires_for_it() -> None:
    told = adjust(EVERY, rows(WEAK | EMPTY, WEAK | EMPTY), [None, AUCUN])
    assert told.niveaux == [None, MODERE]
    assert told.redressements[0] == []


@pytest.mark.parametrize(
    ("company", "name", "data_class"),
    [
        ({"dgfip_dette_nette_sur_caf_ratio": 9.0}, "solvabilite_faible", "dgfip"),
        ({"dgfip_dette_nette_sur_caf_ratio": 9.0} | WEAK, "solvabilite_faible", "public"),
        (
            {"dgfip_dette_nette_sur_caf_ratio": 9.0, "capacite_de_remboursement_ratio": 1.0},
            "solvabilite_faible",
            "dgfip",
        ),
        ({"dgfip_k_propres_sur_k_social_ratio": -2.0}, "k_propres_negatifs", "dgfip"),
        (EMPTY, "k_propres_negatifs", "public"),
        (LOSING, "rentabilite_faible", "dgfip"),
        (RISING, "hausse_dette_urssaf_recente", "urssaf"),
        (SHORT_TIME, "activite_partielle_elevee", "dgefp"),
    ],
)
def test_a_rule_on_accounts_is_public_only_where_published_accounts_say_the_same(
    company: dict[str, float], name: str, data_class: str
) -> None:
    told = adjust(EVERY, rows(company), [AUCUN])
    assert (told.redressements, told.data_classes) == ([[name]], [[data_class]])


@pytest.mark.parametrize(
    ("codes", "classes", "expected"),
    [
        ([], [], []),
        (["a"], ["dgfip"], [CONFIDENTIEL]),
        (["a", "b", "c"], ["dgfip", "urssaf", "dgfip"], ["b", CONFIDENTIEL]),
        (["a", "b"], ["public", "score"], ["a", "b"]),
    ],
)
def test_fiscal_rules_become_one_word_however_many(codes: list[str], classes: list[str], expected: list[str]) -> None:
    assert masked(codes, classes) == expected


def test_other_classes_can_be_hidden_from_who_may_not_read_them() -> None:
    assert masked(["a", "b"], ["urssaf", "dgefp"], hidden={DataClass.URSSAF}) == ["b", CONFIDENTIEL]


def test_rules_are_off_unless_asked_for() -> None:
    for made in (build_list, make_list):
        assert inspect.signature(made).parameters["rules"].default == ()
    assert choose_rules([], OCTOBER) == ()


def test_all_stands_for_the_rules_in_force_that_month() -> None:
    assert set(choose_rules(["all"], parse_month("2023-06"))) == set(EVERY)
    assert {rule.name for rule in choose_rules(["all"], OCTOBER)} == RULES.keys() - {
        "baisse_dette_urssaf_ancienne",
        "dette_urssaf_ancienne",
    }
    assert choose_rules(["all"], parse_month("2022-11")) == ()


def test_a_rule_comes_with_its_conditions() -> None:
    names = [rule.name for rule in choose_rules(["baisse_dette_urssaf_ancienne"], parse_month("2023-06"))]
    assert names == ["baisse_dette_urssaf_ancienne", "dette_urssaf_ancienne"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("sans_nom", "Unknown expert rule"), ("baisse_dette_urssaf_ancienne", "from 2022-12 to 2023-12")],
)
def test_a_rule_that_is_unknown_or_out_of_date_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        choose_rules([name], OCTOBER)


def test_the_declarations_are_whole() -> None:
    assert all(rule.effect in (-1, 0, 1) and rule.label and rule.explanation for rule in EVERY)
    assert len({rule.reference for rule in EVERY}) == len(EVERY)
    for rule in EVERY:
        assert {*rule.needs, *rule.blocked_by} <= RULES.keys()
        for name in (*rule.needs, *rule.blocked_by):
            condition = RULES[name]
            assert condition.effect == 0
            assert replace(condition, first_month=rule.first_month, last_month=rule.last_month) == condition or (
                condition.last_month is None
            ), "a condition is in force when what it conditions is"
