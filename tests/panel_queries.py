"""Every query from the version logs to features, events and labels: the one place that knows how they are gathered."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from random_versions import FIRST, LAST, SIRENS, random_version_logs
from signaux_faibles.features.build import features_sql
from signaux_faibles.panel import grid
from signaux_faibles.panel.as_of import Step
from signaux_faibles.panel.events import event_steps
from signaux_faibles.panel.states.contexte import contexte_steps
from signaux_faibles.panel.states.macro import macro_table
from signaux_faibles.panel.states.procol import PROCOL, discarded_notices
from signaux_faibles.panel.states.sirene import SIRENE
from signaux_faibles.panel.table import PANEL
from signaux_faibles.perimeter import read_rules
from signaux_faibles.target.labels import label_sql

RULES = read_rules().at(LAST)
OPEN_ABSENT = frozenset(
    {"sirene_histo", "effectif_ent", "cotisation", "debit", "delai", "ccsf", "procol", "apconso", "apdemande"}
)


@dataclass(frozen=True)
class Case:
    """A way to gather the queries.

    Parameters
    ----------
    scope : grid.Scope
    since : int or None
        First month to make, after rows of an earlier panel.
    """

    scope: grid.Scope
    since: int | None = None


CASES = {
    "tous les partenaires": Case(grid.Scope()),
    "données ouvertes et filtre": Case(grid.Scope(absent=OPEN_ABSENT, is_open=True, is_filtered=True)),
    "à la suite d'un panel": Case(grid.Scope(), since=LAST - 5),
}


def given_tables(seed: int) -> dict[str, pa.Table]:
    """Tables that a run makes before its queries: version logs, companies named by their key inside a run, months."""
    logs = {name: _keyed(table) for name, table in random_version_logs(seed).items()}
    return logs | {
        "companies": _keyed(pa.table({"siren": list(SIRENS)})),
        "months": pa.table({"t": pa.array(range(FIRST - grid.HISTORY_MONTHS, LAST + 1), pa.int32())}),
        "requested": _keyed(pa.table({"siren": list(SIRENS[:4])})),
        "macro": macro_table(LAST - 3, LAST),
    }


def national_steps(case: Case) -> list[Step]:
    """Queries made once for a run: who may be in perimeter, notices discarded, rates of the nation."""
    sizes = "v_sirene_ul" if case.scope.is_open else "v_effectif_ent"
    reached = grid.reached_sql(sizes, effectif_min_count=RULES.effectif_min_count, is_open=case.scope.is_open)
    return [
        discarded_notices("SELECT * FROM v_bodacc"),
        Step("reached", reached),
        *contexte_steps(case.scope.absent, first_month=FIRST, last_month=LAST),
        Step("contexte_naf", "SELECT * FROM macro"),
    ]


def bucket_steps(case: Case) -> list[Step]:
    """Queries of a bucket of companies: states, rows of the panel, features."""
    steps = grid.bucket_steps(RULES, case.scope, first_month=FIRST, last_month=LAST, since=case.since)
    return [*steps, Step("features", features_sql("panel_rows"))]


def outcome_steps(case: Case) -> list[Step]:
    """Queries of the events, and of the labels of two horizons."""
    from_ = ("histo", "bodacc_events", "procol_events")
    absent = case.scope.absent
    states = [step for family in (SIRENE, PROCOL) for step in family.steps(absent) if step.name in from_]
    events = event_steps(LAST, has_history="sirene_histo" not in absent)
    labels = [
        Step(f"labels_{horizon}", label_sql("panel_rows", "events", last_month=LAST, horizon=horizon))
        for horizon in (3, 18)
    ]
    return [*states, *events, *labels]


def stored_rows(rows: pa.Table, case: Case) -> pa.Table:
    """Rows of a panel that another one continues."""
    before = pa.compute.less(rows["month"], case.since)
    return rows.filter(before).select(list(PANEL.names))


def _keyed(table: pa.Table) -> pa.Table:
    return table.set_column(table.column_names.index("siren"), "siren", table["siren"].cast(pa.int32()))
