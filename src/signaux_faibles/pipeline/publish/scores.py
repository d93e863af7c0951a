"""What the model says: tables `scores`, `explications`, `historique`, from the lists of the lake."""

from __future__ import annotations

import pyarrow as pa

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.procol import EtatProcol
from signaux_faibles.engine import Engine, parquet_sql
from signaux_faibles.lake import Lake
from signaux_faibles.lists.flags import Exclusion, Flag
from signaux_faibles.lists.rules import CONFIDENTIEL, CONFIDENTIEL_LABEL, RULES, Rule, masked
from signaux_faibles.lists.store import EXPLICATIONS_NAME, SCORES_NAME, list_ids, read_list_card, read_list_table
from signaux_faibles.panel.states.procol import PROCOL_CODES
from signaux_faibles.release.tables import SCORES


def companies_of(lake: Lake, until: str) -> set[str]:
    """Every company that a list up to this one names."""
    names: set[str] = set()
    for list_id in (*list_ids(lake, before=until), until):
        names |= set(read_list_table(lake, list_id, columns=["siren"])["siren"].to_pylist())
    return names


def scores(engine: Engine, lake: Lake, list_id: str) -> pa.Table:
    """Scores of a list, with the state of proceedings in words, and of the rules that fired only what may be told."""
    cases = {code: _state(action, plan).value for (action, plan), code in PROCOL_CODES.items()}
    words = " ".join(f"WHEN {code} THEN '{state}'" for code, state in sorted(cases.items()))
    path = lake.list(list_id) / SCORES_NAME
    names = ", ".join(name for name in SCORES.names if name not in ("etat_procol", "redressements"))
    table = engine.arrow(f"""
        SELECT {names}, CASE COALESCE(etat_procol_code, 0) WHEN 0 THEN 'in_bonis' {words} END AS etat_procol
        FROM {parquet_sql([path])} ORDER BY siren""")
    codes_of = ["siren", "redressements", "redressements_data_class"]
    fired = read_list_table(lake, list_id, columns=codes_of).sort_by("siren")
    told = [masked(codes, classes) for codes, classes in zip(*(c.to_pylist() for c in fired.columns[1:]), strict=True)]
    table = table.append_column("redressements", pa.array(told, pa.list_(pa.string())))
    return table.select(list(SCORES.names))


def definitions() -> list[dict[str, str]]:
    """Rows of the dictionary for the codes of `exclusion`, `flags` and `redressements`, with the class of each.

    A rule on accounts is told only where published accounts say the same: it is then public.
    """
    rules = [
        (rule.name, rule.label, DataClass.PUBLIC if rule.is_published else rule.data_class, _told(rule))
        for rule in RULES.values()
    ]
    codes = {
        "exclusion": [(reason.value, reason.label, DataClass.SCORE, "") for reason in Exclusion],
        "flags": [(flag.value, flag.label, flag.data_class, flag.explanation) for flag in Flag],
        "redressements": [*rules, (CONFIDENTIEL, CONFIDENTIEL_LABEL, DataClass.SCORE, "")],
    }
    return [
        {
            "table": table,
            "column": code,
            "label": label,
            "unit": "",
            "data_class": data_class.value,
            "explanation": explanation,
            "source": "Signaux Faibles",
        }
        for table, found in codes.items()
        for code, label, data_class, explanation in found
    ]


def _told(rule: Rule) -> str:
    """How a rule is computed, then what it does to the level, and on what conditions."""
    if rule.effect == 0:
        return f"{rule.explanation} Ne change pas le niveau par elle-même."
    conditions = [" quand une autre règle sur les comptes est remplie aussi"] if rule.group else []
    conditions += [f" quand la règle « {RULES[name].label} » est remplie aussi" for name in rule.needs]
    conditions += [f", sauf quand la règle « {RULES[name].label} » est remplie aussi" for name in rule.blocked_by]
    effect = "Relève le niveau d'un cran" if rule.effect > 0 else "Abaisse le niveau d'un cran"
    return f"{rule.explanation} {effect}{''.join(conditions)}."


def explications(lake: Lake, list_id: str) -> pa.Table:
    """Explanations of a list, as they were made with it."""
    return read_list_table(lake, list_id, EXPLICATIONS_NAME)


def historique(engine: Engine, lake: Lake, list_id: str) -> pa.Table:
    """What every list up to this one said of its companies, each with the thresholds of its own list."""
    parts = []
    for name in (*list_ids(lake, before=list_id), list_id):
        card = read_list_card(lake, name)
        parts.append(f"""
            SELECT siren, '{name}' AS list, niveau, probability_18m, {card.threshold_eleve!r} AS threshold_eleve,
                {card.threshold_modere!r} AS threshold_modere, is_first_alert, evolution
            FROM {parquet_sql([lake.list(name) / SCORES_NAME])}""")
    return engine.arrow(f"{' UNION ALL '.join(parts)} ORDER BY siren, list")


def _state(action: str, is_plan: bool) -> EtatProcol:
    return EtatProcol(f"plan_{action}" if is_plan and action != "liquidation" else action)
