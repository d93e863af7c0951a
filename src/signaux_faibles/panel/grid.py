"""The grid: every month of every company of a bucket, and the states known at each.

All deltas are added along the same window, all pointers take their running maximum along it: one pass over the grid.
"""

from __future__ import annotations

from signaux_faibles.panel.as_of import Step, month_of_sql
from signaux_faibles.panel.steps import COMPTES_COLUMNS, PAYDEX_COLUMNS
from signaux_faibles.perimeter import PerimeterRules, reason_sql

SUMS: dict[str, tuple[str, ...]] = {
    "d_etablissements": ("etablissements_actifs_count",),
    "d_cotisation_3m": ("cotisation_3m_cents",),
    "d_cotisation_12m": ("cotisation_12m_cents",),
    "d_debit": ("debit_ouvriere_cents", "debit_patronale_cents", "debit_open_count"),
    "d_delai": ("delai_cents", "delai_count"),
    "d_delai_24m": ("delai_24m_count",),
    "d_ccsf": ("ccsf_24m_count",),
    "d_ap_3m": ("ap_3m_centi_h",),
    "d_ap_12m": ("ap_12m_centi_h",),
    "d_ap_autorise": ("ap_autorise_centi_h",),
    "d_ap_demande": ("ap_demande_12m_count",),
}
"""Tables of deltas and the columns whose running sums are states."""

OPTIONAL: dict[str, str] = {
    "d_delai": "delai",
    "d_delai_24m": "delai",
    "d_ccsf": "ccsf",
    "d_ap_3m": "apconso",
    "d_ap_12m": "apconso",
    "d_ap_autorise": "apdemande",
    "d_ap_demande": "apdemande",
}
"""Tables of deltas whose source a lake may lack: their states are then unknown, not zero."""

POINTERS = {"d_effectif": "effectif_month", "d_comptes": "cloture_month", "d_paydex": "paydex_month"}
"""Tables of pointers and the column whose running maximum is the latest month of data known."""

MAX_AGE_MONTHS = {"effectif": 12, "comptes": 30, "paydex": 6}
"""Age beyond which a latest value is no longer one: it becomes missing, not zero."""

PREVIOUS = (
    "chiffre_d_affaires_cents",
    "ebe_cents",
    "resultat_net_cents",
    "autonomie_financiere_pct",
    "credit_fournisseurs_days",
)
"""Columns of the accounts kept for the exercise before, closed twelve months earlier."""


def spine(first_month: int, last_month: int) -> Step:
    """Every company of the bucket at every month."""
    return Step(
        "spine",
        f"SELECT c.siren AS siren, m.t AS t FROM companies AS c CROSS JOIN months AS m"
        f" WHERE m.t >= {first_month} AND m.t <= {last_month}",
    )


def states(first_month: int, absent: frozenset[str] = frozenset()) -> Step:
    """Running sums and pointers along the grid; what was known before the grid begins counts from its first month.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that were never imported: what they would tell is missing.
    """
    joins, columns = [], []
    window = "(PARTITION BY s.siren ORDER BY s.t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    for table, names in SUMS.items():
        if OPTIONAL.get(table) in absent:
            columns += [f"CAST(NULL AS BIGINT) AS {n}" for n in names]
            continue
        sums = ", ".join(f"CAST(SUM({n}) AS BIGINT) AS {n}" for n in names)
        joins.append(_clipped_join(table, sums, first_month))
        columns += [f"CAST(SUM(COALESCE({table}.{n}, 0)) OVER {window} AS BIGINT) AS {n}" for n in names]
    for table, pointer in POINTERS.items():
        joins.append(_clipped_join(table, f"MAX({pointer}) AS {pointer}", first_month))
        columns.append(f"MAX({table}.{pointer}) OVER {window} AS {pointer}")
    return Step("states", f"SELECT s.siren AS siren, s.t AS t, {', '.join(columns)} FROM spine AS s {' '.join(joins)}")


def _clipped_join(table: str, columns: str, first_month: int) -> str:
    month = f"GREATEST(t, {first_month})"
    clipped = f"SELECT siren, {month} AS t, {columns} FROM {table} GROUP BY siren, {month}"
    return f"LEFT JOIN ({clipped}) AS {table} ON {table}.siren = s.siren AND {table}.t = s.t"


def panel(rules: PerimeterRules) -> list[Step]:
    """States joined to the values their pointers name, to the identity of the time, and judged by the perimeter."""
    comptes = ", ".join(f"a.{c} AS {c}" for c in COMPTES_COLUMNS)
    previous = ", ".join(f"b.{c} AS previous_{c}" for c in PREVIOUS)
    paydex = ", ".join(f"p.{c} AS {c}" for c in PAYDEX_COLUMNS)
    known = """{0}.siren = s.siren AND {0}.known_month <= s.t AND {0}.until_month > s.t"""
    joined = Step(
        "joined",
        f"""
        SELECT s.*, e.effectif_count AS effectif_count, {paydex}, {comptes}, {previous},
            u.categorie_juridique AS categorie_juridique, u.code_naf AS code_naf,
            {month_of_sql("u.date_creation")} AS creation_month,
            h.departement AS departement,
            u.siren IS NOT NULL AND h.siren IS NOT NULL AS is_known_sirene,
            COALESCE(k.etat_procol_code, 0) AS etat_procol_code,
            COALESCE(f.etat_procol_code, 0) AS in_force_code
        FROM states AS s
        LEFT JOIN s_effectif AS e ON {known.format("e")} AND e.month = s.effectif_month
            AND s.t - e.month <= {MAX_AGE_MONTHS["effectif"]}
        LEFT JOIN s_paydex AS p ON {known.format("p")} AND p.month = s.paydex_month
            AND s.t - p.month <= {MAX_AGE_MONTHS["paydex"]}
        LEFT JOIN s_comptes AS a ON {known.format("a")} AND a.cloture_month = s.cloture_month
            AND s.t - a.cloture_month <= {MAX_AGE_MONTHS["comptes"]}
        LEFT JOIN s_comptes AS b ON {known.format("b")} AND b.cloture_month = s.cloture_month - 12
            AND s.t - s.cloture_month <= {MAX_AGE_MONTHS["comptes"]}
        LEFT JOIN s_unite AS u ON {known.format("u")}
        LEFT JOIN s_siege AS h ON {known.format("h")}
        LEFT JOIN procol_known AS k ON k.siren = s.siren AND k.t = s.t
        LEFT JOIN procol_in_force AS f ON f.siren = s.siren AND f.t = s.t""",
    )
    per_siren = "(PARTITION BY siren)"
    reach = f"(PARTITION BY siren ORDER BY t ROWS BETWEEN {rules.window_months - 1} PRECEDING AND CURRENT ROW)"
    alive = "CASE WHEN etablissements_actifs_count > 0 THEN t END"
    judged = Step(
        "judged",
        f"""
        SELECT *, {reason_sql(rules)} AS exclusion FROM (
            SELECT *, MAX(effectif_count) OVER {reach} AS effectif_max_count,
                MIN({alive}) OVER {per_siren} AS first_month, MAX({alive}) OVER {per_siren} AS last_month
            FROM joined
        ) AS reached""",
    )
    kept = Step(
        "kept",
        f"""
        SELECT *, SUM(CASE WHEN exclusion IS NULL THEN 1 ELSE 0 END) OVER {per_siren} AS months_in
        FROM judged WHERE t >= first_month AND t <= last_month""",
    )
    return [joined, judged, kept]
