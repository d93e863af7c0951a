"""A source: one kind of file of one producer, and what becomes of each of its cells.

A declaration is read twice: by the *import*, which turns raw cells into staged columns with SQL, and by the *reference
reading* (`signaux parse`), which renders what the importer before ours made of the same file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.schema.column import Column, Kind


class Fault(StrEnum):
    """Class of a fault found in a file, as written in the rejects."""

    FIELDS = "nombre_de_champs"
    QUOTE = "guillemet"
    ENCODING = "encodage"
    IDENTIFIER = "identifiant"
    REAL_SIREN = "siren_reel"
    DATE = "date"
    PERIODE = "periode"
    NUMBER = "nombre"
    AMOUNT = "montant"
    EFFECTIF = "effectif"
    BOOLEAN = "booleen"
    CODE = "code"
    DUPLICATE = "doublon"
    NATURE = "nature_inconnue"
    TOTAL = "total"
    DOCUMENT = "document"

    @property
    def label(self) -> str:
        """French label of the fault."""
        return _FAULT_LABELS[self.value]


_FAULT_LABELS = {
    "nombre_de_champs": "nombre de champs différent de celui de l'en-tête",
    "guillemet": "guillemet mal placé ou jamais refermé",
    "encodage": "octets illisibles",
    "identifiant": "SIREN ou SIRET mal formé",
    "siren_reel": "SIREN réel dans un jeu de données inventé",
    "date": "date illisible",
    "periode": "période illisible ou hors bornes",
    "nombre": "nombre illisible ou hors bornes",
    "montant": "montant illisible ou hors bornes",
    "effectif": "effectif illisible, négatif ou décimal",
    "booleen": "booléen illisible",
    "code": "code inconnu",
    "doublon": "ligne déjà présente dans le fichier",
    "nature_inconnue": "nature de jugement qu'aucune règle ne reconnaît",
    "document": "document illisible",
    "total": "total annoncé en fin de fichier différent du nombre de lignes",
}


class Convert(Enum):
    """How the reference reading converts a cell (spec of the importer before ours, kept for comparison)."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    COMMA_FLOAT = "comma_float"
    TRUNCATED = "truncated"
    CENTS = "cents"
    BOOLEAN = "boolean"
    DATE_ISO = "date_iso"
    DATE_ISO_OR_NULL = "date_iso_or_null"
    DATE_COMPACT = "date_compact"
    DATE_FR = "date_fr"
    DATE_SAS = "date_sas"
    DATE_URSSAF = "date_urssaf"
    PERIODE = "periode"


@dataclass(frozen=True)
class RawColumn:
    """A column that the product reads from a file.

    Parameters
    ----------
    name : str
        As the producer writes it; compared without case.
    is_optional : bool
        The import does without it (the reference reading never does).
    position : int, optional
        Rank from 0, for the files whose header says nothing certain.
    """

    name: str
    is_optional: bool = False
    position: int | None = None


@dataclass(frozen=True)
class Field:
    """A staged column and how its value comes from the raw cells.

    Parameters
    ----------
    column : Column
    sql : str
        Value, from raw cells (`schema.cell.raw`); NULL when it cannot be read.
    cell : str
        Raw column to blame when the value cannot be read; empty when nothing is checked.
    fault : Fault
    expected : str
        What a right cell looks like, in French.
    is_mandatory : bool
        An empty cell is a fault.
    drops_row : bool
        The fault rejects the row; otherwise the value is left empty, the row kept and the cell reported.
    fault_sql : str
        Condition of the fault over raw cells, when it is not "the value is NULL".
    compat_sql : str
        Value as the importer before ours reads it, when it differs from `sql` for a cell that it accepts.
    compat_drops_row : bool, optional
        Whether the fault rejects the row for the importer before ours, when that differs from `drops_row`.
    """

    column: Column
    sql: str
    cell: str = ""
    fault: Fault = Fault.CODE
    expected: str = ""
    is_mandatory: bool = False
    drops_row: bool = True
    fault_sql: str = ""
    compat_sql: str = ""
    compat_drops_row: bool | None = None

    def as_reference(self) -> Field:
        """The field as the importer before ours reads it."""
        drops_row = self.drops_row if self.compat_drops_row is None else self.compat_drops_row
        return replace(self, sql=self.compat_sql or self.sql, drops_row=drops_row)


