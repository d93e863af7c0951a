"""The grid: every month of every company of a bucket, and the states known at each.

All deltas are added along the same window, all pointers take their running maximum along it: one pass over the grid.
"""

from __future__ import annotations

from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS
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
    "d_cotisation_3m": "cotisation",
    "d_cotisation_12m": "cotisation",
    "d_debit": "debit",
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


def states(first_month: int, absent: frozenset[str] = frozenset(), *, is_open: bool = False) -> Step:
    """Running sums and pointers along the grid; what was known before the grid begins counts from its first month.

    Parameters
    ----------
    absent : frozenset of str
        Optional sources that were never imported: what they would tell is missing.
    is_open : bool
        Open data alone: the headcount is a band of the legal unit, not a monthly value.
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
        if table == "d_effectif" and is_open:
            continue
        joins.append(_clipped_join(table, f"MAX({pointer}) AS {pointer}", first_month))
        columns.append(f"MAX({table}.{pointer}) OVER {window} AS {pointer}")
    return Step("states", f"SELECT s.siren AS siren, s.t AS t, {', '.join(columns)} FROM spine AS s {' '.join(joins)}")


def _clipped_join(table: str, columns: str, first_month: int) -> str:
    month = f"GREATEST(t, {first_month})"
    clipped = f"SELECT siren, {month} AS t, {columns} FROM {table} GROUP BY siren, {month}"
    return f"LEFT JOIN ({clipped}) AS {table} ON {table}.siren = s.siren AND {table}.t = s.t"


def _headcount(*, is_open: bool) -> tuple[str, str]:
    """Columns of the headcount, and the join that they need.

    A band gives its smallest headcount, as of the end of its year; a month before that end does not say how old it is.
    """
    if not is_open:
        known = f"""LEFT JOIN s_effectif AS e ON {KNOWN.format("e")} AND e.month = s.effectif_month
            AND s.t - e.month <= {MAX_AGE_MONTHS["effectif"]}"""
        return "e.effectif_count AS effectif_count, e.effectif_count AS effectif_mensuel_count", known
    bands = " ".join(f"WHEN '{code}' THEN {low}" for code, low in LOWER_BOUNDS.items())
    year_end = "u.annee_effectif * 12 + 11"
    return (
        f"""CASE u.tranche_effectif {bands} END AS effectif_count, CAST(NULL AS INTEGER) AS effectif_mensuel_count,
            CASE WHEN {year_end} <= s.t THEN {year_end} END AS effectif_month""",
        "",
    )


KNOWN = "{0}.siren = s.siren AND {0}.known_month <= s.t AND {0}.until_month > s.t"


def panel(rules: PerimeterRules, *, is_open: bool = False, is_filtered: bool = False) -> list[Step]:
    """States joined to the values their pointers name, to the identity of the time, and judged by the perimeter."""
    comptes = ", ".join(f"a.{c} AS {c}" for c in COMPTES_COLUMNS)
    previous = ", ".join(f"b.{c} AS previous_{c}" for c in PREVIOUS)
    paydex = ", ".join(f"p.{c} AS {c}" for c in PAYDEX_COLUMNS)
    headcount, headcount_join = _headcount(is_open=is_open)
    joined = Step(
        "joined",
        f"""
        SELECT s.*, {headcount}, {paydex}, {comptes}, {previous},
            u.categorie_juridique AS categorie_juridique, u.code_naf AS code_naf,
            {month_of_sql("u.date_creation")} AS creation_month,
            h.departement AS departement,
            u.siren IS NOT NULL AND h.siren IS NOT NULL AS is_known_sirene,
            q.siren IS NOT NULL AS is_requested,
            COALESCE(k.etat_procol_code, 0) AS etat_procol_code,
            COALESCE(f.etat_procol_code, 0) AS in_force_code
        FROM states AS s
        {headcount_join}
        LEFT JOIN s_paydex AS p ON {KNOWN.format("p")} AND p.month = s.paydex_month
            AND s.t - p.month <= {MAX_AGE_MONTHS["paydex"]}
        LEFT JOIN s_comptes AS a ON {KNOWN.format("a")} AND a.cloture_month = s.cloture_month
            AND s.t - a.cloture_month <= {MAX_AGE_MONTHS["comptes"]}
        LEFT JOIN s_comptes AS b ON {KNOWN.format("b")} AND b.cloture_month = s.cloture_month - 12
            AND s.t - s.cloture_month <= {MAX_AGE_MONTHS["comptes"]}
        LEFT JOIN s_unite AS u ON {KNOWN.format("u")}
        LEFT JOIN s_siege AS h ON {KNOWN.format("h")}
        LEFT JOIN requested AS q ON q.siren = s.siren
        LEFT JOIN procol_known AS k ON k.siren = s.siren AND k.t = s.t
        LEFT JOIN procol_in_force AS f ON f.siren = s.siren AND f.t = s.t""",
    )
    kept = Step(
        "kept",
        """
        SELECT *, SUM(CASE WHEN exclusion IS NULL THEN 1 ELSE 0 END) OVER (PARTITION BY siren) AS months_in
        FROM judged WHERE t >= first_month AND t <= last_month""",
    )
    return [joined, judged(rules, is_filtered=is_filtered), kept]


def judged(rules: PerimeterRules, *, is_filtered: bool = False) -> Step:
    """States with the verdict of the perimeter, and the months between which the company is alive."""
    per_siren = "(PARTITION BY siren)"
    reach = f"(PARTITION BY siren ORDER BY t ROWS BETWEEN {rules.window_months - 1} PRECEDING AND CURRENT ROW)"
    alive = "CASE WHEN etablissements_actifs_count > 0 THEN t END"
    return Step(
        "judged",
        f"""
        SELECT *, {reason_sql(rules, is_filtered=is_filtered)} AS exclusion FROM (
            SELECT *, MAX(effectif_count) OVER {reach} AS effectif_max_count,
                MIN({alive}) OVER {per_siren} AS first_month, MAX({alive}) OVER {per_siren} AS last_month
            FROM joined
        ) AS reached""",
    )
