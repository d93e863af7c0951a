"""Taux de base des secteurs et des départements : du passé seul, et ramenés à celui de la nation."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from lakes import Row, a_company, m, new_lake, proceeding, stage_all
from signaux_faibles.domain.periode import first_day, month_of
from signaux_faibles.engine import parquet_sql
from signaux_faibles.features.build import build_features, current_features
from signaux_faibles.panel.as_of import NEVER
from signaux_faibles.panel.states.contexte import PRIOR_COMPANIES, READS, contexte_steps
from signaux_faibles.panel.states.macro import macro_table
from version_tables import made_by, version_log

FIRST, LAST = m("2020-01"), m("2021-12")
Rates = dict[tuple[str, int], tuple[float | None, float | None]]


class Nation:
    """A few companies, each with one establishment, a code, a département, and perhaps a proceeding."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {source: [] for source in READS}
        self.reached: list[tuple[str, int]] = []

    def company(
        self,
        siren: str,
        *,
        naf: str = "25.62B",
        departement: str = "21",
        reached: int = m("2016-01"),
        closed: int | None = None,
        opened: int | None = None,
        told: int | None = None,
    ) -> None:
        """Add a company; its proceeding opens in one month and is told in another."""
        known = m("2015-01")
        siret, debut = f"{siren}00011", date(2015, 1, 1)
        self.reached.append((siren, reached))
        self.rows["sirene_ul"].append({"siren": siren, "code_naf": naf, "known_month": known})
        self.rows["sirene"].append(
            {"siren": siren, "siret": siret, "is_siege": True, "departement": departement, "known_month": known}
        )
        self.rows["sirene_histo"].append(
            {"siren": siren, "siret": siret, "date_debut": debut, "is_active": True, "known_month": known}
        )
        if closed is not None:
            self.rows["sirene_histo"].append(
                {
                    "siren": siren,
                    "siret": siret,
                    "date_debut": first_day(closed - 1),
                    "is_active": False,
                    "known_month": closed,
                }
            )
        if opened is not None:
            self.rows["procol"].append(
                {
                    "siren": siren,
                    "date_effet": first_day(opened),
                    "action": "liquidation",
                    "stade": "ouverture",
                    "known_month": opened + 1 if told is None else told,
                }
            )

    def tables(self) -> dict[str, pa.Table]:
        """Tables that the steps read."""
        return {
            **{f"v_{source}": version_log(source, rows) for source, rows in self.rows.items()},
            "reached": pa.table(
                {
                    "siren": pa.array([siren for siren, _ in self.reached], pa.string()),
                    "month": pa.array([month for _, month in self.reached], pa.int32()),
                }
            ),
            "discarded": pa.table({"annonce": pa.array([], pa.string()), "month": pa.array([], pa.int32())}),
        }

    def rates(self, scratch: Path, group: str) -> Rates:
        """Rate and change of each code and month."""
        steps = contexte_steps(frozenset(), first_month=FIRST, last_month=LAST)
        rows = made_by(scratch, steps, self.tables(), f"contexte_{group}")
        assert len({(row["code"], row["t"]) for row in rows}) == len(rows)
        return {(r["code"], r["t"]): (r["ouvertures_12m_ratio"], r["ouvertures_change_12m_ratio"]) for r in rows}


def _siren(rank: int) -> str:
    return f"90000{rank:04d}"


def test_le_taux_d_un_secteur_est_ramene_vers_celui_de_la_nation(tmp_path: Path) -> None:
    nation = Nation()
    for rank in range(10):
        nation.company(_siren(rank), naf="25.62B" if rank < 4 else "47.11F", opened=m("2020-05") if rank == 0 else None)
    rates = nation.rates(tmp_path, "division")
    assert rates["25", m("2020-05")][0] == 0, "the judgment of May was told in June"
    assert rates["25", m("2020-06")][0] == pytest.approx((1 + 200 * 1 / 10) / (4 + 200))
    assert rates["47", m("2020-06")][0] == pytest.approx((0 + 200 * 1 / 10) / (6 + 200))
    assert rates["25", m("2021-05")][0] == pytest.approx((1 + 20) / 204)
    assert rates["25", m("2021-06")][0] == 0, "told twelve months ago, it counts no more"
    assert rates["25", m("2021-05")][1] == pytest.approx((1 + 20) / 204)
    assert rates["25", m("2021-06")][1] == pytest.approx(-(1 + 20) / 204)


def test_une_ouverture_dite_tard_compte_quand_elle_est_dite(tmp_path: Path) -> None:
    nation = Nation()
    nation.company(_siren(0), opened=m("2020-03"), told=m("2021-03"))
    rates = nation.rates(tmp_path, "departement")
    assert rates["21", m("2021-02")][0] == 0
    assert rates["21", m("2021-03")][0] == pytest.approx((1 + 200) / 201)


