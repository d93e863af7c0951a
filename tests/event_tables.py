"""Tables from which the events of companies are made, and their naive definition, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from signaux_faibles.domain.periode import month_of
from signaux_faibles.engine import Engine
from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.panel.events import event_steps

Row = dict[str, Any]
Spans = list[tuple[int, int, str, int, bool]]

GRAVITY = {"sauvegarde": 10, "redressement": 20, "liquidation": 30}
ENDS = ("fin_procedure", "inclusion_autre_procedure", "abandon_procedure")
PROCOL = pa.schema(
    [
        ("siren", pa.string()),
        ("action", pa.string()),
        ("stade", pa.string()),
        ("date_effet", pa.date32()),
        ("effet_month", pa.int32()),
        ("known_month", pa.int32()),
        ("until_month", pa.int32()),
    ]
)
HISTO = pa.schema(
    [
        ("siren", pa.string()),
        ("siret", pa.string()),
        ("debut", pa.date32()),
        ("active", pa.int32()),
        ("known_month", pa.int32()),
        ("until_month", pa.int32()),
    ]
)


def told(siren: str, effective: date, action: str, stade: str, *, until: int = NEVER) -> Row:
    """An event of a proceeding, known the month after."""
    month = month_of(effective)
    return {
        "siren": siren, "action": action, "stade": stade, "date_effet": effective, "effet_month": month,
        "known_month": month + 1, "until_month": until,
    }  # fmt: skip


def period(siren: str, siret: str, debut: date, active: int, *, until: int = NEVER) -> Row:
    """A period of an establishment, open (1) or closed (0)."""
    return {
        "siren": siren, "siret": siret, "debut": debut, "active": active, "known_month": month_of(debut),
        "until_month": until,
    }  # fmt: skip


def fill(engine: Engine, procol: Sequence[Row], histo: Sequence[Row], as_of: int, *, has_history: bool = True) -> None:
    """Make the table `events`."""
    engine.register("procol_events", pa.Table.from_pylist(list(procol), schema=PROCOL))
    engine.register("histo", pa.Table.from_pylist(list(histo), schema=HISTO))
    for step in event_steps(as_of, has_history=has_history):
        engine.run(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}")


def events_of(
    path: Path, procol: Sequence[Row], histo: Sequence[Row], as_of: int, *, has_history: bool = True
) -> dict[str, Spans]:
    """Events of each company: from, to, event, code, opening."""
    with Engine(path / "engine") as engine:
        fill(engine, procol, histo, as_of, has_history=has_history)
        rows = engine.rows("SELECT siren, from_month, to_month, event, etat_procol_code, is_opening FROM events")
    found: dict[str, Spans] = {}
    for siren, *span in rows:
        found.setdefault(siren, []).append(tuple(span))
    return found


def naive_state(events: Sequence[Row], month: int) -> int:
    """Code of the proceeding in force at a month: the gravest of those whose last event is not an end."""
    codes = [0]
    for action, gravity in GRAVITY.items():
        past = [e for e in events if e["action"] == action and e["effet_month"] <= month and e["until_month"] == NEVER]
        if not past:
            continue
        # Of two events of one day, an end comes last; between others the order of the words settles it.
        day = max(e["date_effet"] for e in past)
        stades = sorted(e["stade"] for e in past if e["date_effet"] == day)
        stade = next((s for s in stades if s in ENDS), stades[0])
        effect = day.year * 12 + day.month - 1
        if stade in ENDS or (stade == "plan_continuation" and month - effect >= 120):
            continue
        codes.append(gravity + (stade == "plan_continuation" and action != "liquidation"))
    return max(codes)


def naive_closure(periods: Sequence[Row], first: int, as_of: int) -> int | None:
    """First month, after the last one with an open establishment; None while one is open, or if none ever was."""
    known = [p for p in periods if p["until_month"] == NEVER]

    def is_open(month: int) -> bool:
        for siret in {p["siret"] for p in known}:
            past = [p for p in known if p["siret"] == siret and month_of(p["debut"]) <= month]
            if past and max(past, key=lambda p: (p["debut"], p["active"]))["active"]:
                return True
        return False

    months = [month for month in range(first, as_of + 1) if is_open(month)]
    return months[-1] + 1 if months and months[-1] < as_of else None


def naive_label(
    state: Mapping[int, int], closure: int | None, month: int, *, last_month: int, horizon: int, first: int | None
) -> tuple[Any, ...]:
    """Columns of the labels of a month, from the states of every month: one look at each month to come."""
    in_proceeding, closed = state[month] > 0, closure is not None and closure <= month
    untold = first is not None and month < first
    opening = next((m for m in range(month + 1, max(state) + 1) if state[m] > 0 and state[m - 1] == 0), None)
    failure = None
    if not in_proceeding and not untold and month + horizon + 1 <= last_month:
        failure = int(opening is not None and opening - month <= horizon)
    if in_proceeding or untold or closed:
        return in_proceeding, closed, failure, None, None, None
    kind, at = None, opening
    if opening is not None:
        kind = next(name for name, gravity in GRAVITY.items() if gravity == state[opening] // 10 * 10)
    if closure is not None and (opening is None or closure < opening):
        kind, at = "fermeture", closure
    if at is None or at > last_month - 1:
        kind, at = "aucun", None
    observed = max(0, last_month - 1 - month)
    return in_proceeding, closed, failure, kind, None if at is None else at - month, observed
