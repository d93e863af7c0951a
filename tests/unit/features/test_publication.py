"""The delays told to readers are those of the rules that date each row."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from signaux_faibles.domain.periode import month_of
from signaux_faibles.features.catalogue import CATALOGUE
from signaux_faibles.features.publication import DELAY_MONTHS, publication_delay_months
from signaux_faibles.sources import SOURCES

MONTH, DAY = 2020 * 12 + 4, date(2020, 5, 17)
COLUMNS = (
    "date_statut",
    "date_valeur",
    "date_cloture",
    "date_parution",
    "date_traitement",
    "date_creation",
    "date_effet",
    "date_debut",
)


@pytest.mark.parametrize("source", sorted(set(DELAY_MONTHS) & set(SOURCES)))
def test_a_delay_is_that_of_the_rule_of_the_source(source: str) -> None:
    dates = ", ".join(f"DATE '{DAY}' AS {column}" for column in COLUMNS)
    found = duckdb.sql(
        f"SELECT {SOURCES[source].known_from} FROM (SELECT {MONTH} AS month, {MONTH + 1} AS end_month, {dates})"
    ).fetchall()
    assert month_of(found[0][0]) - MONTH == DELAY_MONTHS[source]


def test_a_feature_is_as_late_as_the_slowest_of_its_sources() -> None:
    assert publication_delay_months("debit", "effectif_ent") == 3
    by_name = {feature.name: feature for feature in CATALOGUE}
    assert by_name["debit_eur"].delay_months == 1
    assert by_name["debit_par_effectif_eur"].delay_months == 3
    assert by_name["ebe_sur_ca_ratio"].delay_months == 7


def test_a_window_is_the_one_of_the_name_unless_told() -> None:
    by_name = {feature.name: feature for feature in CATALOGUE}
    assert by_name["debit_change_6m_months"].window_months == by_name["debit_change_6m_months"].lookback_months == 6
    assert by_name["debit_since_clean_months"].window_months == 36
    assert by_name["debit_eur"].window_months == 0
