"""The SQL of the stages stays in the dialect that DuckDB and Spark both run (decision in docs/adr)."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

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
    assert rounded_casts(parsed) == []


def rounded_casts(parsed: exp.Expr) -> list[str]:
    """Casts of a quotient or of a real number to an integer: DuckDB rounds, Spark cuts."""
    return [
        cast.sql()
        for cast in parsed.find_all(exp.Cast)
        if cast.to.this in (exp.DataType.Type.INT, exp.DataType.Type.BIGINT) and _is_real(cast.this)
    ]


def _is_real(number: exp.Expr) -> bool:
    """Whether it divides, or holds a real number; what an inner cast makes whole no longer is."""
    if isinstance(number, exp.Cast):
        return number.to.this is exp.DataType.Type.DOUBLE
    if isinstance(number, exp.Div | exp.Sqrt) or (isinstance(number, exp.Literal) and number.this.count(".") == 1):
        return True
    return any(_is_real(child) for child in number.iter_expressions())


@pytest.mark.parametrize(
    ("sql", "is_refused"),
    [
        ("SELECT CAST(a / 2 AS INTEGER) FROM t", True),
        ("SELECT CAST(CAST(a AS DOUBLE) AS BIGINT) FROM t", True),
        ("SELECT CAST(CASE WHEN a > 0 THEN a * 0.5 END AS INTEGER) FROM t", True),
        ("SELECT CAST(a // 2 AS INTEGER), CAST(CAST(a AS INTEGER) AS DOUBLE) / 2 FROM t", False),
    ],
)
def test_a_cast_that_the_engines_round_apart_is_named(sql: str, is_refused: bool) -> None:
    assert bool(rounded_casts(sqlglot.parse_one(sql, dialect="duckdb"))) is is_refused


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
