"""The SQL of the stages stays in the dialect that DuckDB and Spark both run (decision in docs/adr)."""

from __future__ import annotations

import pytest
import sqlglot

from signaux_faibles.domain.periode import parse_month
from signaux_faibles.engine.portable import portability_faults
from signaux_faibles.features.build import features_sql
from signaux_faibles.lake.layout import OPEN
from signaux_faibles.panel.as_of import Step
from signaux_faibles.panel.build import bucket_steps
from signaux_faibles.panel.steps import discarded_notices
from signaux_faibles.perimeter import read_rules
from signaux_faibles.target import target_sql

AS_OF = parse_month("2026-10")
ABSENT = {"sirene_histo", "effectif_ent", "cotisation", "debit", "delai", "ccsf", "procol", "apconso", "apdemande"}
STEPS = [
    *bucket_steps(AS_OF, read_rules().at(AS_OF)),
    *bucket_steps(AS_OF, read_rules().at(AS_OF), frozenset(ABSENT), profile=OPEN, is_filtered=True),
    discarded_notices("SELECT * FROM bodacc"),
    Step("features", features_sql("panel")),
    Step("target", target_sql("panel", "proceedings", as_of=AS_OF)),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_query_is_portable(step: Step) -> None:
    assert portability_faults(step.sql) == []
    parsed = sqlglot.parse_one(step.sql, dialect="duckdb")
    assert parsed.sql(dialect="spark")
    assert sqlglot.parse_one(parsed.sql(dialect="spark"), dialect="spark")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM a ASOF JOIN b USING (t)",
        "SELECT x FROM a QUALIFY rank = 1",
        "SELECT SUM(x) FILTER (WHERE y) OVER (PARTITION BY z) FROM a",
        "SELECT random() FROM a",
        "SELECT current_date",
    ],
)
def test_a_query_that_would_not_move_is_named(sql: str) -> None:
    assert portability_faults(sql)
