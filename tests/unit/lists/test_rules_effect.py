"""What expert rules are worth on rows whose end is known, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.theme import Theme
from signaux_faibles.lists.rules import RULES, Quality, RuleRows, rules_effect

RISING, SHORT_TIME = RULES["hausse_dette_urssaf_recente"], RULES["activite_partielle_elevee"]
FIRST = RULES["dette_urssaf_preponderante"]
NAN = float("nan")

LEVEL = np.array([2, 1, 1, 0, 0, 0, 0, 2])
FAILURE = np.array([1, 0, 1, 1, 0, 0, 1, NAN], np.float32)
"""Seven rows whose end is known, four of which failed; the last is not looked at."""

VALUES = {
    "debit_change_3m_months": np.array([0, 2, 0, 2, 2, 0, 0, 2.0]),
    "ap_economique_12m_ratio": np.array([0, 0, 0, 0, 0, 0.5, 0.5, 0.5]),
} | {name: np.full(8, NAN) for name in SHORT_TIME.features if name != "ap_economique_12m_ratio"}


def test_alerts_are_judged_without_rules_with_each_and_with_all() -> None:
    found = rules_effect(RuleRows(VALUES), LEVEL, FAILURE, (RISING, SHORT_TIME))
    assert (found.rows_count, found.failures_count) == (7, 4)
    assert found.none == {"eleve": Quality(1, 1, 1.0, 0.25), "modere": Quality(3, 2, 2 / 3, 0.5)}
    assert found.every == {"eleve": Quality(2, 1, 0.5, 0.25), "modere": Quality(7, 4, 4 / 7, 1.0)}
    rising, short_time = found.by_rule
    assert (rising.fired_count, rising.fired_failures_count) == (3, 1)
    assert (rising.raised_count, rising.lowered_count) == (3, 0)
    assert rising.alone == {"eleve": Quality(2, 1, 0.5, 0.25), "modere": Quality(5, 3, 0.6, 0.75)}
    assert rising.without == short_time.alone
    assert short_time.without == rising.alone
    assert short_time.alone["modere"] == Quality(5, 3, 0.6, 0.75)


def test_a_condition_counts_as_soon_as_it_fires_and_no_more_when_it_is_left_out() -> None:
    themes = {theme: np.zeros(8) for theme in Theme} | {Theme.DETTE_URSSAF: np.array([0, 1, 0, 0, -1, 0, 0, 0.0])}
    found = rules_effect(RuleRows(VALUES, themes), LEVEL, FAILURE, (RISING, FIRST))
    rising, first = found.by_rule
    assert (rising.raised_count, first.fired_count, first.raised_count) == (1, 6, 0)
    assert rising.alone == found.every
    assert found.every["modere"] == Quality(4, 2, 0.5, 0.5)
    assert first.without["modere"] == Quality(5, 3, 0.6, 0.75), "nothing blocks the rising debt any more"


def test_a_rule_that_lowers_an_alert_is_counted() -> None:
    values = {
        "debit_sur_max_24m_ratio": np.array([0.0, 0.0]),
        "debit_sur_cotisation_months": np.array([0.0, 0.0]),
        "debit_change_12m_months": np.array([-2.0, -1.0]),
    }
    kept = (RULES["baisse_dette_urssaf_ancienne"], RULES["dette_urssaf_ancienne"])
    found = rules_effect(RuleRows(values), np.array([1, 1]), np.array([0.0, 1.0]), kept)
    assert (found.by_rule[0].fired_count, found.by_rule[0].lowered_count) == (2, 1)
    assert found.every["modere"] == Quality(1, 1, 1.0, 1.0)


def test_there_is_no_precision_without_alert_nor_recall_without_failure() -> None:
    found = rules_effect(RuleRows(VALUES), np.zeros(8, np.int64), np.zeros(8), (FIRST,))
    assert found.none["modere"] == Quality(0, 0, None, None)


def test_the_rows_of_a_model_are_read_with_its_contributions() -> None:
    names = ("debit_change_3m_months", "age_years")
    values = np.array([[2.0, NAN], [0.0, 3.0]], np.float32)
    contributions = np.array([[0.3, 0.1, -4.0], [0.0, 0.1, -4.0]])
    rows = RuleRows.of_matrix(names, values, contributions)
    assert rows["debit_change_3m_months"].tolist() == [2.0, 0.0]
    assert rows.themes[Theme.DETTE_URSSAF].tolist() == [0.3, 0.0]
    assert rows.themes[Theme.IDENTITE].tolist() == [0.1, 0.1]
    assert len(rows) == 2
    assert RuleRows.of_matrix(names, values).themes == {}


def test_rows_that_lack_what_a_rule_reads_are_refused() -> None:
    with pytest.raises(StageError, match="debit_change_3m_months"):
        rules_effect(RuleRows({"age_years": np.ones(2)}), np.zeros(2, np.int64), np.zeros(2), (RISING,))
