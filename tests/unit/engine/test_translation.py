"""What the translation to Spark puts right, and what it reads of a statement."""

from __future__ import annotations

from pathlib import Path

import pytest

from signaux_faibles.engine import parquet_sql
from signaux_faibles.engine.translation import translate


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a // b FROM t", "SELECT a DIV b FROM t"),
        ("SELECT (a + 1) / b FROM t", "SELECT CAST(a + 1 AS DOUBLE) / CAST(b AS DOUBLE) FROM t"),
        ("SELECT CAST(a AS DOUBLE) / 2 FROM t", "SELECT CAST(a AS DOUBLE) / CAST(2 AS DOUBLE) FROM t"),
        (
            "SELECT a / b / c FROM t",
            "SELECT CAST(CAST(a AS DOUBLE) / CAST(b AS DOUBLE) AS DOUBLE) / CAST(c AS DOUBLE) FROM t",
        ),
        ("SELECT SIGN(a) FROM t", "SELECT CAST(SIGN(a) AS INT) FROM t"),
        (
            "SELECT FLOOR(a / 2) FROM t",
            "SELECT CAST(FLOOR(CAST(a AS DOUBLE) / CAST(2 AS DOUBLE)) AS DOUBLE) FROM t",
        ),
        ("SELECT a FROM t ORDER BY a, b DESC", "SELECT a FROM t ORDER BY a NULLS LAST, b DESC"),
        ("SELECT range FROM range(1, 4)", "SELECT range FROM (SELECT id AS range FROM RANGE(1, 4)) AS range"),
        (
            "SELECT m.range AS t FROM range(1, 4) AS m",
            "SELECT m.range AS t FROM (SELECT id AS range FROM RANGE(1, 4)) AS m",
        ),
    ],
)  # fmt: skip
def test_a_statement_means_the_same_to_spark(sql: str, expected: str) -> None:
    assert translate(sql).sql == expected


def test_files_are_named_whatever_their_path_holds() -> None:
    paths = [Path("/a/it's [1]*?/part-0.parquet"), Path("/b/part-1.parquet")]
    translation = translate(f"SELECT p.a FROM {parquet_sql(paths)} AS p JOIN t ON t.a = p.a")
    ((name, found),) = translation.files
    assert found == tuple(map(str, paths))
    assert translation.sql == f"SELECT p.a FROM {name} AS p JOIN t ON t.a = p.a"


def test_the_same_files_have_one_name() -> None:
    files = parquet_sql([Path("/a.parquet")])
    assert len(translate(f"SELECT * FROM {files} AS x JOIN {files} AS y ON x.a = y.a").files) == 1


def test_an_order_that_nobody_reads_is_left_out() -> None:
    sql = "SELECT a FROM (SELECT a, ROW_NUMBER() OVER (ORDER BY a) AS r FROM t) AS x WHERE r = 1 ORDER BY a"
    assert translate(sql).sql.endswith(" ORDER BY a NULLS LAST")
    assert translate(sql, is_ordered=False).sql == translate(sql).sql.removesuffix(" ORDER BY a NULLS LAST")
