"""What a clean table is: its columns in the earlier importer's order, its sources, and the query that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from signaux_faibles.pipeline.export.reading import Reading
from signaux_faibles.schema.column import Column, Kind


@dataclass(frozen=True)
class View:
    """Declaration of a clean table.

    Parameters
    ----------
    name : str
    grain : str
        What one row is, as a French sentence.
    columns : tuple of Column
        In the order of the file.
    sources : tuple of str
        Staged sources that the query reads as `stg_<source>`.
    query : callable
        SQL of the table for a reading; its columns bear the declared names.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    sources: tuple[str, ...]
    query: Callable[[Reading], str]

    def sql(self, reading: Reading) -> str:
        """Query of the table with the declared columns, types and a total order."""
        columns = ", ".join(f'CAST("{c.name}" AS {c.kind.value}) AS "{c.name}"' for c in self.columns)
        order = ", ".join(f'"{c.name}"' for c in self.columns)
        return f"SELECT {columns} FROM ({self.query(reading)}) AS rows ORDER BY {order}"


def text(name: str, label: str) -> Column:
    """A text column."""
    return Column(name, Kind.TEXT, label)


def day(name: str, label: str) -> Column:
    """A date column."""
    return Column(name, Kind.DATE, label)


def number(name: str, label: str, unit: str) -> Column:
    """A column of real numbers; clean tables keep the earlier names, without unit."""
    return Column(name, Kind.DOUBLE, label, unit)


def flag(name: str, label: str) -> Column:
    """A boolean column."""
    return Column(name, Kind.BOOLEAN, label)


SIREN = text("siren", "SIREN")
SIRET = text("siret", "SIRET")
PERIODE = day("periode", "Premier jour du mois")


def first_day(month: str) -> str:
    """SQL of the first day of an integer month."""
    return f"make_date(({month}) // 12, ({month}) % 12 + 1, 1)"


def month_of(day_sql: str) -> str:
    """SQL of the integer month that holds a day."""
    return f"CAST(date_part('year', {day_sql}) * 12 + date_part('month', {day_sql}) - 1 AS INTEGER)"


def share(amount: str, rank: str, count: str) -> str:
    """SQL of the part of an integer amount that goes to the month of a rank from 0; the parts add up exactly."""
    return f"({amount} * ({rank} + 1) // {count} - {amount} * {rank} // {count})"
