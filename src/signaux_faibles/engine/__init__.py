"""The only place that knows DuckDB or Spark.

Takes SQL in a conservative dialect (see `portable`), gives Parquet files and Arrow tables, the same on both engines.
Does not know the trade.
"""

from signaux_faibles.engine.configuration import EngineChoice, EngineKind, SparkConfiguration, read_configuration
from signaux_faibles.engine.duckdb import Engine
from signaux_faibles.engine.opening import open_engine
from signaux_faibles.engine.parquet import parquet_sql
from signaux_faibles.engine.protocol import SqlEngine, TreeEngine

__all__ = [
    "Engine",
    "EngineChoice",
    "EngineKind",
    "SparkConfiguration",
    "SqlEngine",
    "TreeEngine",
    "open_engine",
    "parquet_sql",
    "read_configuration",
]
