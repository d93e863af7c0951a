"""The textbook definition of each hard state, in slow SQL over what was known at one month, gives the panel's value.

No delta, no pointer, no running sum: for each month t, the rows alive at t (known by its end, not withdrawn by then)
are read again and the definition is applied to them alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from deep import examples
from lakes import m, new_lake
from random_batches import START, Batches
from signaux_faibles.ingest.versions import versions_sql
from signaux_faibles.lake import Lake
from signaux_faibles.panel.build import build_panel
from signaux_faibles.panel.store import states_sql

LAST = START + 3
YEAR_MONTH = "(year({0}) * 12 + month({0}) - 1)"

DEBT = """
    SELECT siren, SUM(part_ouvriere_cents) AS debit_ouvriere_cents, SUM(part_patronale_cents) AS debit_patronale_cents,
        COUNT(*) FILTER (part_ouvriere_cents + part_patronale_cents > 0) AS debit_open_count
    FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY siren, siret, compte, numero_ecart, start_month, end_month
            ORDER BY numero_historique DESC NULLS LAST, date_traitement DESC, part_ouvriere_cents, part_patronale_cents
        ) AS rank FROM {debit}
    ) WHERE rank = 1 GROUP BY siren"""

CONTRIBUTIONS = """
    SELECT siren,
        SUM(CASE WHEN month >= {t} - 3 THEN cents ELSE 0 END) AS cotisation_3m_cents,
        SUM(CASE WHEN month >= {t} - 12 THEN cents ELSE 0 END) AS cotisation_12m_cents
    FROM (
        SELECT siren, start_month + place AS month,
            share + CASE WHEN place < abs(du_cents - share * length) THEN sign(du_cents) ELSE 0 END AS cents
        FROM (
            SELECT *, trunc(du_cents / length)::BIGINT AS share, unnest(range(0, length)) AS place
            FROM (SELECT *, end_month - start_month AS length FROM {cotisation})
        )
    ) WHERE month < {t} GROUP BY siren"""

FIRST_MONTH = """
    SELECT siren, MIN(start_month) AS cotisation_first_month FROM told_cotisation
    WHERE du_cents IS NOT NULL AND end_month > start_month AND start_month < {t} GROUP BY siren"""

_PLAN = "COALESCE(numero_contentieux, CAST(date_creation AS VARCHAR) || CAST(date_echeance AS VARCHAR))"
PLANS = f"""
    SELECT siren,
        COALESCE(SUM(montant_cents) FILTER ({YEAR_MONTH.format("date_echeance")} >= {{t}}), 0) AS delai_cents,
        COUNT(*) FILTER ({YEAR_MONTH.format("date_echeance")} >= {{t}}) AS delai_count,
        COUNT(*) FILTER ({YEAR_MONTH.format("date_creation")} + 25 > {{t}}) AS delai_24m_count
    FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY siren, compte, {_PLAN}
            ORDER BY date_creation DESC, known_month DESC, date_echeance DESC, montant_cents DESC
        ) AS rank FROM {{delai}} WHERE stade = 'APPROB'
    ) WHERE rank = 1 GROUP BY siren"""

FILES = f"""
    SELECT siren, COUNT(*) FILTER ({YEAR_MONTH.format("date_traitement")} + 25 > {{t}}) AS ccsf_24m_count
    FROM {{ccsf}} WHERE stade = 'DEBUT' GROUP BY siren"""

CLOSINGS = f"""
    WITH closings AS (
        SELECT siren, siret, date_debut, MIN(known_month) AS known FROM told_sirene_histo
        WHERE NOT is_active GROUP BY siren, siret, date_debut
    ), opened AS (
        SELECT *, (
            SELECT MAX(a.date_debut) FROM told_sirene_histo AS a
            WHERE a.siret = c.siret AND a.is_active AND a.date_debut <= c.date_debut AND a.known_month <= c.known
        ) AS since FROM closings AS c
    ), first_told AS (
        SELECT siren, siret, since, arg_min(date_debut, (known, date_debut)) AS closed
        FROM opened WHERE since IS NOT NULL GROUP BY siren, siret, since
    )
    SELECT siren, COUNT(*) AS etablissements_fermes_12m_count FROM (
        SELECT siren, siret, MAX(closed) AS closed FROM first_told GROUP BY siren, siret
    ) WHERE {YEAR_MONTH.format("closed")} + 13 > {{t}} GROUP BY siren"""

CONSUMED = """
    SELECT siren, SUM(CASE WHEN month >= {t} - 3 THEN heures_centi ELSE 0 END) AS ap_3m_centi_h,
        SUM(heures_centi) AS ap_12m_centi_h
    FROM {apconso} WHERE month >= {t} - 12 AND month < {t} GROUP BY siren"""

_FIRST, _LAST = YEAR_MONTH.format("date_debut"), YEAR_MONTH.format("date_fin")
AUTHORISED = f"""
    SELECT siren, SUM(heures_centi // ({_LAST} - {_FIRST} + 1)) AS ap_autorise_centi_h
    FROM {{apdemande}} WHERE date_fin >= date_debut AND {_FIRST} <= {{t}} AND {_LAST} >= {{t}} GROUP BY siren"""

_CLOTURE = YEAR_MONTH.format("date_cloture")
_ACCOUNTS = f"""
    SELECT *, {_CLOTURE} AS cloture, ROW_NUMBER() OVER (PARTITION BY siren, {_CLOTURE}
        ORDER BY known_month DESC, date_cloture DESC, type_bilan, chiffre_d_affaires_cents DESC NULLS LAST,
            ebe_cents DESC NULLS LAST, autonomie_financiere_pct DESC NULLS LAST) AS rank
    FROM {{comptes}} WHERE COALESCE(type_bilan, '') <> 'K'"""
ACCOUNTS = f"""
    SELECT a.siren AS siren, a.cloture AS cloture_month,
        CASE WHEN {{t}} - a.cloture <= 30 THEN a.chiffre_d_affaires_cents END AS chiffre_d_affaires_cents,
        CASE WHEN {{t}} - a.cloture <= 30 THEN a.ebe_cents END AS ebe_cents
    FROM ({_ACCOUNTS}) AS a
    WHERE rank = 1 AND {{t}} - cloture <= 36 AND NOT EXISTS (
        SELECT 1 FROM ({_ACCOUNTS}) AS b WHERE b.siren = a.siren AND b.cloture > a.cloture)"""

HEADCOUNT = """
    SELECT a.siren AS siren, MAX(month) AS effectif_month,
        arg_max(CASE WHEN {t} - month <= 12 THEN effectif_count END, (month, known_month, effectif_count))
            AS effectif_count
    FROM {effectif_ent} AS a
    WHERE month = (SELECT MAX(month) FROM {effectif_ent} AS b WHERE b.siren = a.siren) AND {t} - month <= 36
    GROUP BY a.siren"""

DEFINITIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "debt in force": (DEBT, {"debit_ouvriere_cents": 0, "debit_patronale_cents": 0, "debit_open_count": 0}),
    "contributions": (CONTRIBUTIONS, {"cotisation_3m_cents": 0, "cotisation_12m_cents": 0}),
    "first month of contributions": (FIRST_MONTH, {"cotisation_first_month": 0}),
    "files of the commission": (FILES, {"ccsf_24m_count": 0}),
    "closings": (CLOSINGS, {"etablissements_fermes_12m_count": 0}),
    "payment plans": (PLANS, {"delai_cents": 0, "delai_count": 0, "delai_24m_count": 0}),
    "short-time work consumed": (CONSUMED, {"ap_3m_centi_h": 0, "ap_12m_centi_h": 0}),
    "short-time work authorised": (AUTHORISED, {"ap_autorise_centi_h": 0}),
    "accounts as of": (ACCOUNTS, {"cloture_month": None, "chiffre_d_affaires_cents": None, "ebe_cents": None}),
    "headcount as of": (HEADCOUNT, {"effectif_month": None, "effectif_count": None}),
}
"""Definition: query over the sources alive at t; columns that it gives, with their value where it gives no row."""

SOURCES = ("debit", "cotisation", "delai", "ccsf", "apconso", "apdemande", "comptes", "effectif_ent", "sirene_histo")

GRID = """
    SELECT siren, COUNT(*) AS etablissements_actifs_count FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY siren, siret ORDER BY COALESCE(date_debut, DATE '1900-01-01') DESC, is_active DESC) AS rank
        FROM {sirene_histo}
    ) WHERE rank = 1 AND is_active GROUP BY siren"""


def random_lake(path: Path, seed: int) -> Lake:
    """A lake of four random batches, with corrections, withdrawals and late rows."""
    lake = new_lake(path / "lake")
    batches = Batches(lake, seed)
    batches.first()
    for month in range(START + 1, LAST + 1):
        batches.next(month)
    return lake


def _alive(connection: duckdb.DuckDBPyConnection, lake: Lake, month: int) -> dict[str, str]:
    """Tables of the rows alive at a month; those told by then, whatever became of them, are beside (`told_`)."""
    for source in SOURCES:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE told_{source} AS SELECT * FROM ({versions_sql(lake, source, LAST)}) AS v"
            f" WHERE known_month <= {month}"
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE alive_{source} AS SELECT * FROM told_{source}"
            f" WHERE until_month IS NULL OR until_month > {month}"
        )
    return {source: f"alive_{source}" for source in SOURCES}


@pytest.mark.parametrize("seed", range(examples(3, deep=40)))
def test_the_fast_states_are_those_of_the_definitions(tmp_path: Path, seed: int) -> None:
    lake = random_lake(tmp_path, seed)
    build_panel(lake, LAST)
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE panel AS SELECT * FROM {states_sql(lake, LAST)}")
    compared = dict.fromkeys(DEFINITIONS, 0)
    for month in [*range(m("2016-01"), LAST, 5), *range(START - 1, LAST + 1)]:
        alive = _alive(connection, lake, month)
        for name, (sql, columns) in DEFINITIONS.items():
            selected = ", ".join(f"COALESCE(d.{c}, {v})" if v is not None else f"d.{c}" for c, v in columns.items())
            panel = ", ".join(f"p.{c}" for c in columns)
            rows = connection.execute(
                f"SELECT p.siren, {panel}, {selected} FROM panel AS p LEFT JOIN ({sql.format(t=month, **alive)}) AS d"
                f" ON d.siren = p.siren WHERE p.month = {month} ORDER BY p.siren"
            ).fetchall()
            for row in rows:
                fast, slow = row[1 : 1 + len(columns)], row[1 + len(columns) :]
                assert fast == slow, f"{name} at month {month}, columns {list(columns)}"
                compared[name] += any(value not in (None, 0) for value in slow)
    assert min(compared.values()) > 0, f"nothing to compare: {compared}"


@pytest.mark.parametrize("seed", range(examples(3, deep=40)))
def test_the_grid_holds_every_company_in_perimeter_at_every_month_it_is_active(tmp_path: Path, seed: int) -> None:
    lake = random_lake(tmp_path, seed)
    build_panel(lake, LAST)
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE panel AS SELECT * FROM {states_sql(lake, LAST)}")
    connection.execute(
        f"CREATE TABLE reached AS SELECT siren, known_month, COALESCE(until_month, 99999) AS until_month, month,"
        f" effectif_count FROM ({versions_sql(lake, 'effectif_ent', LAST)}) AS v"
    )
    seen = 0
    for month in range(m("2016-01"), LAST + 1):
        alive = _alive(connection, lake, month)
        # Its size was known to be enough at some month of the last three years, as each of them knew it.
        big = f"""
            SELECT DISTINCT siren FROM (
                SELECT r.siren AS siren, w.t AS t, MAX(month) AS month,
                    arg_max(effectif_count, (month, known_month, effectif_count)) AS count
                FROM reached AS r JOIN (SELECT unnest(range({max(month - 35, m("2014-01"))}, {month + 1})) AS t) AS w
                    ON r.known_month <= w.t AND r.until_month > w.t
                GROUP BY r.siren, w.t
            ) WHERE count >= 10 AND t - month <= 12"""
        wanted = connection.execute(
            f"SELECT siren FROM ({GRID.format(**alive)}) AS g WHERE siren IN ({big}) ORDER BY siren"
        ).fetchall()
        found = connection.execute(
            f"SELECT siren, etablissements_actifs_count FROM panel"
            f" WHERE month = {month} AND COALESCE(exclusion, '') NOT IN ('inactive', 'effectif') ORDER BY siren"
        ).fetchall()
        assert [row[0] for row in found] == [row[0] for row in wanted], f"grid at month {month}"
        counts = dict(connection.execute(GRID.format(**alive)).fetchall())
        assert all(counts[siren] == count for siren, count in found)
        seen += len(found)
    assert seen > 100, "an empty comparison proves nothing"
