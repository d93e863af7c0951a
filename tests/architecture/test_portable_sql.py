"""The SQL of the stages stays in the dialect that DuckDB and Spark both run (decision in docs/adr)."""

from __future__ import annotations

import pytest
import sqlglot

from panel_queries import CASES, bucket_steps, national_steps, outcome_steps
from signaux_faibles.engine.portable import portability_faults
from signaux_faibles.panel.as_of import Step
from signaux_faibles.target.incidence import exits_sql

STEPS = [
    *(step for case in CASES.values() for make in (national_steps, bucket_steps, outcome_steps) for step in make(case)),
    Step("exits", exits_sql("labels")),
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
