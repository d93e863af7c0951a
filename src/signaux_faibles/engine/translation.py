"""From the portable dialect to Spark's: SQLGlot translates, and what it leaves apart is put right here.

Where the two engines would give different values without an error, the translation says what DuckDB means:

- `/` divides in floating point, even two decimals (Spark rounds their quotient to a scale);
- `SIGN` of an integer is an integer, `FLOOR` and `CEIL` of a number are floating point;
- `ISNAN` of a null is null;
- `range(a, b)` is empty when b <= a (`SEQUENCE` would count backwards).

Nulls come last in every order, ascending or not. Both engines refuse an integer that overflows, a text that is not the
number it is cast to, and an integer division by zero.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

ESCAPED = re.compile(r"\[([*?\[])\]")
"""A character that `parquet_sql` keeps from being read as a pattern."""


@dataclass(frozen=True)
class Translation:
    """A statement for Spark.

    Parameters
    ----------
    sql : str
    files : tuple of (str, tuple of str)
        Tables over Parquet files: name in `sql`, paths.
    """

    sql: str
    files: tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=1024)
def translate(sql: str, *, is_ordered: bool = True) -> Translation:
    """Statement for Spark of a query in the portable dialect, and the files that it reads.

    Parameters
    ----------
    is_ordered : bool
        Keep the order of the result: otherwise rows come in any, and sorting them all costs nothing.
    """
    tree = exp.Subquery(this=sqlglot.parse_one(sql, dialect="duckdb"))  # so that any node of the query has a parent
    if not is_ordered:
        tree.this.set("order", None)
    files: dict[str, tuple[str, ...]] = {}
    # Deepest first: a node that is replaced keeps what its children became.
    for node in reversed(list(tree.find_all(*REPLACED, bfs=False))):
        if isinstance(node, exp.Table):
            _name_table(node, files)
        elif isinstance(node, exp.Div):
            node.set("this", _double(node.this))
            node.set("expression", _double(node.expression))
        elif isinstance(node, exp.IsNan):
            not_a_number = exp.cast(exp.Literal.string("NaN"), exp.DataType.Type.DOUBLE)
            node.replace(exp.paren(exp.EQ(this=node.this, expression=not_a_number)))
        else:
            kind = exp.DataType.Type.INT if isinstance(node, exp.Sign) else exp.DataType.Type.DOUBLE
            node.replace(exp.cast(node.copy(), kind))
    return Translation(tree.this.sql(dialect="spark"), tuple(sorted(files.items())))


REPLACED = (exp.Table, exp.Div, exp.Sign, exp.Floor, exp.Ceil, exp.IsNan)


def _name_table(table: exp.Table, files: dict[str, tuple[str, ...]]) -> None:
    """Give a table over Parquet files a name, and note its files; put a range of months in Spark's terms."""
    if isinstance(table.this, exp.GenerateSeries):
        numbers = exp.Anonymous(this="RANGE", expressions=[table.this.args["start"], table.this.args["end"]])
        column = exp.alias_(exp.column("id"), "range")
        table.replace(exp.select(column).from_(exp.Table(this=numbers)).subquery(alias=table.alias or "range"))
    elif isinstance(table.this, exp.ReadParquet):
        listed = table.this.expressions[0]
        literals = listed.expressions if isinstance(listed, exp.Array) else [listed]
        paths = tuple(ESCAPED.sub(r"\1", literal.name) for literal in literals)
        name = f"parquet_{hashlib.sha256(chr(0).join(paths).encode()).hexdigest()[:16]}"
        files[name] = paths
        table.set("this", exp.to_identifier(name))


def _double(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DOUBLE:
        return node
    return exp.cast(node.unnest(), exp.DataType.Type.DOUBLE)
