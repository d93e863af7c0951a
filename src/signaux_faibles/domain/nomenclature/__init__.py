"""Public nomenclatures shipped with the package (see README.md beside this file for their origin)."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_nomenclature(name: str) -> list[dict[str, str]]:
    """Rows of one of the CSV files of this folder, as dictionaries keyed by its header."""
    with (files(__package__) / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
