"""What the model says: tables `scores`, `explications`, `historique`, from the lists of the lake."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lists.store import list_ids, read_list_card
from signaux_faibles.panel.states.procol import PROCOL_CODES
from signaux_faibles.release.tables import SCORES


def companies_of(lake: Lake, until: str) -> set[str]:
    """Every company that a list up to this one names."""
    names: set[str] = set()
    for list_id in (*list_ids(lake, before=until), until):
        names |= set(pq.read_table(lake.list(list_id) / "scores.parquet", columns=["siren"])["siren"].to_pylist())
    return names


def scores(engine: Engine, lake: Lake, list_id: str) -> pa.Table:
    """Scores of a list, with the state of proceedings in words."""
    cases = {code: _state(action, plan).value for (action, plan), code in PROCOL_CODES.items()}
    words = " ".join(f"WHEN {code} THEN '{state}'" for code, state in sorted(cases.items()))
    names = ", ".join(name for name in SCORES.names if name != "etat_procol")
    table = engine.arrow(f"""
        SELECT {names}, CASE COALESCE(etat_procol_code, 0) WHEN 0 THEN 'in_bonis' {words} END AS etat_procol
        FROM {parquet_sql([lake.list(list_id) / "scores.parquet"])} ORDER BY siren""")
    return table.select(list(SCORES.names))


def explications(lake: Lake, list_id: str) -> pa.Table:
    """Explanations of a list, as they were made with it."""
    return pq.read_table(lake.list(list_id) / "explications.parquet")


def historique(engine: Engine, lake: Lake, list_id: str) -> pa.Table:
    """Levels of every company in every list up to this one, each with the thresholds of its own list."""
    parts = []
    for name in (*list_ids(lake, before=list_id), list_id):
        card = read_list_card(lake, name)
        parts.append(f"""
            SELECT siren, '{name}' AS list, niveau, probability_18m, {card.threshold_eleve!r} AS threshold_eleve,
                {card.threshold_modere!r} AS threshold_modere
            FROM {parquet_sql([lake.list(name) / "scores.parquet"])}""")
    return engine.arrow(f"{' UNION ALL '.join(parts)} ORDER BY siren, list")


def _state(action: str, is_plan: bool) -> EtatProcol:
    return EtatProcol(f"plan_{action}" if is_plan and action != "liquidation" else action)
