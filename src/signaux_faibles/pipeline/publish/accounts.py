"""Annual accounts, their sector, and the proceedings: tables `comptes`, `secteurs`, `procedures`."""

from __future__ import annotations

import pyarrow as pa

from signaux_faibles.domain.procol import ACTIONS, STAGE_IGNORED, STAGE_PLAN, STAGES_END, EtatProcol
from signaux_faibles.engine import Engine
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel.states.procol import NOTICE_CANCELLED, discarded_notices

EXERCISES_KEPT = 6
MIN_COHORT_COUNT = 20
"""Companies under which the quantiles of a sector would speak of someone."""

RATIOS = {
    "marge_ebe_pct": "marge_ebe_pct",
    "autonomie_financiere_pct": "autonomie_financiere_pct",
    "credit_fournisseurs_days": "credit_fournisseurs_days",
}

ACTIONS_SQL = ", ".join(f"'{action}'" for action in ACTIONS)

AMOUNTS = ("chiffre_d_affaires", "marge_brute", "ebe", "ebit", "resultat_net")


def comptes(engine: Engine) -> pa.Table:
    """Latest exercises of each company; the consolidated account only where there is no individual one."""
    amounts = ", ".join(f"{name}_cents / 100.0 AS {name}_eur" for name in AMOUNTS)
    return engine.arrow(f"""
        SELECT siren, date_cloture AS exercice, type_bilan, {amounts}, marge_ebe_pct, autonomie_financiere_pct,
            taux_d_endettement_pct, ratio_de_liquidite_pct, credit_fournisseurs_days, credit_clients_days
        FROM (
            SELECT *, ROW_NUMBER() OVER (PARTITION BY siren ORDER BY date_cloture DESC) AS age FROM (
                SELECT *, ROW_NUMBER() OVER (
                    PARTITION BY siren, date_cloture
                    ORDER BY CASE WHEN type_bilan = 'K' THEN 1 ELSE 0 END, batch_month DESC, row_id
                ) AS rank FROM c_comptes
            ) AS chosen WHERE rank = 1
        ) AS aged WHERE age <= {EXERCISES_KEPT} ORDER BY siren, exercice""")


def secteurs(engine: Engine, lake: Lake, as_of: int) -> pa.Table:
    """Quantiles of three ratios by division of activity and year, over every company of the lake."""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE sector_accounts AS
        SELECT SUBSTRING(u.code_naf, 1, 2) AS division_naf, CAST(EXTRACT(YEAR FROM date_cloture) AS INTEGER) AS annee,
            {", ".join(RATIOS)}
        FROM ({versions_sql(lake, "comptes", as_of)}) AS c
        JOIN (
            SELECT siren, MAX(code_naf) AS code_naf FROM ({versions_sql(lake, "sirene_ul", as_of)}) AS v
            WHERE known_month <= {as_of} AND (until_month IS NULL OR until_month > {as_of}) GROUP BY siren
        ) AS u ON u.siren = c.siren
        WHERE c.known_month <= {as_of} AND (c.until_month IS NULL OR c.until_month > {as_of})
            AND COALESCE(c.type_bilan, '') <> 'K' AND u.code_naf <> ''""")
    levels = {"q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9}
    parts = [
        f"""SELECT division_naf, '{name}' AS ratio, annee,
            {", ".join(f"QUANTILE_CONT({column}, {level}) AS {quantile}" for quantile, level in levels.items())},
            CAST(COUNT({column}) AS INTEGER) AS cohort_count
        FROM sector_accounts GROUP BY division_naf, annee HAVING COUNT({column}) >= {MIN_COHORT_COUNT}"""
        for name, column in RATIOS.items()
    ]
    return engine.arrow(f"{' UNION ALL '.join(parts)} ORDER BY division_naf, ratio, annee")


def procedures(engine: Engine, lake: Lake, as_of: int) -> pa.Table:
    """Changes of state of the proceedings, with the label an agent reads and who told it.

    A judgment that both Urssaf and the Bodacc tell is shown once, as published; a notice that another one discarded is
    not shown.
    """
    ends = ", ".join(f"'{stage}'" for stage in STAGES_END)
    plan = f"stade = '{STAGE_PLAN}'"
    etat = f"""CASE WHEN stade IN ({ends}) THEN 'in_bonis'
        WHEN action = 'sauvegarde' AND {plan} THEN 'plan_sauvegarde'
        WHEN action = 'redressement' AND {plan} THEN 'plan_redressement' ELSE action END"""
    labels = " ".join(
        f"WHEN '{state.value}' THEN '{'Fin de la procédure' if state is EtatProcol.IN_BONIS else state.label}'"
        for state in EtatProcol
    )
    notices = versions_sql(lake, "bodacc", as_of)
    discarded = discarded_notices(f"SELECT * FROM ({notices}) AS versions WHERE known_month <= {as_of}").sql
    return engine.arrow(f"""
        SELECT siren, date_effet AS date, etat, CASE etat {labels} END AS label, MIN(source) AS source FROM (
            SELECT siren, date_effet, {etat} AS etat, source FROM (
                SELECT siren, date_effet, action, COALESCE(stade, '') AS stade, 'Urssaf' AS source FROM c_procol
                WHERE action IN ({ACTIONS_SQL}) AND COALESCE(stade, '') <> '{STAGE_IGNORED}'
                UNION ALL
                SELECT siren, COALESCE(date_jugement, date_parution), action, stade, 'BODACC' FROM c_bodacc
                WHERE stade IS NOT NULL AND COALESCE(type_avis, '') <> '{NOTICE_CANCELLED}'
                    AND (action IN ({ACTIONS_SQL}) OR stade IN ({ends}))
                    AND annonce NOT IN (SELECT annonce FROM ({discarded}) AS discarded)
            ) AS told
        ) AS states GROUP BY siren, date_effet, etat ORDER BY siren, date, etat""")