@dataclass(frozen=True)
class Filter:
    """Rows left out on purpose: counted, neither accepted nor rejected."""

    reason: str
    sql: str


@dataclass(frozen=True)
class Reference:
    """A column of the reference reading.

    Parameters
    ----------
    csv, json : str
        Names in the CSV and in the JSON lines.
    raw : str
        Raw column read; empty when the row's own rule computes the value.
    convert : Convert
    """

    csv: str
    json: str
    raw: str = ""
    convert: Convert = Convert.TEXT


Flatten = Callable[[dict[str, object]], dict[str, str] | None]
"""From a document to raw cells."""


@dataclass(frozen=True)
class Source:
    """Declaration of a source.

    Parameters
    ----------
    name, label : str
        Name in the lake; French label.
    producer : str
        French, shown as the source of every column.
    data_class : DataClass
    file_pattern : str
        Regular expression of the whole file name, without the `.gz` or `.zip` that any file may add.
    separator : str
    raw_columns : tuple of RawColumn
        In the order in which the reference reading looks for them.
    fields : tuple of Field
        Staged columns, without `known_from` and `row_id`.
    known_from : str
        SQL, over staged columns: date on which the row became public, by its producer's calendar.
    freshness : str
        SQL, over staged columns: last month (integer) that the row informs.
    grain : str
        What one staged row is, as a French sentence.
    unique_key : str
        Staged column whose rows must not be repeated whole; empty when repetition means something.
    is_flow : bool
        A flow adds to what came before; a stock replaces it.
    is_wide : bool
        One column per month, turned into one row per month.
    trailer : str
        Regular expression of the lines that are not data; a group in it is the number of rows announced.
    compat_filters : tuple of Filter
        Rows that the importer before ours leaves out besides.
    formats : tuple of str
        Among `text` (separated cells), `parquet` (columns named as `raw_columns`) and `json` (documents).
    flatten : callable, optional
        Raw cells of a document, by name; None for one that is not of this source. Also applied to each record of a text
        file, some of whose cells hold documents.
    document_keys : tuple of str
        Keys that every document has, and the header of a text file of documents: how one is recognised.
    explodes : str
        Raw cell of several words separated by spaces, each of which makes one staged row.
    has_optional_header : bool
        The first line may be data already: the columns are then those of `raw_columns`, by rank.
    is_all_or_nothing : bool
        One bad row refuses the whole file.
    """

    name: str
    label: str
    producer: str
    data_class: DataClass
    file_pattern: str
    separator: str
    raw_columns: tuple[RawColumn, ...]
    fields: tuple[Field, ...]
    known_from: str
    freshness: str
    grain: str
    reference: tuple[Reference, ...] = ()
    filters: tuple[Filter, ...] = ()
    unique_key: str = ""
    encoding: str = "utf-8"
    has_lazy_quotes: bool = False
    is_flow: bool = False
    is_wide: bool = False
    trailer: str = ""
    compat_filters: tuple[Filter, ...] = ()
    formats: tuple[str, ...] = ("text",)
    flatten: Flatten | None = None
    document_keys: tuple[str, ...] = ()
    explodes: str = ""
    has_optional_header: bool = False
    is_all_or_nothing: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Business columns, in order: those that make two rows the same or not."""
        return tuple(replace(f.column, data_class=self.data_class, source=self.producer) for f in self.fields)

    @property
    def staged(self) -> tuple[Column, ...]:
        """Every staged column, in order."""
        return (*self.columns, ROW_ID, KNOWN_FROM)

    def matches(self, file_name: str) -> bool:
        """Whether a file name is one of this source's; case matters, as for the producers."""
        return re.fullmatch(rf"(?:{self.file_pattern})(?:\.gz|\.zip)?", file_name) is not None

    def as_reference(self) -> Source:
        """The source whose rows are read as the importer before ours reads them."""
        fields = tuple(field.as_reference() for field in self.fields)
        return replace(self, fields=fields, filters=self.filters + self.compat_filters, compat_filters=())


ROW_ID = Column("row_id", Kind.BIGINT, "Rang de la ligne dans son lot", nullable=False)
KNOWN_FROM = Column("known_from", Kind.DATE, "Date à partir de laquelle la ligne est connue", nullable=False)
