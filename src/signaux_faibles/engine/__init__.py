"""The only place that knows DuckDB.

Takes SQL in a conservative dialect (see `portable`), gives Parquet files and Arrow tables. Does not know the trade.
"""

from signaux_faibles.engine.duckdb import Engine
from signaux_faibles.engine.parquet import parquet_sql

__all__ = ["Engine", "parquet_sql"]
