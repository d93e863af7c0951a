from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.periode import parse_month
from signaux_faibles.engine import Engine
from signaux_faibles.model.splits import CROSS_FITS, EMBARGO_MONTHS, cross_share, make_folds

AS_OF = parse_month("2026-11")


def test_every_label_used_was_known_before_the_first_month_judged() -> None:
    folds = make_folds(AS_OF)
    assert folds.test.last_month + EMBARGO_MONTHS == AS_OF
    assert folds.calibration.last_month + EMBARGO_MONTHS < folds.test.first_month
    assert folds.train.last_month + EMBARGO_MONTHS < folds.calibration.first_month


def test_no_company_is_learnt_from_and_judged(tmp_path: Path) -> None:
    folds = make_folds(AS_OF)
    siren = pa.array([f"{900_000_000 + i * 13}" for i in range(5000)])
    month = pa.array([folds.train.first_month] * 5000, pa.int32())
    with Engine(tmp_path) as engine:
        engine.register("rows", pa.table({"siren": siren, "month": month}))
        counts = {}
        for name, fold in (("train", folds.train), ("test", folds.test)):
            sql = fold.sql().replace(f"BETWEEN {fold.first_month} AND {fold.last_month}", "IS NOT NULL")
            counts[name] = {row[0] for row in engine.rows(f"SELECT siren FROM rows WHERE {sql}")}
    assert not counts["train"] & counts["test"]
    assert len(counts["train"]) + len(counts["test"]) == 5000
    assert 0.22 < len(counts["test"]) / 5000 < 0.28


def test_cross_fitting_shares_companies_evenly() -> None:
    siren = np.array([f"{900_000_000 + i * 13}" for i in range(3000)], dtype=object)
    sizes = np.bincount(cross_share(siren), minlength=CROSS_FITS)
    assert len(sizes) == CROSS_FITS
    assert sizes.min() > 800


def test_a_history_too_short_is_refused_with_the_month_to_use() -> None:
    with pytest.raises(StageError) as caught:
        make_folds(parse_month("2020-01"))
    found = str(caught.value).split("--as-of from ")[1].split(" ")[0]
    make_folds(parse_month(found))
    with pytest.raises(StageError):
        make_folds(parse_month(found) - 1)