def test_ni_la_petite_ni_la_fermee_ne_sont_comptees(tmp_path: Path) -> None:
    nation = Nation()
    nation.company(_siren(0), opened=m("2020-05"))
    nation.company(_siren(1), reached=m("2020-09"), opened=m("2020-05"), naf="47.11F")
    nation.company(_siren(2), closed=m("2020-03"))
    rates = nation.rates(tmp_path, "division")
    assert rates["25", m("2020-02")][0] == 0
    assert rates["25", m("2020-06")][0] == pytest.approx((1 + 200 * 1 / 1) / 201), "one company is left, and it fails"
    assert ("47", m("2020-08")) not in rates, "nobody of its size yet"
    assert rates["47", m("2020-09")][0] == pytest.approx((0 + 200 * 1 / 2) / 201), "it failed when it was small"


def _naive(nation: Nation, group: str) -> dict[tuple[str, int], float]:
    """The same rate, counted company by company and month by month."""
    source, column = ("sirene_ul", "code_naf") if group == "division" else ("sirene", "departement")
    code_of = {row["siren"]: row[column][:2] for row in nation.rows[source]}
    closed = {r["siren"]: r["known_month"] for r in nation.rows["sirene_histo"] if not r["is_active"]}
    told = {r["siren"]: max(r["known_month"], month_of(r["date_effet"])) for r in nation.rows["procol"]}
    rates: dict[tuple[str, int], float] = {}
    for t in range(FIRST, LAST + 1):
        there = [s for s, month in nation.reached if month <= t < closed.get(s, NEVER)]
        failed = [s for s, month in nation.reached if s in told and month <= told[s] and t - 12 < told[s] <= t]
        seen = {code_of[s] for s, month in nation.reached if month <= t and month < closed.get(s, NEVER)}
        for code in sorted(seen) if there else ():
            among = [s for s in there if code_of[s] == code]
            fell = [s for s in failed if code_of[s] == code]
            national = len(failed) / len(there)
            rates[code, t] = (len(fell) + PRIOR_COMPANIES * national) / (len(among) + PRIOR_COMPANIES)
    return rates


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("group", ["division", "departement"])
def test_le_calcul_par_intervalles_est_celui_que_l_on_ferait_a_la_main(tmp_path: Path, seed: int, group: str) -> None:
    draw = random.Random(seed)
    nation = Nation()
    for rank in range(60):
        opened = draw.choice((None, draw.randint(FIRST - 30, LAST)))
        nation.company(
            _siren(rank),
            naf=draw.choice(("25.62B", "25.11Z", "47.11F", "62.01Z")),
            departement=draw.choice(("21", "2A", "75")),
            reached=draw.randint(FIRST - 40, LAST),
            closed=draw.choice((None, None, draw.randint(FIRST - 20, LAST))),
            opened=opened,
            told=None if opened is None else opened + draw.randint(0, 6),
        )
    found = {key: rate for key, (rate, _) in nation.rates(tmp_path, group).items()}
    wanted = _naive(nation, group)
    known: dict[Any, Any] = {key: rate for key, rate in found.items() if rate is not None}
    assert {key: pytest.approx(rate) for key, rate in wanted.items()} == known


def test_une_entreprise_lit_le_taux_de_son_secteur_et_de_son_departement(tmp_path: Path) -> None:
    """Two companies, one of which fails: the other reads what was known of both, month by month."""
    lake = new_lake(tmp_path / "lake")
    first, second = a_company("900000004"), a_company("900000003")
    second["sirene_ul"][0]["code_naf"] = "47.11F"
    tables = {source: [*first[source], *second[source]] for source in first}
    tables["procol"] = [proceeding("900000003", "2021-02-10", "redressement", "ouverture")]
    stage_all(lake, LAST, tables)
    build_features(lake, LAST)
    names = "secteur_ouvertures_12m_ratio, departement_ouvertures_12m_ratio, secteur_ouvertures_change_12m_ratio,"
    names += " ipi_change_12m_ratio"
    rows = duckdb.sql(
        f"SELECT month, {names} FROM {parquet_sql(current_features(lake, LAST))} WHERE siren = '900000004'"
    ).fetchall()
    found = {row[0]: row[1:] for row in rows}
    assert found[m("2021-02")][:3] == (0, 0, 0)
    assert found[m("2021-03")][:2] == (pytest.approx((0 + 200 / 2) / 201), pytest.approx((1 + 200 / 2) / 202))
    assert found[m("2021-03")][2] == pytest.approx(100 / 201)
    production = macro_table(FIRST, LAST).to_pylist()
    expected = {row["t"]: row["ipi_change_12m_ratio"] for row in production if row["code"] == "25.62B"}
    assert found[m("2021-03")][3] == pytest.approx(expected[m("2021-03")])
