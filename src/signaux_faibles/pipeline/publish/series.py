"""Monthly series of the charts, by month of data: table `series`."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from signaux_faibles.domain.temps_travail import ETP_CENTI_HOURS
from signaux_faibles.engine import Engine
from signaux_faibles.panel.as_of import NEVER, interval_deltas, latest_state_deltas, month_of_sql
from signaux_faibles.panel.states.urssaf import DEBT, DELAI_GRANTED, LAST_OPERATION_FIRST, PLAN, monthly_cotisation
from signaux_faibles.release.tables import SERIES, SERIES_KINDS

SERIES_MONTHS = 60


@dataclass(frozen=True)
class _Series:
    """Query of one kind of series: (id, month, value), one row per known month."""

    kind: str
    freshness_source: str
    sql: str


def series(engine: Engine, as_of: int, freshness: dict[str, int]) -> pa.Table:
    """Every series of the published companies, packed, over five years.

    A series stops at the freshness of its source: a month not yet covered is unknown, not zero.

    Parameters
    ----------
    freshness : dict of str to int
        Last month covered by each source.
    """
    first = as_of - SERIES_MONTHS + 1
    months = f"SELECT CAST(range AS INTEGER) AS t FROM range({first}, {as_of + 1})"
    engine.run(f"CREATE OR REPLACE TEMP TABLE chart_months AS {months}")
    _debts(engine, as_of)
    parts = []
    for wanted in _wanted(first):
        last = freshness.get(wanted.freshness_source, first - 1)
        engine.run(f"CREATE OR REPLACE TEMP TABLE charted AS {wanted.sql}")
        parts.append(
            engine.arrow(f"""
            SELECT g.id AS id, '{wanted.kind}' AS kind, CAST({first} AS INTEGER) AS first_month,
                LIST(CASE WHEN g.t <= {last} THEN v.value END ORDER BY g.t) AS "values",
                '{SERIES_KINDS[wanted.kind][2].value}' AS data_class
            FROM (
                SELECT i.id AS id, m.t AS t FROM (SELECT DISTINCT id FROM charted) AS i CROSS JOIN chart_months AS m
            ) AS g
            LEFT JOIN charted AS v ON v.id = g.id AND v.month = g.t
            GROUP BY g.id ORDER BY g.id""").cast(SERIES.arrow)
        )
    return pa.concat_tables(parts)


def _wanted(first: int) -> list[_Series]:
    debut, fin, valeur = (month_of_sql(column) for column in ("date_debut", "date_fin", "date_valeur"))
    autorise = f"CAST(SUM(heures_centi // ({fin} - {debut} + 1)) AS BIGINT) / {ETP_CENTI_HOURS}.0"
    debts = [
        _Series(kind, "debit", f"SELECT {column} AS id, t AS month, {value} / 100.0 AS value FROM {table}")
        for column, table in (("siren", "debt_siren"), ("siret", "debt_siret"))
        for kind, value in (("debit_ouvriere", "ouvriere"), ("debit_patronale", "patronale"))
    ]
    return [
        _Series(
            "effectif",
            "effectif_ent",
            "SELECT siren AS id, month, CAST(MAX(effectif_count) AS DOUBLE) AS value FROM c_effectif_ent"
            f" WHERE month >= {first} GROUP BY siren, month",
        ),
        _Series(
            "effectif",
            "effectif",
            "SELECT siret AS id, month, CAST(SUM(effectif_count) AS DOUBLE) AS value FROM c_effectif"
            f" WHERE month >= {first} GROUP BY siret, month",
        ),
        _Series(
            "cotisation",
            "cotisation",
            "SELECT siren AS id, month, CAST(SUM(du_cents) AS BIGINT) / 100.0 AS value"
            f" FROM ({monthly_cotisation('c_cotisation', 'chart_months')}) AS monthly"
            f" WHERE month >= {first} GROUP BY siren, month",
        ),
        *debts,
        _Series("delai", "delai", "SELECT siren AS id, t AS month, delai_cents / 100.0 AS value FROM delai_siren"),
        _Series(
            "ap_autorisee",
            "apdemande",
            f"SELECT c.siren AS id, m.t AS month, {autorise} AS value FROM c_apdemande AS c"
            f" JOIN chart_months AS m ON m.t >= {debut} AND m.t <= {fin}"
            " WHERE heures_centi IS NOT NULL GROUP BY c.siren, m.t",
        ),
        _Series(
            "ap_consommee",
            "apconso",
            f"SELECT siren AS id, month, SUM(heures_centi) / {ETP_CENTI_HOURS}.0 AS value FROM c_apconso"
            f" WHERE month >= {first} GROUP BY siren, month",
        ),
        _Series(
            "retard_paiement",
            "paydex",
            f"SELECT siren AS id, {valeur} AS month, CAST(MAX(retard_days) AS DOUBLE) AS value"
            f" FROM c_paydex WHERE {valeur} >= {first} GROUP BY siren, {valeur}",
        ),
    ]


def _debts(engine: Engine, as_of: int) -> None:
    """Balances of debts and payment plans at the end of each month, by date of operation."""
    # The primitive sums by company: by establishment first, each being told as if it were one.
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE debit_operations AS
        SELECT * EXCLUDE (known_month) REPLACE (siret AS siren), {month_of_sql("date_traitement")} AS known_month
        FROM c_debit""")
    values = {"ouvriere": "o.part_ouvriere_cents", "patronale": "o.part_patronale_cents"}
    for step in latest_state_deltas(
        "debt_moves_siret",
        "debit_operations",
        entity=DEBT,
        latest_first=LAST_OPERATION_FIRST,
        values=values,
        is_clipped=False,
    ):
        engine.run(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}")
    sums = ", ".join(f"CAST(SUM({column}) AS BIGINT) AS {column}" for column in values)
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE debt_moves AS
        SELECT left(siren, 9) AS siren, t, {sums} FROM debt_moves_siret GROUP BY left(siren, 9), t""")
    engine.run(_running("debt_siren", "debt_moves", "siren", ("ouvriere", "patronale"), as_of))
    engine.run(
        _running(
            "debt_siret",
            "(SELECT siren AS siret, * EXCLUDE (siren) FROM debt_moves_siret)",
            "siret",
            ("ouvriere", "patronale"),
            as_of,
        )
    )
    plan = ", ".join(PLAN)
    # A row for each stage and action of a plan: of those that grant it, the last created, from the day of the first.
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE delai_grants AS
        SELECT * EXCLUDE (known_month), MIN({month_of_sql("date_creation")}) OVER (PARTITION BY {plan}) AS known_month
        FROM (
            SELECT *, CASE WHEN numero_contentieux IS NULL THEN date_creation END AS unnumbered_creation,
                CASE WHEN numero_contentieux IS NULL THEN date_echeance END AS unnumbered_echeance
            FROM c_delai WHERE stade = '{DELAI_GRANTED}'
        ) QUALIFY ROW_NUMBER() OVER (
            PARTITION BY {plan} ORDER BY date_creation DESC NULLS LAST, date_echeance DESC NULLS LAST,
                montant_cents DESC NULLS LAST) = 1""")
    # The charts begin where `_running` says: every month counts until then.
    engine.run(f"CREATE OR REPLACE TEMP TABLE spans AS SELECT siren, 0 AS first_t, {NEVER} AS last_t FROM published")
    step = interval_deltas(
        "delai_moves",
        "delai_grants",
        start="known_month",
        stop=f"{month_of_sql('date_echeance')} + 1",
        amounts={"delai_cents": "COALESCE(montant_cents, 0)"},
    )
    engine.run(f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}")
    engine.run(_running("delai_siren", "delai_moves", "siren", ("delai_cents",), as_of))


def _running(name: str, moves: str, key: str, columns: tuple[str, ...], as_of: int) -> str:
    """Running sums of moves on the months of the charts; earlier moves count from the first."""
    first = as_of - SERIES_MONTHS + 1
    sums = ", ".join(f"CAST(SUM({c}) AS BIGINT) AS {c}" for c in columns)
    window = f"(PARTITION BY g.{key} ORDER BY g.t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    running = ", ".join(f"SUM(COALESCE(v.{c}, 0)) OVER {window} AS {c}" for c in columns)
    return f"""
        CREATE OR REPLACE TEMP TABLE {name} AS
        SELECT g.{key} AS {key}, g.t AS t, {running}
        FROM (
            SELECT k.{key} AS {key}, m.t AS t
            FROM (SELECT DISTINCT {key} FROM {moves}) AS k CROSS JOIN chart_months AS m
        ) AS g
        LEFT JOIN (
            SELECT {key}, GREATEST(t, {first}) AS t, {sums} FROM {moves}
            WHERE t < {NEVER} GROUP BY {key}, GREATEST(t, {first})
        ) AS v ON v.{key} = g.{key} AND v.t = g.t"""
