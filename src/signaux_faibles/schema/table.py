"""A table: its grain, its key and its columns."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from signaux_faibles.schema.column import Column


@dataclass(frozen=True)
class Table:
    """Declaration of a table.

    Parameters
    ----------
    name : str
    grain : str
        What one row is, as a French sentence.
    key : tuple of str
        Columns that tell rows apart; a table on disk is sorted by them.
    columns : tuple of Column
        Key columns included.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        names = self.names
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: a column is declared twice")
        if not set(self.key) <= set(names):
            raise ValueError(f"table {self.name}: the key names a column that is not declared")

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def arrow(self) -> pa.Schema:
        """Arrow schema with which the table is written."""
        return pa.schema([pa.field(c.name, c.kind.arrow, nullable=c.nullable) for c in self.columns])
