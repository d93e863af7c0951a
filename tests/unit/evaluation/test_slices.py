from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.evaluation.backtest_rows import JANUARY, backtest_rows, siren

from signaux_faibles.engine import Engine
from signaux_faibles.evaluation.evaluate import judged_rows
from signaux_faibles.evaluation.slices import (
    MIN_COMPANIES,
    MIN_FAILED_COMPANIES,
    read_attributes,
    slice_figures,
    slice_names,
)


def test_figures_of_a_slice_worked_by_hand() -> None:
    """Forty small companies: ten fail, all in alert, one of them high; ten more in alert for nothing."""
    small = [
        {
            "siren": siren(rank),
            "effectif_count": 12.0,
            "failure": int(rank < 10),
            "level": 2 if rank == 0 else int(rank < 20),
            "log_odds": -float(rank),
            "probability": 0.5 if rank < 20 else 0.1,
        }
        for rank in range(40)
    ]
    large = [{"siren": siren(100 + rank), "effectif_count": 300.0, "probability": 0.01} for rank in range(11)]
    table = backtest_rows(small + large)
    found = slice_figures(judged_rows(table, with_known=False), slice_names(table, None))
    one = {(s.dimension, s.label): s for s in found}
    of_small = one["taille", "10 à 19 salariés"]
    assert (of_small.rows_count, of_small.positives_count) == (40, 10)
    assert of_small.positives_share == 0.25
    assert (of_small.modere_share, of_small.eleve_share) == (0.5, 1 / 40)
    assert of_small.observed_over_expected == pytest.approx(10 / (20 * 0.5 + 20 * 0.1))
    assert (of_small.modere_precision, of_small.modere_recall) == (0.5, 1.0)
    assert (of_small.eleve_precision, of_small.eleve_recall) == (1.0, 0.1)
    assert of_small.auc is not None
    assert of_small.auc.value == 1.0
    of_large = one["taille", "250 salariés et plus"]
    assert of_large.rows_count == 11
    assert (of_large.auc, of_large.observed_over_expected, of_large.modere_recall) == (None, None, None)


@pytest.mark.parametrize(("failed", "is_told"), [(MIN_FAILED_COMPANIES - 1, False), (MIN_FAILED_COMPANIES, True)])
def test_a_slice_where_few_companies_failed_has_shares_only(failed: int, is_told: bool) -> None:
    """Their months do not count: a company judged twelve times fails once."""
    rows = [
        {"siren": siren(rank), "month": JANUARY + step, "failure": int(rank < failed)}
        for rank in range(30)
        for step in range(12)
    ]
    table = backtest_rows(rows)
    found = slice_figures(judged_rows(table, with_known=False), slice_names(table, None), resamples=2)
    assert {one.positives_count for one in found} == {12 * failed}
    assert {one.average_precision is not None for one in found} == {is_told}


def test_a_slice_of_few_companies_is_left_out() -> None:
    rows = [{"siren": siren(rank), "effectif_count": 12.0 if rank else 300.0} for rank in range(MIN_COMPANIES + 1)]
    table = backtest_rows(rows)
    found = slice_figures(judged_rows(table, with_known=False), slice_names(table, None))
    assert [one.label for one in found if one.dimension == "taille"] == ["10 à 19 salariés"]


def test_covid_years_stand_apart() -> None:
    years = (2019, 2020, 2021, 2022)
    table = backtest_rows([{"siren": siren(rank), "month": year * 12 + 5} for rank, year in enumerate(years)])
    names = slice_names(table, None)
    assert names["annee"].tolist() == ["2019", "2020", "2021", "2022"]
    assert [label.startswith("crise") for label in names["periode"]] == [False, True, True, False]


def test_attributes_are_those_of_the_company_at_the_month(tmp_path: Path) -> None:
    features = pa.table(
        {
            "siren": [siren(1), siren(1), siren(2)],
            "month": [JANUARY, JANUARY + 1, JANUARY],
            "section_naf_rank": [2.0, 3.0, np.nan],
            "region_code": [84.0, 27.0, None],
            "age_years": [2.9, 3.0, 25.0],
        }
    )
    pq.write_table(features, tmp_path / "part.parquet")
    rows = backtest_rows(
        [{"siren": siren(2)}, {"siren": siren(1), "month": JANUARY + 1}, {"siren": siren(1)}, {"siren": siren(3)}]
    )
    with Engine(tmp_path / "scratch") as engine:
        names = slice_names(rows, read_attributes(engine, [tmp_path / "part.parquet"], rows))
    assert [label[:1] for label in names["secteur"]] == ["i", "D", "C", "i"]
    assert names["secteur"][2].endswith("manufacturière")
    assert names["region"].tolist() == ["inconnu", "Bourgogne-Franche-Comté", "Auvergne-Rhône-Alpes", "inconnu"]
    assert names["age"].tolist() == ["20 ans et plus", "3 à 4 ans", "moins de 3 ans", "inconnu"]
