"""Random version logs of every source: few companies, many ties, nulls, negatives, rows withdrawn before they count."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from lakes import m
from signaux_faibles.domain.procol import ACTIONS, STAGE_IGNORED, STAGE_OPENING, STAGE_PLAN, STAGES_END
from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.schema import Kind
from signaux_faibles.sources import SOURCES
from version_tables import version_log

SIRENS = tuple(f"90000000{n}" for n in (3, 4, 6, 7, 8, 9))
"""Invented companies: their keys are wrong."""

FIRST, LAST = m("2016-06"), m("2019-12")
"""Months between which things are known."""

Draw = Callable[[random.Random], Any]


def _one_of(*values: Any) -> Draw:
    return lambda rng: rng.choice(values)


def _month_of_data(rng: random.Random) -> int:
    return rng.randrange(FIRST - 3, LAST)


def _date(rng: random.Random) -> date | None:
    if rng.random() < 0.1:
        return None
    if rng.random() < 0.4:  # month ends, that several rows share
        return date(rng.randrange(2015, 2020), 12, 31)
    return date(2015, 6, 15) + timedelta(days=rng.randrange(1650))


BY_NAME: dict[str, Draw] = {
    "month": _month_of_data,
    "start_month": _month_of_data,
    "compte": _one_of("1", "2"),
    "numero_ecart": _one_of("101", "102"),
    "numero_historique": _one_of(1, 2, 3, None),
    "effectif_count": _one_of(0, 8, 12, 12, 25, None),
    "is_active": _one_of(True, True, True, False, None),
    "is_siege": _one_of(True, True, False),
    "action": _one_of(*ACTIONS, None),
    "stade": _one_of(
        STAGE_OPENING, STAGE_OPENING, STAGE_PLAN, *STAGES_END, STAGE_IGNORED, "APPROB", "APPROB", "DEBUT", "", None
    ),
    "type_avis": _one_of("initial", "rectificatif", "annulation", None),
    "annonce": _one_of("A1", "A2", "A3", "A4"),
    "annonce_precedente": _one_of(None, None, "A1", "A2"),
    "type_bilan": _one_of("C", "S", "K", None),
    "code_naf": _one_of("25.62B", "25.11Z", "01.11Z", "84.11Z", None),
    "categorie_juridique": _one_of("5710", "5499", "7210", "1000", None),
    "departement": _one_of("75", "2A", "971", None),
    "tranche_effectif": _one_of("03", "11", "12", "21", "NN", None),
    "annee_effectif": _one_of(2015, 2016, 2017, None),
    "motif": _one_of(1, 2, 3, 5, 6, None),
    "perimetre": _one_of(1, 2, 3, 4, None),
}
BY_KIND: dict[Kind, Draw] = {
    Kind.BIGINT: _one_of(0, 1, -7, 100, 12_345, 99_999, 1_000_003, None),
    Kind.INTEGER: _one_of(0, 1, 5, 12, 30, 90, None),
    Kind.DOUBLE: _one_of(0.0, -1.5, 12.25, 33.3, 100.1, 1e-9, None),
    Kind.BOOLEAN: _one_of(True, False, None),
    Kind.DATE: _date,
    Kind.TEXT: _one_of("a", "b", None),
}


def random_version_logs(seed: int, *, rows: int = 12, sirens: Sequence[str] = SIRENS) -> dict[str, pa.Table]:
    """Tables `v_<source>`, each with at most so many rows a company."""
    rng = random.Random(seed)
    return {f"v_{source}": version_log(source, _rows(source, rng, rows, sirens)) for source in SOURCES}


def _rows(source: str, rng: random.Random, most: int, sirens: Sequence[str]) -> list[dict[str, Any]]:
    columns = [c for c in SOURCES[source].staged if c.name not in ("siren", "siret", "known_from", "row_id")]
    made = []
    for siren in sirens:
        for _ in range(rng.randrange(2, most)):
            row = {c.name: BY_NAME.get(c.name, BY_KIND[c.kind])(rng) for c in columns}
            if "end_month" in row:
                row["end_month"] = row["start_month"] + rng.choice((0, 1, 1, 3))
            if "siret" in {c.name for c in SOURCES[source].staged}:
                row["siret"] = siren + rng.choice(("00011", "00029"))
            known = rng.randrange(FIRST - 6, LAST + 1)
            until = NEVER if rng.random() < 0.7 else rng.randrange(known, LAST + 3)
            made.append(row | {"siren": siren, "known_month": known, "until_month": until})
    return made
