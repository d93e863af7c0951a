"""The declaration of a source as a Table Schema: what a producer, or any tool of the standard, can check a file with.

Everything is read in the declaration; a rule that the standard has no word for (two spellings of a date, a comma or a
dot) becomes a text with a pattern.

References
----------
Table Schema 2.0 of the Data Package standard; all but `fieldsMatch` is in version 1 too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from signaux_faibles.schema.cell import raw
from signaux_faibles.schema.column import Kind
from signaux_faibles.schema.source import Fault, Field, RawColumn, Source

Descriptor = dict[str, Any]

HIDDEN = "[ND]"
"""Cell of what a person did not wish to publish, in the national register."""

ISO = "%Y-%m-%d"
DOCUMENT_KEY = "Clé que chaque document doit avoir, et colonne de l'export CSV ; la cellule peut contenir du JSON."
MONTH_COLUMNS: Descriptor = {
    "pattern": "^eff([0-9]{4}|[0-9]{6})$",
    "description": "Une colonne par mois, effAAAATM : trimestre T de 1 à 4, mois M du trimestre de 1 à 3.",
    "type": "string",
    "constraints": {"pattern": "[0-9]{1,9}|[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+"},
}


def table_schema(source: Source) -> Descriptor:
    """Table Schema of the files of a source.

    Beside the words of the standard, `file` says how the files are named and read, `optional` marks a column that may
    be missing, `monthColumns` describes the columns of the months, whose names are not known in advance.
    """
    missing = ["", HIDDEN] if any(HIDDEN in field.sql for field in source.fields) else [""]
    schema: Descriptor = {
        "name": source.name,
        "title": source.label,
        "description": f"Une ligne du fichier : {source.grain}.",
        "fields": _fields(source),
        "fieldsMatch": _match(source),
        "missingValues": missing,
        "file": _file(source),
    }
    keys = [c.name for c in source.raw_columns if source.unique_key and _is_key(source, c)]
    if keys:
        schema["primaryKey"] = keys
    if source.is_wide:
        schema["monthColumns"] = MONTH_COLUMNS
    return schema


def schema_index(sources: Iterable[Source]) -> Descriptor:
    """What every schema of a folder is about."""
    return {
        "title": "Fichiers des producteurs",
        "schemas": [
            {
                "name": source.name,
                "title": source.label,
                "producer": source.producer,
                "schema": schema_file_name(source),
                "dataClass": source.data_class.value,
                "file": _file(source),
            }
            for source in sources
        ],
    }


def schema_file_name(source: Source) -> str:
    """Name of the file of a schema."""
    return f"{source.name}.schema.json"


def _file(source: Source) -> Descriptor:
    return {
        "pathPattern": f"^(?:{source.file_pattern})(?:\\.gz|\\.zip)?$",
        "formats": list(source.formats),
        "encoding": source.encoding,
        "dialect": {
            "delimiter": source.separator,
            "quoteChar": '"',
            "doubleQuote": True,
            "header": not source.has_optional_header,
            "caseSensitiveHeader": False,
        },
        "isFlow": source.is_flow,
    }


def _fields(source: Source) -> list[Descriptor]:
    """Columns of the file; of a source of documents, the keys that every document has."""
    if source.flatten is not None:
        return [{"name": key, "type": "string", "description": DOCUMENT_KEY} for key in source.document_keys]
    return [_field(source, column) for column in _columns(source)]


def _columns(source: Source) -> list[RawColumn]:
    """Columns that the file must have, by name, or every one up to the last read when only their rank is known."""
    placed = {column.position: column for column in source.raw_columns if column.position is not None}
    if not placed:
        return list(source.raw_columns)
    return [placed.get(rank, RawColumn(f"colonne_{rank + 1}")) for rank in range(max(placed) + 1)]


def _match(source: Source) -> str:
    """How columns match fields: by name in any order, with others between, unless only their rank is known."""
    if any(column.position is not None for column in source.raw_columns):
        return "exact"
    return "partial" if any(column.is_optional for column in source.raw_columns) else "subset"


def _is_key(source: Source, column: RawColumn) -> bool:
    key = next(field for field in source.fields if field.column.name == source.unique_key)
    return raw(column.name) in key.sql


def _field(source: Source, column: RawColumn) -> Descriptor:
    readers = [field for field in source.fields if raw(column.name) in field.sql]
    checked = next((field for field in source.fields if field.cell == column.name), None)
    field = checked or next(iter(readers), None)
    described: Descriptor = {"name": column.name}
    if field is None:
        described |= {"type": "string", "description": "Colonne qui n'est pas importée."}
        return described
    described |= {"title": field.column.label}
    described |= _typed(field, column.name) if checked else {"type": "string"}
    expected = f" Attendu : {field.expected}." if checked and field.expected else ""
    described["description"] = f"{field.column.label}.{expected}"
    if checked and checked.is_mandatory:
        described.setdefault("constraints", {})["required"] = True
    if column.is_optional:
        described["optional"] = True
    return described


def _typed(field: Field, cell: str) -> Descriptor:
    """Type, format and constraints of a checked cell, as near to the declaration as the standard allows."""
    patterns = re.findall(rf"regexp_full_match\({re.escape(raw(cell))}, '((?:[^']|'')*)'\)", field.sql)
    days = re.findall(rf"try_strptime\({re.escape(raw(cell))}, '([^']+)'\)", field.sql)
    if _depends_on_others(field, cell):
        return {"type": "string"}
    if field.fault is Fault.BOOLEAN:
        return _boolean(field)
    if len(set(days)) == 1:
        return {"type": "date", "format": "default" if days[0] == ISO else days[0]}
    if field.fault is Fault.EFFECTIF:
        return {"type": "number", "constraints": {"minimum": 0}}
    if field.fault in (Fault.AMOUNT, Fault.NUMBER, Fault.CODE) and field.column.kind is not Kind.TEXT:
        return _number(field, patterns)
    codes = re.findall(r"WHEN '([^']+)' THEN '", field.sql)
    if field.fault is Fault.CODE and codes and not patterns:
        return {"type": "string", "constraints": {"enum": codes}}
    if field.fault is Fault.PERIODE:
        return {"type": "string", "constraints": {"pattern": "([0-9]{2})?[0-9]{2}([1-4][0-3]|62)"}}
    digits = re.search(r"([0-9]+) chiffres", field.expected)
    if digits and not patterns:
        patterns = [f"[0-9]{{{digits[1]}}}"]
    return {"type": "string"} | ({"constraints": {"pattern": _either(patterns)}} if patterns else {})


def _depends_on_others(field: Field, cell: str) -> bool:
    """Whether the value is right or wrong according to another cell, which the standard cannot say."""
    return bool(set(re.findall(r'"raw [^"]+"', field.fault_sql or field.sql)) - {raw(cell)})


def _number(field: Field, patterns: list[str]) -> Descriptor:
    """A number; when its decimal mark may be a comma as well as a dot, a text of that shape."""
    if not patterns:
        either = re.search(r"regexp_full_match\(replace\(.*?, ',', '\.'\), '([^']*)'\)", field.sql)
        if either:
            return {"type": "string", "constraints": {"pattern": either[1].replace(r"\.", "[.,]")}}
    bounds = re.search(r"BETWEEN (-?[0-9]+) AND (-?[0-9]+)", field.sql)
    kind = "integer" if field.column.kind is Kind.INTEGER else "number"
    return {"type": kind} | ({"constraints": {"minimum": int(bounds[1]), "maximum": int(bounds[2])}} if bounds else {})


def _boolean(field: Field) -> Descriptor:
    """A boolean with the spellings that the SQL of the field names."""
    words: dict[str, list[str]] = {"true": [], "false": []}
    for listed, value in re.findall(r"IN \(([^)]*)\) THEN (true|false)", field.sql):
        words[value] += re.findall(r"'([^']+)'", listed)
    for word, value in re.findall(r"WHEN '([^']+)' THEN (true|false)", field.sql):
        words[value].append(word)
    return {"type": "boolean", "trueValues": words["true"], "falseValues": words["false"]}


def _either(patterns: list[str]) -> str:
    distinct = list(dict.fromkeys(patterns))
    return distinct[0] if len(distinct) == 1 else "|".join(f"({pattern})" for pattern in distinct)
