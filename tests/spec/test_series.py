"""Courbes de la fiche : soldes par mois d'opération, par entreprise et par établissement."""

from __future__ import annotations

from pathlib import Path

from lakes import (
    SIREN,
    Row,
    a_company,
    contributions,
    day,
    debt_operation,
    known_at_end_of,
    m,
    new_lake,
    stage,
    stage_all,
)
from signaux_faibles.engine import Engine
from signaux_faibles.lake import Lake
from signaux_faibles.pipeline.publish import series
from signaux_faibles.pipeline.publish.current import load_current

AS_OF = m("2021-12")
FIRST = AS_OF - series.SERIES_MONTHS + 1
OTHER_SITE = f"{SIREN}00029"


def _lake(path: Path, **tables: list[Row]) -> Lake:
    lake = new_lake(path / "lake")
    stage_all(lake, AS_OF, {**a_company(), **tables})
    return lake


def _curves(lake: Lake) -> dict[tuple[str, str], dict[int, float | None]]:
    """Values by month, of each curve: month 0 is the first of the charts."""
    with Engine(lake.scratch / "series") as engine:
        load_current(engine, lake, AS_OF, [SIREN])
        imports = dict.fromkeys(("cotisation", "debit", "delai"), AS_OF)
        rows = series.series(engine, AS_OF, imports).to_pylist()
    return {
        (row["id"], row["kind"]): {row["first_month"] - FIRST + rank: value for rank, value in enumerate(row["values"])}
        for row in rows
    }


def test_la_dette_est_celle_de_la_derniere_operation_de_chaque_debit(tmp_path: Path) -> None:
    operations = [
        debt_operation(SIREN, 1, "2021-03-10", 100, 200),
        debt_operation(SIREN, 2, "2021-08-10", 40, 60),
        debt_operation(SIREN, 1, "2021-05-10", 7, 9, siret=OTHER_SITE),
    ]
    curves = _curves(_lake(tmp_path, debit=operations))
    march, may, august = (m(f"2021-{month}") - FIRST for month in ("03", "05", "08"))
    whole, head, other = (curves[(key, "debit_patronale")] for key in (SIREN, f"{SIREN}00011", OTHER_SITE))
    assert (whole[march], whole[may], whole[august]) == (200, 209, 69)
    assert (head[march], head[may], head[august]) == (200, 200, 60)
    assert (other[may - 1], other[may], other[august]) == (0, 9, 9)
    assert curves[(SIREN, "debit_ouvriere")][august] == 47


def test_une_operation_retiree_ne_compte_plus(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    operations = [debt_operation(SIREN, 1, "2021-03-10", 100, 200), debt_operation(SIREN, 2, "2021-05-10", 0, 0)]
    stage_all(lake, m("2021-06"), {**a_company(), "debit": operations})
    stage(lake, "debit", AS_OF, [], withdrawn=[(m("2021-06"), 1)])
    assert _curves(lake)[(SIREN, "debit_patronale")][m("2021-05") - FIRST] == 200


def test_un_delai_court_de_sa_creation_a_son_echeance(tmp_path: Path) -> None:
    plan = {
        "siren": SIREN, "date_creation": day("2014-02-10"), "date_echeance": day("2018-02-10"), "montant_cents": 90000,
        "stade": "APPROB", "known_from": known_at_end_of(m("2014-03")),
    }  # fmt: skip
    curve = _curves(_lake(tmp_path, delai=[plan]))[(SIREN, "delai")]
    assert curve[0] == 900, "granted before the first month of the charts, and running then"
    assert (curve[m("2018-02") - FIRST], curve[m("2018-03") - FIRST]) == (900, 0)


def test_un_delai_qui_a_plusieurs_lignes_compte_une_fois_par_la_derniere(tmp_path: Path) -> None:
    common = {
        "siren": SIREN,
        "compte": "1",
        "numero_contentieux": "7",
        "stade": "APPROB",
        "known_from": day("2018-12-31"),
    }
    rows = [
        {**common, "date_creation": day("2018-02-10"), "date_echeance": day("2020-02-10"), "montant_cents": 90000},
        {**common, "date_creation": day("2018-05-10"), "date_echeance": day("2020-02-10"), "montant_cents": 60000},
    ]
    curve = _curves(_lake(tmp_path, delai=rows))[(SIREN, "delai")]
    assert [curve[m(f"2018-{month}") - FIRST] for month in ("01", "02", "06")] == [0, 600, 600]


def test_des_cotisations_d_avant_les_courbes_n_en_font_pas(tmp_path: Path) -> None:
    old = contributions(SIREN, "2015-01", "2016-12", 500)
    assert (SIREN, "cotisation") not in _curves(_lake(tmp_path / "old", cotisation=old))
    curve = _curves(_lake(tmp_path / "new", cotisation=[*old, *contributions(SIREN, "2017-01", "2017-03", 600)]))
    values = curve[(SIREN, "cotisation")]
    assert (min(values), values[0], values[2]) == (0, 600, 600)
