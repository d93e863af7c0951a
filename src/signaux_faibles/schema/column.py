"""A column: what it holds, in which unit, who produced it, and how to say it in French."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

from signaux_faibles.domain.data_class import DataClass


class Kind(Enum):
    """Logical type of a column, the same on every engine."""

    TEXT = "VARCHAR"
    INTEGER = "INTEGER"
    BIGINT = "BIGINT"
    DOUBLE = "DOUBLE"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TEXTS = "VARCHAR[]"
    DOUBLES = "DOUBLE[]"

    @property
    def arrow(self) -> pa.DataType:
        """Arrow type with which the column is written to Parquet."""
        return {
            "VARCHAR": pa.string(),
            "INTEGER": pa.int32(),
            "BIGINT": pa.int64(),
            "DOUBLE": pa.float64(),
            "BOOLEAN": pa.bool_(),
            "DATE": pa.date32(),
            "VARCHAR[]": pa.list_(pa.string()),
            "DOUBLE[]": pa.list_(pa.float64()),
        }[self.value]


@dataclass(frozen=True)
class Column:
    """Declaration of a column.

    Parameters
    ----------
    name : str
        Ends with its unit when it is a quantity (`_eur`, `_cents`, `_count`, `_ratio`, `_days`, `_months`...).
    kind : Kind
    label : str
        French, as an agent reads it.
    unit : str
        Empty when the column is not a quantity.
    data_class : DataClass
    explanation : str
        One French sentence; may be empty when the label says it all.
    source : str
        Producer of the data, in French.
    nullable : bool
    """

    name: str
    kind: Kind
    label: str
    unit: str = ""
    data_class: DataClass = DataClass.PUBLIC
    explanation: str = ""
    source: str = ""
    nullable: bool = True
