"""The events and the labels, worked out at a few moments, are those of their naive definition, month by month."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from deep import examples
from event_tables import ENDS, Row, events_of, fill, naive_closure, naive_label, naive_state, period, told
from lakes import m
from signaux_faibles.engine import Engine
from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.panel.events import CLOSURE_MONTHS
from signaux_faibles.target.labels import label_sql

FIRST, AS_OF = m("2005-01"), m("2024-06")
SIRENS = tuple(f"90000000{digit}" for digit in range(10))
STAGES = ("ouverture", "plan_continuation", "conversion", *ENDS)


def _day(draw: random.Random) -> date:
    """A day among few months, so that events meet; some take effect after the end of the run."""
    return date(2005, 1, 1) + timedelta(days=draw.choice((draw.randint(0, 7300), draw.randint(5000, 5600))))


def _world(seed: int) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    draw = random.Random(seed)
    procol: dict[str, list[Row]] = {siren: [] for siren in SIRENS}
    histo: dict[str, list[Row]] = {siren: [] for siren in SIRENS}
    for siren in SIRENS:
        for _ in range(draw.choice((0, 0, 1, 2, 4, 8))):
            action = draw.choice(("redressement", "liquidation", "sauvegarde"))
            until = draw.choice((NEVER, NEVER, NEVER, AS_OF))
            procol[siren].append(told(siren, _day(draw), action, draw.choice(STAGES), until=until))
        for number in range(draw.randint(1, 3)):
            for _ in range(draw.randint(1, 4)):
                until = draw.choice((NEVER, NEVER, NEVER, AS_OF))
                histo[siren].append(period(siren, f"{siren}000{number}1", _day(draw), draw.randint(0, 1), until=until))
    return procol, histo


def _flat(rows: dict[str, list[Row]]) -> list[Row]:
    return [row for part in rows.values() for row in part]


def _naive(procol: list[Row], histo: list[Row]) -> tuple[dict[int, int], int | None]:
    """State of every month, and month of the closure without proceeding."""
    state = {month: naive_state(procol, month) for month in range(FIRST - 1, AS_OF + 1)}
    closure = naive_closure(histo, FIRST - 1, AS_OF)
    if closure is not None and any(state[m] for m in range(max(closure - CLOSURE_MONTHS, FIRST - 1), AS_OF + 1)):
        closure = None
    return state, closure


@pytest.mark.parametrize("seed", range(examples(25, deep=1500)))
def test_the_spans_are_the_states_of_every_month(tmp_path: Path, seed: int) -> None:
    procol, histo = _world(seed)
    found = events_of(tmp_path, _flat(procol), _flat(histo), AS_OF)
    for siren in SIRENS:
        state, closure = _naive(procol[siren], histo[siren])
        spans = found.get(siren, [])
        assert [from_month for from_month, _, event, *_ in spans if event == "fermeture"] == [closure] * bool(closure)
        for month in range(FIRST, AS_OF + 1):
            inside = [span for span in spans if span[0] <= month < span[1] and span[2] != "fermeture"]
            assert [code for *_, code, _ in inside] == [state[month]] * (state[month] > 0)
        openings = [from_month for from_month, *_, is_opening in spans if is_opening]
        assert openings == [t for t in range(FIRST, AS_OF + 1) if state[t] > 0 and state[t - 1] == 0]


@pytest.mark.parametrize("seed", range(examples(25, deep=1500)))
def test_the_labels_are_those_of_a_look_at_each_month_to_come(tmp_path: Path, seed: int) -> None:
    procol, histo = _world(seed)
    draw = random.Random(-seed - 1)
    horizon, last_month = draw.randint(1, 36), AS_OF - draw.choice((0, 0, 1, 7))
    covered_from = draw.choice((None, m("2015-06")))
    with Engine(tmp_path / "engine") as engine:
        fill(engine, _flat(procol), _flat(histo), AS_OF)
        engine.run(
            "CREATE TABLE grid AS SELECT s.siren AS siren, CAST(t.range AS INTEGER) AS month"
            f" FROM (SELECT unnest({list(SIRENS)}) AS siren) AS s, range({FIRST}, {AS_OF + 1}) AS t"
        )
        sql = label_sql("grid", "events", last_month=last_month, covered_from=covered_from, horizon=horizon)
        rows = engine.rows(f"SELECT * FROM ({sql}) AS labels ORDER BY siren, month")
    assert len(rows) == len(SIRENS) * (AS_OF + 1 - FIRST)
    expected = []
    for siren in SIRENS:
        state, closure = _naive(procol[siren], histo[siren])
        expected += [
            (siren, t, *naive_label(state, closure, t, last_month=last_month, horizon=horizon, first=covered_from))
            for t in range(FIRST, AS_OF + 1)
        ]
    assert rows == expected


def test_the_random_worlds_hold_every_kind_of_event(tmp_path: Path) -> None:
    seen: set[str] = set()
    for seed in range(25):
        procol, histo = _world(seed)
        for spans in events_of(tmp_path / str(seed), _flat(procol), _flat(histo), AS_OF).values():
            seen |= {event for _, _, event, *_ in spans}
            seen |= {"plan" for *_, code, _ in spans if code in (11, 21)}
            seen |= {"conversion" for _, _, event, _, is_opening in spans if event != "fermeture" and not is_opening}
    assert seen == {"sauvegarde", "redressement", "liquidation", "fermeture", "plan", "conversion"}
