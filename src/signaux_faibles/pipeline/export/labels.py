"""Public labels that the clean tables join, and the few that the earlier importer fixed."""

from __future__ import annotations

import pyarrow as pa

from signaux_faibles.domain.naf import categorie_juridique_labels, naf_labels, naf_sections, section_labels
from signaux_faibles.domain.territoire import departements
from signaux_faibles.engine import Engine

MOTIFS = {
    1: "Conjoncture économique",
    2: "Difficultés d'approvisionnement en matières premières ou en énergie",
    3: "Sinistre ou intempéries de caractère exceptionnel",
    4: "Transformation, restructuration ou modernisation des installations et des bâtiments",
    5: "Autres circonstances exceptionnelles",
    6: "Motif inconnu",
    7: "Motif inconnu",
}
"""Reasons of a request for short-time work, by code."""

COLLECTIVITES = ("975", "977", "978", "981", "984", "986", "987", "988", "989")
COLLECTIVITES_REGION = ("00", "Collectivité d'outre-mer")
"""Overseas collectivities are in no region: consumers of the clean tables know them under this one."""

NAF25_LAST_DIVISIONS = {
    "A": 3, "B": 9, "C": 33, "D": 35, "E": 39, "F": 43, "G": 47, "H": 53, "I": 56, "J": 60, "K": 63, "L": 66, "M": 68,
    "N": 75, "O": 82, "P": 84, "Q": 85, "R": 88, "S": 93, "T": 96, "U": 98, "V": 99,
}  # fmt: skip
"""Last division of each section of NAF 2025, which follows NACE revision 2.1 (regulation (EU) 2023/137)."""


def register_labels(engine: Engine) -> None:
    """Make the tables of labels readable by SQL."""
    sections, labels = naf_sections(), section_labels()
    rows: dict[str, list[dict[str, str]]] = {
        "naf_codes": [
            {"niv5": code, "niv5_libelle": label, "niv1": sections[code], "niv1_libelle": labels[sections[code]]}
            for code, label in naf_labels().items()
        ],
        "categories_juridiques": [{"code": c, "libelle": label} for c, label in categorie_juridique_labels().items()],
        "labels_departement_region": [
            {"departement": d.code, "libelle_departement": d.libelle} | _region(d.code, d.region, d.libelle_region)
            for d in departements().values()
        ],
    }
    for name, content in rows.items():
        engine.register(name, pa.Table.from_pylist(content))


def _region(departement: str, code: str, label: str) -> dict[str, str]:
    region, libelle = COLLECTIVITES_REGION if departement in COLLECTIVITES else (code, label)
    return {"region": region, "libelle_region": libelle}


def motif_sql(code: str) -> str:
    """SQL of the label of a reason."""
    whens = " ".join(f"WHEN {number} THEN {quoted(label)}" for number, label in MOTIFS.items())
    return f"CASE {code} {whens} END"


def naf25_section_sql(code: str) -> str:
    """SQL of the section of a NAF 2025 code, by its division; NULL for what is not one."""
    division = f"TRY_CAST(left({code}, 2) AS INTEGER)"
    whens = " ".join(f"WHEN {division} <= {last} THEN '{section}'" for section, last in NAF25_LAST_DIVISIONS.items())
    return rf"CASE WHEN NOT regexp_full_match({code}, '[0-9]{{2}}\.[0-9]{{2}}[A-Z]') THEN NULL {whens} END"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
