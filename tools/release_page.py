#!/usr/bin/env python3
"""Write docs/dev/reference/release.md from the declared tables, or check with --check that it is up to date."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.release.manifest import FORMAT_VERSION, Manifest
from signaux_faibles.release.tables import SERIES_KINDS, TABLES
from signaux_faibles.schema import Column, Table

PAGE = Path(__file__).parents[1] / "docs/dev/reference/release.md"

OPENING = f"""# Release

Written by `tools/release_page.py` from `release/tables.py`; do not edit by hand.

`releases/<id>/` is all that the service ever sees ([why](../../adr/0011-release-as-border.md)). Its id is the month of
the list and a hash of what it was made from. Format version: {FORMAT_VERSION}. It holds:

| file | content |
|---|---|
| `manifest.json` | identity card; written last, names every other file with its sha256 |
| `<table>.parquet` | the tables below: declared columns in this order, sorted by their key, keys unique |
| `rapport/fiche_modele.md` | model card, in French |
| `rapport/fiche_algorithme.md` | sheet of the algorithm, in French |
| `rapport/modele.json` | the model's inputs, calibration line, thresholds |
| `rapport/evaluation.json` | its figures, when it was evaluated |
| `rapport/rapport.md`, `rapport/*.svg` | report of the backtest in French, and its drawings; when it was evaluated |
| `rapport/rapport_details.md`, `rapport/rapport.json` | its tables, and what they are made from |
| `rapport/derive.json` | how much the month differs from the months learnt from (PSI), with a warning when it does |

A table has a grain (one row is…) and a key. A column has a class, which decides who may see it. An amount in `_eur` is
in euros, a probability between 0 and 1. Empty means unknown, never zero.

## Manifest
"""


def page() -> str:
    """Text of the page."""
    parts = [OPENING, *_fields(), "", *_classes(), ""]
    for table in TABLES.values():
        parts += [*_section(table), ""]
    parts += [*_kinds()]
    return "\n".join(parts) + "\n"


def _fields() -> list[str]:
    rows = [f"`{name}`" for name in Manifest.__dataclass_fields__]
    text = "Fields, described in `release/manifest.py`: " + ", ".join(rows) + "."
    return textwrap.wrap(text, 120, break_on_hyphens=False)


def _classes() -> list[str]:
    return ["Classes of data: " + ", ".join(f"`{kind.value}`" for kind in DataClass) + "."]


def _section(table: Table) -> list[str]:
    lines = [
        f"## `{table.name}`",
        "",
        f"One row: {table.grain}. Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | label | unit | class | producer |",
        "|---|---|---|---|---|---|",
    ]
    return lines + [_row(column, is_key=column.name in table.key) for column in table.columns]


def _row(column: Column, *, is_key: bool) -> str:
    label = column.label + (f". {column.explanation}" if column.explanation else "")
    name = f"**`{column.name}`**" if is_key else f"`{column.name}`"
    cells = (name, column.kind.value, label.replace("|", "/"), column.unit, column.data_class.value, column.source)
    return f"| {' | '.join(cells)} |"


def _kinds() -> list[str]:
    lines = ["## Kinds of series", "", "| kind | label | unit | class |", "|---|---|---|---|"]
    return lines + [f"| `{k}` | {label} | {unit} | {c.value} |" for k, (label, unit, c) in SERIES_KINDS.items()]


def main() -> int:
    """Write the page, or say whether it is up to date."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write(f"{PAGE.name} is out of date: run tools/release_page.py.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
