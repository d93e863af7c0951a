"""Les événements et les étiquettes sont les mêmes sur les deux moteurs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from both_engines import check_same_on_both
from event_tables import ENDS, HISTO, PROCOL, period, told
from lakes import m
from signaux_faibles.engine import SqlEngine
from signaux_faibles.engine.portable import portability_faults
from signaux_faibles.panel.as_of import NEVER, Step
from signaux_faibles.panel.events import EVENTS, event_steps
from signaux_faibles.target.incidence import exits_sql
from signaux_faibles.target.labels import LABELS, label_sql

FIRST, AS_OF = m("2015-01"), m("2021-12")
SIRENS = tuple(f"90000{number:04d}" for number in range(60))


def _tables(seed: int) -> dict[str, pa.Table]:
    draw = random.Random(seed)

    def when() -> date:
        return date(2008, 1, 1) + timedelta(days=draw.randint(0, 5200))

    procol = [
        told(siren, when(), draw.choice(("redressement", "liquidation", "sauvegarde")), draw.choice(stages))
        for siren in SIRENS
        for stages in (("ouverture", "plan_continuation", "conversion", *ENDS),) * draw.choice((0, 1, 2, 4))
    ]
    histo = [
        period(siren, f"{siren}000{number}1", when(), draw.randint(0, 1), until=draw.choice((NEVER, NEVER, AS_OF)))
        for siren in SIRENS
        for number in (1, 1, 2)
    ]
    grid = [{"siren": siren, "month": month} for siren in SIRENS for month in range(FIRST, AS_OF + 1)]
    return {
        "procol_events": pa.Table.from_pylist(procol, schema=PROCOL),
        "histo": pa.Table.from_pylist(histo, schema=HISTO),
        "grid": pa.Table.from_pylist(grid, schema=pa.schema([("siren", pa.string()), ("month", pa.int32())])),
    }


def _steps(horizon: int, covered_from: int | None) -> list[Step]:
    labels = label_sql("grid", "events", last_month=AS_OF, covered_from=covered_from, horizon=horizon)
    return [
        *event_steps(AS_OF),
        Step("labels", labels),
        Step("exits", exits_sql("labels")),
    ]


def test_les_deux_moteurs_donnent_les_memes_evenements_et_etiquettes(tmp_path: Path, spark: SqlEngine) -> None:
    made = check_same_on_both(spark, tmp_path, _steps(6, m("2016-03")), _tables(2))
    assert made["events"].column_names == list(EVENTS.names)
    assert made["labels"].column_names == list(LABELS.names)
    assert set(made["events"]["event"].to_pylist()) == {"sauvegarde", "redressement", "liquidation", "fermeture"}
    assert set(made["labels"]["failure"].to_pylist()) == {0, 1, None}
    assert made["labels"].num_rows == len(SIRENS) * (AS_OF + 1 - FIRST)


def test_les_requetes_restent_dans_le_dialecte_commun() -> None:
    for step in _steps(18, FIRST):
        assert portability_faults(step.sql) == [], step.name
