"""Write tuples as the importer before ours did: CSV, or one JSON object a line."""

from __future__ import annotations

import json
from decimal import Decimal

from signaux_faibles.ingest.reference.cells import Value
from signaux_faibles.ingest.reference.messages import Day
from signaux_faibles.schema.source import Source

_OMITTED_WHEN_EMPTY = {
    "sirene": {"est_actif"},
    "sirene_ul": {"siren", "raison_sociale", "categorie_juridique", "est_actif"},
    "sirene_histo": {"siret", "date_debut", "date_fin", "changement_statut_actif"},
}
"""For these sources, empty, false and zero values are left out of JSON, but for the names given."""


def csv_header(source: Source) -> bytes:
    """Header line; empty for a source whose columns have no name."""
    return _csv_line([reference.csv for reference in source.reference if reference.csv])


def csv_row(source: Source, values: list[Value]) -> bytes:
    """A tuple as a CSV line."""
    pairs = zip(source.reference, values, strict=True)
    return _csv_line([csv_text(value) for reference, value in pairs if reference.csv])


def csv_text(value: Value) -> str:
    """A value in a CSV cell; NULL is empty, a float is its shortest decimal, never an exponent."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _csv_line(cells: list[str]) -> bytes:
    return (",".join(_quoted(cell) for cell in cells) + "\n").encode("utf-8", "surrogateescape")


def _quoted(cell: str) -> str:
    if cell and (cell == "\\." or cell[0].isspace() or any(char in cell for char in ',"\r\n')):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def json_row(source: Source, values: list[Value]) -> bytes:
    """A tuple as a JSON line; a byte that is not UTF-8 becomes U+FFFD."""
    always = _OMITTED_WHEN_EMPTY.get(source.name)
    row: dict[str, object] = {}
    for reference, value in zip(source.reference, values, strict=True):
        if always is None or value or reference.json in always:
            row[reference.json] = f"{value}T00:00:00Z" if isinstance(value, Day) else value
    if source.name == "sirene":
        row["siret"] = f"{row.get('siren', '')}{row.get('nic', '')}"
    elif "siret" in row:
        row["siren"] = str(row["siret"])[:9]
    text = json.dumps(row, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode() + b"\n"
